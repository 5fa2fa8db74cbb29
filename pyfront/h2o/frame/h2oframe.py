"""H2OFrame: a handle on a frame of the session."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.exchange import retyped_table, table_of
from heavywater.session import Facts, Moment, Ref, Session, Span, column_position, with_moments

from ..backend import handles
from ..backend.connection import session as current_session
from ..elsewhere.stand_ins import AbsentMembers
from .dask_frames import is_dask, key_of_dask
from .display import FrameDisplay
from .exchange import FrameExchange, is_data_frame
from .groups import GroupBy
from .holders import held_keys, release
from .operations import FrameOperations
from .operations.times import moment_parts
from .selection import FrameSelection
from .selectors import column_selector, row_selector
from .tracing import expression_of, plain


class H2OFrame(FrameOperations, FrameSelection, FrameDisplay, FrameExchange, AbsentMembers):
    """A table of named columns that lives in the session.

    Parameters
    ----------
    python_obj : object, optional
        pandas, polars or pyarrow table, numpy array, dict of lists, list of rows, or list of cells. Of a data frame of Dask the
        rows go to the nodes that run where its partitions are, and stay there, as with ``import_file(..., sharded=True)``;
        where the session has no nodes, they come here.
    destination_frame : str, optional
        Key of the frame. A frame with a key of its own stays until it is removed; one without goes away
        with this object.
    header : int
        1 when the first row of a list of lists holds the names.
    separator : str
        Only "," : Python objects hold no separators.
    column_names : sequence of str, optional
        Names of the columns.
    column_types : sequence or dict, optional
        ``numeric``, ``enum``, ``string``, ``time`` ... for each column, or by name.
    na_strings : sequence of str or dict, optional
        Texts that mean missing, in all columns or by name.
    skipped_columns : sequence of int or str, optional
        Columns to leave out.
    force_col_types : bool
        Whether ``int`` and ``real`` in `column_types` are kept apart; otherwise numbers have the narrowest type.

    Examples
    --------
    >>> frame = h2o.H2OFrame({"a": [1, 2, None], "b": ["x", "y", "x"]}, column_types={"b": "enum"})
    >>> frame.types
    {'a': 'int', 'b': 'enum'}
    >>> (frame["a"] * 2).as_data_frame()["a"].tolist()
    [2.0, 4.0, nan]
    """

    _removed = False

    def __init__(
        self,
        python_obj: Any = None,
        destination_frame: str | None = None,
        header: int = 0,
        separator: str = ",",
        column_names: Sequence[str] | None = None,
        column_types: Any = None,
        na_strings: Any = None,
        skipped_columns: Sequence[int | str] | None = None,
        force_col_types: bool = False,
    ) -> None:
        self._session = current_session()
        self._key = ""
        self._finalizer: Any = None
        if python_obj is None:
            python_obj = []
        if separator != ",":
            raise InvalidArgument(
                f"separator={separator!r}: a Python object holds no separators; leave it out"
            )
        # Dates in texts are what a clock in the session's time zone shows, as in files.
        zone = self._session.cluster.time_zone()
        cells = (column_types, na_strings, force_col_types, skipped_columns)
        if is_dask(python_obj):
            options = {"names": column_names, "types": column_types, "na_strings": na_strings}
            options |= {"skipped": skipped_columns, "force_types": force_col_types}
            key = key_of_dask(self._session, python_obj, destination_frame, options)
            if key is not None:
                self._bind(key, not destination_frame)
                return
            python_obj = python_obj.compute()
        if isinstance(python_obj, H2OFrame):
            table = retyped_table(python_obj._table(), *cells, column_names, zone)
        else:
            table = table_of(python_obj, column_names, header, *cells, zone)
        facts = self._session.frames.upload(table, destination_frame or None)
        self._bind(facts["frame"], not destination_frame)

    # -- the handle -----------------------------------------------------------------------------

    def _bind(self, key: str, own: bool = True) -> None:
        """Refer to another stored frame; a temporary that was referred to before is removed.

        An owned frame goes away with this object.
        """
        if self._finalizer is not None:
            self._finalizer()
        self._key = key
        self._finalizer = None
        if own:
            held_keys(self._session)[key] += 1
            self._finalizer = weakref.finalize(self, release, weakref.ref(self._session), key)
            self._finalizer.atexit = False

    def _forget(self) -> None:
        """Refer to nothing from now on: the frame was removed by means of this object."""
        self.detach()
        self._removed = True

    @classmethod
    def _wrap(cls, key: str, session: Session | None = None, own: bool = False) -> H2OFrame:
        """Handle on a frame that is stored already; an owned one is removed with the handle."""
        frame = cls.__new__(cls)
        frame._session = session or current_session()
        frame._finalizer = None
        frame._bind(key, own)
        return frame

    @staticmethod
    def get_frame(frame_id: str, **preview: int) -> H2OFrame:
        """Handle on the frame of this key.

        H2O's client takes further arguments about the rows it fetches to be shown; nothing is fetched here. A file
        that `h2o.lazy_import` found has only its name, which is what `H2OGenericEstimator` asks for.

        Parameters
        ----------
        frame_id : str
            The key.
        **preview : object
            Not used.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> h2o.H2OFrame.get_frame(frame.frame_id).nrow
        4
        """
        session = current_session()
        known = session.objects.keys()
        if not isinstance(frame_id, str) or frame_id in known or not os.path.isfile(frame_id):
            session.frames.facts(frame_id)
        return H2OFrame._wrap(frame_id, session, own=frame_id in held_keys(session))

    @property
    def _facts(self) -> Facts:
        return self._session.frames.facts(self._stored_key())

    def _stored_key(self) -> str:
        if self._removed:
            # As in H2O, where such an object is an empty shell: scripts catch the AttributeError.
            raise AttributeError(
                f"this H2OFrame object has no attributes any more: {self._key!r} was removed"
            )
        return self._key

    def _table(self, columns: Sequence[int] | None = None, rows: int | None = None) -> Any:
        """Some columns and the first rows as an Arrow table; see `heavywater.exchange`."""
        return self._session.frames.fetch(self._stored_key(), columns, 0, rows)

    def _column_levels(self) -> list[list[str] | None]:
        return self._session.frames.levels(self._stored_key())

    def _evaluate(self, operation: str, arguments: Iterable[Any]) -> Any:
        held = [H2OFrame(each) if is_data_frame(each) else each for each in arguments]  # until it is done
        return self._session.frames.evaluate((operation, *map(_argument, held)))

    def _expr(self, operation: str, *arguments: Any) -> Any:
        """Value of an operation; frames come back as H2OFrame."""
        value = self._evaluate(operation, arguments)
        return _own_frame(value.key, self._session) if isinstance(value, Ref) else value

    def _become(self, operation: str, *arguments: Any) -> None:
        """Refer to the result of an operation from now on."""
        value = self._evaluate(operation, arguments)
        self._bind(value.key)

    def _replace(self, operation: str, *arguments: Any) -> None:
        """Put the result of an operation in the place of this frame, under its key."""
        result = self._evaluate(operation, arguments)
        self._session.frames.assign(result.key, self._key)
        self._session.objects.release([result.key])

    def _position(self, column: int | str) -> int:
        """Number of a column, given by name or number."""
        return column_position(self._facts["names"], column, self._key)

    # -- facts ----------------------------------------------------------------------------------

    @property
    def frame_id(self) -> str:
        """Key of the frame; setting it renames the frame in the session.

        Examples
        --------
        >>> named = h2o.H2OFrame({"a": [1]}, destination_frame="named")
        >>> named.frame_id
        'named'
        """
        return self._key

    @frame_id.setter
    def frame_id(self, key: str) -> None:
        if key != self._key:
            self._session.frames.evaluate(("rename", self._key, key))
            self.detach()
            self._bind(key, own=False)

    @property
    def key(self) -> str:
        """Key of the frame.

        Examples
        --------
        >>> frame.key == frame.frame_id
        True
        """
        return self._key

    @property
    def names(self) -> list[str]:
        """Column names; setting them renames all columns.

        Examples
        --------
        >>> frame.names
        ['x', 'n', 'k', 'text', 'day']
        """
        return list(self._facts["names"])

    @names.setter
    def names(self, names: Sequence[str]) -> None:
        self.set_names(names)

    columns = names
    col_names = names

    @property
    def types(self) -> dict[str, str]:
        """Type of each column: int, real, enum, string, time or uuid.

        Examples
        --------
        >>> frame.types
        {'x': 'real', 'n': 'int', 'k': 'enum', 'text': 'string', 'day': 'time'}
        """
        facts = self._facts
        return dict(zip(facts["names"], facts["types"], strict=True))

    def type(self, col: int | str) -> str:
        """Type of one column.

        Parameters
        ----------
        col : int or str
            Name or position.

        Returns
        -------
        str

        Examples
        --------
        >>> frame.type("k")
        'enum'
        """
        facts = self._facts
        return facts["types"][column_position(facts["names"], col, self._key)]

    @property
    def dtype(self) -> str:
        """Type of the only column.

        Examples
        --------
        >>> frame["k"].dtype
        'enum'
        """
        if self.ncol != 1:
            raise InvalidArgument(f"dtype: a frame of one column is needed, this one has {self.ncol}")
        return self.type(0)

    @property
    def nrows(self) -> int:
        """Number of rows.

        Examples
        --------
        >>> frame.nrows
        4
        """
        return self._facts["nrow"]

    @property
    def ncols(self) -> int:
        """Number of columns.

        Examples
        --------
        >>> frame.ncols
        5
        """
        return len(self._facts["names"])

    nrow = nrows
    ncol = ncols

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns.

        Examples
        --------
        >>> frame.shape
        (4, 5)
        """
        facts = self._facts
        return facts["nrow"], len(facts["names"])

    @property
    def dim(self) -> list[int]:
        """Rows and columns, as a list.

        Examples
        --------
        >>> frame.dim
        [4, 5]
        """
        return list(self.shape)

    def __len__(self) -> int:
        return self.nrow

    def __iter__(self) -> Iterator[H2OFrame]:
        return (self[i] for i in range(self.ncol))

    def __contains__(self, name: object) -> bool:
        """Whether this is the name of a column, or stands in any cell."""
        if isinstance(name, str) and name in self._facts["names"]:
            return True
        value = with_moments(name)
        if isinstance(value, str) and not {"enum", "string", "uuid"} & set(self.types.values()):
            return False
        if value is None or isinstance(value, (str, bool, int, float, np.number, Moment)):
            return (self == value).any_na_rm()
        raise InvalidType(f"'in' asks for a column name or a value; got {name!r}")

    # -- selection ------------------------------------------------------------------------------

    def __setitem__(self, item: Any, value: Any) -> None:
        """Assign to columns or to cells; a new name appends a column.

        This object then refers to the new frame.
        """
        value = self._assignable(value)
        rows, columns = (None, item)
        if isinstance(item, tuple):
            rows, columns = item
            rows = rows if isinstance(rows, H2OFrame) else row_selector(rows, self.nrow)
        elif isinstance(item, H2OFrame):
            rows, columns = item, None
        if rows is None and isinstance(columns, str) and columns not in self._facts["names"]:
            self._become("append", self, value, columns)
            return
        if isinstance(columns, str):
            columns = self._position(columns)
        selector = column_selector(columns, self.ncol)
        selector = [Span(0, self.ncol)] if selector is None else selector
        self._become(":=", self, value, selector, [] if rows is None else rows)

    def _assignable(self, value: Any) -> Any:
        value = with_moments(value)
        if value is None or isinstance(value, (H2OFrame, str, bool, int, float, np.number, Moment)):
            return value
        return H2OFrame(value)

    def head(self, rows: int = 10, cols: int = 200) -> H2OFrame:
        """The first rows.

        Parameters
        ----------
        rows : int
            How many rows; all where there are fewer.
        cols : int
            How many columns.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame.head(2).nrow
        2
        """
        return self._window(0, rows, cols, "head")

    def tail(self, rows: int = 10, cols: int = 200) -> H2OFrame:
        """The last rows.

        Parameters
        ----------
        rows : int
            How many rows; all where there are fewer.
        cols : int
            How many columns.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame.tail(1)["n"].flatten()
        2.0
        """
        return self._window(max(0, self.nrow - rows), rows, cols, "tail")

    def _window(self, first: int, rows: int, cols: int, method: str) -> H2OFrame:
        for label, value in (("rows", rows), ("cols", cols)):
            if not isinstance(value, int) or value < 0:
                raise InvalidArgument(f"{method}: {label}={value!r} must be a whole number from 0 on")
        picked = self._expr("rows", self, [Span(first, min(rows, self.nrow - first))])
        return self._expr("cols_py", picked, [Span(0, min(cols, self.ncol))])

    def drop(self, index: Any, axis: int = 1) -> H2OFrame:
        """Without some columns (axis 1: names or numbers) or rows (axis 0: numbers).

        Parameters
        ----------
        index : str, int, or list of these
            Which ones.
        axis : int
            1 columns, 0 rows.

        Returns
        -------
        H2OFrame
            This frame stays as it is.

        Examples
        --------
        >>> frame.drop(["text", "day"]).names
        ['x', 'n', 'k']
        >>> frame.drop([0], axis=0).nrow
        3
        """
        wanted = list(index) if isinstance(index, (list, tuple, set, range)) else [index]
        if isinstance(index, H2OFrame):
            wanted = index.names
        if axis == 1:
            return self._expr("cols", self, [-1 - self._position(c) for c in wanted] or [Span(0, self.ncol)])
        if axis != 0:
            raise InvalidArgument(f"drop: axis={axis!r} must be 0 (rows) or 1 (columns)")
        return self._expr(
            "rows", self, [-1 - (r % self.nrow if r < 0 else r) for r in wanted] or [Span(0, self.nrow)]
        )

    def pop(self, i: int | str) -> H2OFrame:
        """Take a column out of this frame and return it.

        Parameters
        ----------
        i : int or str
            Name or position.

        Returns
        -------
        H2OFrame
            The column; this frame has it no more.

        Examples
        --------
        >>> frame.pop("text").names, frame.ncol
        (['text'], 4)
        """
        position = self._position(i)
        taken: H2OFrame = self._expr("cols", self, position)
        self._become("cols", self, -1 - position)
        return taken

    def __float__(self) -> float:
        return float(self._cell())

    def __int__(self) -> int:
        return int(self._cell())

    def getrow(self) -> list[Any]:
        """The cells of a one-row frame.

        Returns
        -------
        list of object
            Numbers and texts.

        Examples
        --------
        >>> frame[0, ["n", "k"]].getrow()
        [3.0, 'b']
        """
        return self._expr("getrow", self)

    # -- names, binding, splitting --------------------------------------------------------------

    def set_names(self, names: Sequence[str]) -> H2OFrame:
        """Rename all columns of this frame.

        Parameters
        ----------
        names : list of str
            A name for each column.

        Returns
        -------
        H2OFrame
            This frame.

        Examples
        --------
        >>> frame[["x", "n"]].set_names(["a", "b"]).names
        ['a', 'b']
        """
        if isinstance(names, str) or len(names) != self.ncol:
            raise InvalidArgument(f"set_names: names={names!r} must be a list of {self.ncol} names")
        self._become("colnames=", self, list(range(self.ncol)), list(names))
        return self

    def set_name(self, col: int | str | None = None, name: str | None = None) -> None:
        """Rename one column of this frame.

        Parameters
        ----------
        col : int or str, optional
            Name or position; of a frame of one column nothing.
        name : str, optional
            The new name.

        Examples
        --------
        >>> frame.set_name("x", "width")
        >>> frame.names[0]
        'width'
        """
        if name is None:
            raise InvalidArgument("set_name: name is needed")
        if col is None and self.ncol != 1:
            raise InvalidArgument(f"set_name: col is needed, as the frame has {self.ncol} columns")
        self._become("colnames=", self, self._position(0 if col is None else col), name)

    def rename(self, columns: Mapping[Any, str]) -> H2OFrame:
        """Rename some columns of this frame, from old names to new ones.

        Parameters
        ----------
        columns : dict
            New names by old names or positions.

        Returns
        -------
        H2OFrame
            This frame.

        Examples
        --------
        >>> frame.rename({"x": "width"}).names[:2]
        ['width', 'n']
        """
        names = self.names
        for old, new in columns.items():
            names[self._position(old)] = new
        return self.set_names(names)

    def split_frame(
        self,
        ratios: Sequence[float] | None = None,
        destination_frames: Sequence[str] | None = None,
        seed: int | None = None,
    ) -> list[H2OFrame]:
        """Split the rows at random into ``len(ratios) + 1`` frames.

        Parameters
        ----------
        ratios : sequence of float
            Shares of the first pieces; the last piece gets the rest. 0.75 by default.
        destination_frames : sequence of str, optional
            Keys of the pieces.
        seed : int, optional
            The same seed gives the same pieces.

        Returns
        -------
        list of H2OFrame
            The pieces, in the order of the ratios; rows keep their order.

        Examples
        --------
        >>> train, test = h2o.import_file("iris.csv").split_frame(ratios=[0.8], seed=1)
        >>> train.nrow + test.nrow
        150
        """
        ratios = [0.75] if ratios is None else list(ratios)
        if not ratios or any(not 0 < r < 1 for r in ratios) or sum(ratios) >= 1:
            raise InvalidArgument(
                f"split_frame: ratios={ratios!r} must lie between 0 and 1 and sum up to less than 1"
            )
        if destination_frames is not None and len(destination_frames) != len(ratios) + 1:
            raise InvalidArgument(f"split_frame: {len(ratios) + 1} destination_frames are needed")
        dice = self.runif(seed)
        bounds = np.cumsum(ratios).tolist()
        pieces: list[H2OFrame] = []
        for i in range(len(bounds) + 1):
            low, high = bounds[i - 1] if i else None, bounds[i] if i < len(bounds) else None
            test = (
                dice <= high if low is None else dice > low if high is None else (dice > low) & (dice <= high)
            )
            expression: Any = ("rows", Ref(self._key), Ref(test._key))
            if destination_frames is not None:
                expression = ("assign", destination_frames[i], expression)
            pieces.append(
                H2OFrame._wrap(
                    self._session.frames.evaluate(expression).key, self._session, not destination_frames
                )
            )
        return pieces

    # -- groups and functions -------------------------------------------------------------------

    def group_by(self, by: Any) -> GroupBy:
        """Groups of rows, to be aggregated: ``fr.group_by("a").mean("b").get_frame()``.

        Parameters
        ----------
        by : str, int, or list of these
            Columns whose values make the groups.

        Returns
        -------
        GroupBy
            Its methods `sum`, `mean`, `count`, `max` ... may follow each other; `get_frame` gives a row for
            each group.

        Examples
        --------
        >>> frame = h2o.H2OFrame({"a": ["x", "y", "x"], "b": [1, 2, 3]})
        >>> frame.group_by("a").mean("b").get_frame().as_data_frame()["mean_b"].tolist()
        [2, 2]
        """
        return GroupBy(self, by)

    def apply(self, fun: Any = None, axis: int = 0) -> H2OFrame:
        """Apply a function to each column (axis 0) or row (axis 1).

        Parameters
        ----------
        fun : callable
            Such as ``lambda x: x.mean()``. It is called once with a stand-in for a column or row, and may use the
            methods and operators of frames; of a row ``row["name"]`` picks a cell.
        axis : int
            0 for columns, 1 for rows.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame[["x", "n"]].apply(lambda column: column.max(), axis=0).as_data_frame().iloc[0].tolist()
        [nan, 3.0]
        """
        if axis not in (0, 1):
            raise InvalidArgument(f"apply: axis={axis!r} must be 0 (columns) or 1 (rows)")
        return self._expr("apply", self, 2 - axis, expression_of(fun))

    @staticmethod
    def moment(
        year: Any = None,
        month: Any = None,
        day: Any = None,
        hour: Any = None,
        minute: Any = None,
        second: Any = None,
        msec: Any = None,
        date: Any = None,
        time: Any = None,
    ) -> H2OFrame:
        """Times from parts, or from a date and a time.

        Parameters
        ----------
        year, month, day, hour, minute, second, msec : int or H2OFrame
            The parts, months and days from 1; numbers, or columns of them.
        date, time : datetime.date, datetime.time, optional
            In place of the parts.

        Returns
        -------
        H2OFrame
            One column of times, in UTC; missing where a part is, or where there is no such day.

        Examples
        --------
        >>> h2o.H2OFrame.moment(2024, 2, 29).as_data_frame(times="milliseconds").iloc[0, 0]
        np.int64(1709164800000)
        """
        parts = moment_parts(year, month, day, hour, minute, second, msec, date, time)
        return evaluated("moment", *parts)

    @staticmethod
    def mktime(
        year: Any = 1970,
        month: Any = 0,
        day: Any = 0,
        hour: Any = 0,
        minute: Any = 0,
        second: Any = 0,
        msec: Any = 0,
    ) -> H2OFrame | float:
        """Milliseconds since 1970 from parts of times; months and days count from 0.

        Parameters
        ----------
        year, month, day, hour, minute, second, msec : int or H2OFrame
            The parts; numbers, or columns of them.

        Returns
        -------
        H2OFrame or float
            A number where all parts are numbers, else a column.

        Examples
        --------
        >>> h2o.H2OFrame.mktime(2024, 1, 28)
        1709078400000.0
        """
        found: H2OFrame | float = evaluated("mktime", year, month, day, hour, minute, second, msec)
        return found

    @staticmethod
    def from_python(
        python_obj: Any,
        destination_frame: str | None = None,
        header: int = 0,
        separator: str = ",",
        column_names: Sequence[str] | None = None,
        column_types: Any = None,
        na_strings: Any = None,
    ) -> H2OFrame:
        """The same as ``H2OFrame(...)``.

        Parameters
        ----------
        python_obj, destination_frame, header, separator, column_names, column_types, na_strings : object
            As of `H2OFrame`.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> h2o.H2OFrame.from_python({"a": [1, 2]}).nrow
        2
        """
        return H2OFrame(
            python_obj, destination_frame, header, separator, column_names, column_types, na_strings
        )

    def refresh(self) -> None:
        """Nothing to do: this object holds no copy of the frame's facts.

        Examples
        --------
        >>> frame.refresh()
        """

    def detach(self) -> None:
        """Keep the frame in the session when this object goes away.

        Examples
        --------
        >>> kept = h2o.H2OFrame({"a": [1]}, destination_frame="kept")
        >>> kept.detach()
        >>> del kept
        >>> h2o.get_frame("kept").nrow
        1
        """
        held_keys(self._session).pop(self._key, None)
        if self._finalizer is not None:
            self._finalizer.detach()
            self._finalizer = None


def evaluated(operation: str, *arguments: Any) -> Any:
    """Value of an operation in the current session; frames as H2OFrame."""
    session = current_session()
    value = session.frames.evaluate((operation, *(_argument(a) for a in arguments)))
    return _own_frame(value.key, session) if isinstance(value, Ref) else value


def _own_frame(key: str, session: Session) -> H2OFrame:
    """The frame of an answer, which goes away with the object."""
    return H2OFrame._wrap(key, session, own=True)


handles.frame = _own_frame


def _argument(value: Any) -> Any:
    """A Python value as the argument of an expression."""
    if isinstance(value, H2OFrame):
        return Ref(value._key)
    return plain(value, _argument)
