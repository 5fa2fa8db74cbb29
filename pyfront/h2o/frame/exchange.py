"""From a frame to Python objects and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from heavywater.exchange import to_numpy, to_pandas, to_plain_arrow, to_rows, to_scipy
from heavywater.session import JobHandle

from ..backend import handles
from ..backend.connection import session
from ..backend.progress import wait_with_progress

if TYPE_CHECKING:
    import numpy as np
    import pandas
    from heavywater.session import Session
    from scipy import sparse

    from .h2oframe import H2OFrame


class FrameExchange:
    """Ways out of a frame."""

    _session: Session
    _key: str
    _stored_key: Any
    _table: Any
    _expr: Any
    ncol: Any

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickling carries the cells, as an Arrow file; what is loaded is a frame of its own, without a name."""
        return restored_frame, (self._session.frames.to_bytes(self._stored_key()),)

    def __copy__(self) -> H2OFrame:
        """A frame of its own; columns never change, so both share them."""
        copied: H2OFrame = self._expr("cols_py", self, list(range(self.ncol)))
        return copied

    def __deepcopy__(self, memo: Any) -> H2OFrame:
        return self.__copy__()

    @overload
    def as_data_frame(
        self,
        use_pandas: Literal[True] = True,
        header: bool = True,
        use_multi_thread: bool = False,
        na_values: Sequence[str] | None = None,
        times: str = "datetime",
    ) -> pandas.DataFrame: ...

    @overload
    def as_data_frame(
        self,
        use_pandas: bool,
        header: bool = True,
        use_multi_thread: bool = False,
        na_values: Sequence[str] | None = None,
        times: str = "datetime",
    ) -> pandas.DataFrame | list[list[str]]: ...

    def as_data_frame(
        self,
        use_pandas: bool = True,
        header: bool = True,
        use_multi_thread: bool = False,
        na_values: Sequence[str] | None = None,
        times: str = "datetime",
    ) -> pandas.DataFrame | list[list[str]]:
        """The frame as pandas.DataFrame, or as a list of rows.

        Parameters
        ----------
        use_pandas : bool
            False: a list of rows, all cells as texts, missing as "".
        header : bool
            Whether the list of rows begins with the names (pandas always has them).
        use_multi_thread : bool
            Nothing is transferred, so threads would gain nothing: both values give the same.
        na_values : sequence of str, optional
            Texts, levels and numbers that are missing in the data frame; by default none is.
        times : str
            ``datetime``: times as ``datetime64[ms]`` (UTC) or texts such as ``2020-01-31 12:00:00.000``;
            ``milliseconds``: as milliseconds since 1970, which is what H2O gives.

        Returns
        -------
        pandas.DataFrame or list of list of str
            In pandas whole numbers are int64 (float64 where cells are missing), real numbers float64. Enums whose
            levels are all numbers in canonical form are these numbers (``7`` is one, ``007`` is a text), levels
            ``True`` and ``False`` are bool; other enums and texts come in the text type that pandas itself
            chooses.

        Raises
        ------
        InvalidArgument
            `times` is something else.

        Examples
        --------
        >>> import h2o
        >>> h2o.init(verbose=False)
        >>> h2o.H2OFrame([0, 1, 1]).asfactor().as_data_frame()["C1"].tolist()
        [0, 1, 1]
        """
        if use_pandas:
            data: pandas.DataFrame = to_pandas(self._table(), times, na_values or None)
            return data
        return [[str(cell) for cell in row] for row in to_rows(self._table(), header, times)]

    def get_frame_data(self, times: str = "datetime") -> str:
        """The frame as comma-separated text: names, texts and levels quoted, missing cells empty.

        Parameters
        ----------
        times : str
            ``datetime``: ``2020-01-31 12:00:00.000`` (UTC); ``milliseconds``: since 1970, as H2O gives them.

        Returns
        -------
        str
            Lines end with a line feed.

        Examples
        --------
        >>> print(frame[["n", "k"]].get_frame_data())
        "n","k"
        3,"b"
        1,"a"
        2,"b"
        2,"c"
        """
        return self._session.frames.text(self._key, times=times)

    def save(self, path: str, force: bool = True) -> None:
        """Save the frame into a folder, to be loaded again by ``h2o.load_frame`` under its key.

        Parameters
        ----------
        path : str
            The folder.
        force : bool
            Replace a frame that was saved there under the same key.

        Examples
        --------
        >>> kept = h2o.H2OFrame({"a": [1, 2]}, destination_frame="pair")
        >>> kept.save("frames")
        >>> h2o.load_frame("pair", "frames").nrow
        2
        """
        wait_with_progress(JobHandle(self._session, self._session.files.save_frame(self._key, path, force)))

    def to_scipy(self) -> sparse.csc_matrix:
        """The cells that are not 0 as a scipy.sparse matrix by columns; all columns must be numeric.

        Returns
        -------
        scipy.sparse.csc_matrix of float64
            NaN where a cell is missing.

        Examples
        --------
        >>> frame[["n"]].to_scipy().toarray().ravel().tolist()
        [3.0, 1.0, 2.0, 2.0]
        """
        return to_scipy(self._table())

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object:
        stream: object = to_plain_arrow(self._table()).__arrow_c_stream__(requested_schema)
        return stream

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        cells: np.ndarray[Any, Any] = to_numpy(self._table(), dtype)
        return cells


def is_data_frame(value: Any) -> bool:
    """Whether an argument of an operation is a data frame of pandas, polars, Arrow or the like: in the place of an H2OFrame."""
    return (
        (hasattr(value, "__arrow_c_stream__") or type(value).__module__.startswith("polars."))
        and len(getattr(value, "shape", ())) == 2
        and not isinstance(value, FrameExchange)
    )


def restored_frame(content: bytes) -> H2OFrame:
    """The frame that pickling made bytes of, in the session of this process."""
    here = session()
    frame: H2OFrame = handles.frame(here.frames.from_bytes(content), here)
    return frame
