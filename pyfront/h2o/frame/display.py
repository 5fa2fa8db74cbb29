"""Looking at frames: tables, summaries, histograms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from heavywater.exchange import to_pandas, to_rows

from ..display.rendering import H2ODisplay, print2
from ..display.tables import format_cell, format_table, html_table, one_line
from ..plot.canvas import Path
from ..plot.frames import histogram_plot

if TYPE_CHECKING:
    from heavywater.session import Session

    from .h2oframe import H2OFrame

_WIDEST = 200  # columns looked at
_STRUCTURE_ROWS = 10


class FrameDisplay(H2ODisplay):
    """What a frame shows of itself."""

    _session: Session
    _facts: Any
    _stored_key: Any
    _table: Any
    _key: str
    shape: Any

    def _top(self, rows: int, columns: int) -> Any:
        return self._table(range(min(len(self._facts["names"]), columns)), rows)

    def _preview(self, rows: int = 10, columns: int = _WIDEST) -> tuple[list[str], list[list[Any]]]:
        first = self._top(rows, columns)
        return first.column_names, to_rows(first, header=False)

    def _size(self) -> str:
        rows, columns = self.shape
        return f"[{rows} row{'s' * (rows != 1)} x {columns} column{'s' * (columns != 1)}]"

    def __str__(self) -> str:
        names, rows = self._preview()
        return format_table(names, rows) + f"\n{self._size()}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The first rows under names and types; facts about the columns can be folded out."""
        names, rows = self._preview()
        heads = [f"{name} ({kind})" for name, kind in zip(names, self._facts["types"], strict=False)]
        table = html_table(heads, rows, note=self._size())
        facts = self._session.frames.summary(self._key, 50)
        about = html_table(facts["columns"], facts["rows"], max_columns=len(facts["columns"]))
        return f"{table}<details><summary>Columns</summary>{about}</details>"

    def show(self, use_pandas: bool | None = None, rows: int = 10, cols: int = _WIDEST) -> None:  # type: ignore[override]
        """Print the first rows, as pandas prints them if so wished.

        Parameters
        ----------
        use_pandas : bool, optional
            Whether pandas prints the rows.
        rows : int
            How many rows.
        cols : int
            How many columns; those that find no room are left out and counted.

        Examples
        --------
        >>> frame[["n", "k"]].show(rows=2)
        n  k
        -  -
        3  b
        1  a
        [4 rows x 2 columns]
        """
        if use_pandas:
            print2(to_pandas(self._top(rows, cols)).to_string())
        else:
            names, cells = self._preview(rows, cols)
            print2(format_table(names, cells, max_columns=min(cols, 20), max_rows=max(rows, 2)))
        print2(self._size())

    def describe(self, chunk_summary: bool = False) -> None:
        """Print facts about each column, and some rows.

        Type, missing and zero counts, quantiles, mean, deviation, and a small histogram or the most frequent
        levels. With ``chunk_summary`` also the bytes that each column takes.

        Parameters
        ----------
        chunk_summary : bool
            Whether the bytes of each column are told, too.

        Examples
        --------
        >>> frame[["n"]].describe()
        Rows:4
        Cols:1
        <BLANKLINE>
        column  type  missing  zeros  min   25%  median   75%  max  mean   sigma  distribution
        ------  ----  -------  -----  ---  ----  ------  ----  ---  ----  ------  ------------
        n       int         0      0    1  1.75       2  2.25    3     2  0.8165  ▄    █   ▄
        <BLANKLINE>
        n
        -
        3
        1
        2
        2
        [4 rows x 1 column]
        """
        rows, columns = self.shape
        print2(f"Rows:{rows}\nCols:{columns}\n")
        if chunk_summary:
            sizes = self._session.frames.storage(self._key)
            heads = ["column", "type", "stored as", "bytes"]
            total = sum(size[-1] for size in sizes)
            print2(format_table(heads, sizes, title=f"{total} bytes", widest=60) + "\n")
        self.show_summary()
        print2(f"\n{self}")

    def show_summary(self) -> None:
        """Print facts about each column.

        Examples
        --------
        >>> frame[["n"]].show_summary()
        column  type  missing  zeros  min   25%  median   75%  max  mean   sigma  distribution
        ------  ----  -------  -----  ---  ----  ------  ----  ---  ----  ------  ------------
        n       int         0      0    1  1.75       2  2.25    3     2  0.8165  ▄    █   ▄
        """
        table = self._session.frames.summary(self._stored_key())
        print2(format_table(table["columns"], table["rows"], digits=4, max_rows=200))

    def get_summary(self) -> dict[str, dict[str, Any]]:
        """Facts about each column by its name.

        Returns
        -------
        dict
            For each column ``type, missing_count, zero_count, mins, maxs`` (the five smallest and largest), ``mean,
            sigma, percentiles, domain`` and more.

        Examples
        --------
        >>> facts = frame.get_summary()["x"]
        >>> facts["type"], facts["missing_count"], facts["maxs"][0]
        ('real', 1, 4.0)
        """
        return {facts["label"]: facts for facts in self._session.frames.columns(self._stored_key())}

    @overload
    def summary(self, return_data: Literal[False] = False) -> None: ...

    @overload
    def summary(self, return_data: bool) -> dict[str, dict[str, Any]] | None: ...

    def summary(self, return_data: bool = False) -> dict[str, dict[str, Any]] | None:
        """Print facts about each column, or return them as a dict by column name (see `get_summary`).

        Parameters
        ----------
        return_data : bool
            Whether the facts are returned, and nothing printed.

        Returns
        -------
        dict or None
            See `get_summary`; None where they are printed.

        Examples
        --------
        >>> frame.summary(return_data=True)["n"]["mean"]
        2.0
        """
        if return_data:
            return self.get_summary()
        self.show_summary()
        return None

    def structure(self) -> None:
        """Print the size, and of each column the type and the first cells, in the manner of R's ``str``.

        Examples
        --------
        >>> frame[["n", "k"]].structure()
        H2OFrame: '...'
        Dimensions: 4 obs. of 2 variables
        $ n :  num 3 1 2 2
        $ k :  Factor w/ 3 level(s) "a","b","c"
        """
        facts, levels = self._facts, self._session.frames.levels(self._key)
        names, kinds = [one_line(name) for name in facts["names"]], facts["types"]
        print2(f"H2OFrame: '{self._key}'\nDimensions: {facts['nrow']} obs. of {len(names)} variables")
        width = max((len(name) for name in names), default=0)
        _, rows = self._preview(_STRUCTURE_ROWS, len(names))
        for i, (name, kind, domain) in enumerate(zip(names, kinds, levels, strict=True)):
            if domain is not None:
                quoted = one_line(",".join(f'"{level}"' for level in domain))
                cells = f"Factor w/ {len(domain)} level(s) {quoted}"
            else:
                shown = one_line(" ".join(format_cell(row[i]) if row[i] != "" else "nan" for row in rows))
                cells = f"{'num' if kind in ('int', 'real') else kind} {shown}"
            print2(f"$ {name:{width}} :  {cells}")

    def hist(
        self: Any,
        breaks: Any = "sturges",
        plot: bool = True,
        save_plot_path: Path = None,
        server: bool = False,
    ) -> H2OFrame:
        """Histogram of one column of numbers.

        Parameters
        ----------
        breaks : str, int or list of float
            A rule for the number of classes (``sturges``, ``rice``, ``sqrt``, ``doane``, ``fd``, ``scott``), the number
            of classes, or their bounds.
        plot : bool
            Whether it is drawn, which needs matplotlib (the extra ``plot``).
        save_plot_path : str or path, optional
            File for the drawing.
        server : bool
            Draw without showing, as on a machine without display.

        Returns
        -------
        H2OFrame
            A row for each class: ``breaks`` its upper bound, ``counts``, ``mids_true`` the middle of the numbers in it, ``mids``
            the middle of its bounds, ``density``. When drawn, its method ``figure()`` gives matplotlib's figure.

        Examples
        --------
        >>> frame["n"].hist(breaks=3, plot=False)["counts"].as_data_frame()["counts"].tolist()
        [1, 2, 1]
        """
        table: H2OFrame = self._expr(
            "hist", self, list(breaks) if isinstance(breaks, (tuple, range)) else breaks
        )
        total = table["counts"].sum()
        table["density"] = table["counts"] / ((table["breaks"] - table["mids"]) * (2 * max(total, 1)))
        if not plot and save_plot_path is None:
            return table
        return histogram_plot(table, self.names[0], server=server or not plot, save_plot_path=save_plot_path)
