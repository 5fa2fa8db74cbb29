"""H2OFrame: a handle on a frame of the session."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator, Sequence
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
from .facts import FrameFacts
from .groups import GroupBy
from .holders import held_keys, release
from .operations import FrameOperations
from .operations.times import moment_parts
from .pieces import FramePieces
from .selection import FrameSelection
from .selectors import column_selector, row_selector
from .tracing import plain


class H2OFrame(
    FrameOperations, FrameFacts, FramePieces, FrameSelection, FrameDisplay, FrameExchange, AbsentMembers
):
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

    def __float__(self) -> float:
        return float(self._cell())

    def __int__(self) -> int:
        return int(self._cell())

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
        1709164800000.0
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
