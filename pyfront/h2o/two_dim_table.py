"""A small table: scoring history, model summary, thresholds, confusion matrix ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from .display.rendering import H2ODisplay, print2
from .display.tables import format_table, html_table, one_line, within_page
from .exceptions import H2OTypeError, H2OValueError

if TYPE_CHECKING:
    import pandas

# A scoring history has up to 20 columns, a confusion matrix one for each class.
_ROWS, _COLUMNS = 20, 40


class H2OTwoDimTable(H2ODisplay):
    """A table of rows and named columns.

    Parameters
    ----------
    table_header : str, optional
        Title.
    table_description : str, optional
        Longer description, shown behind the title.
    col_header : list of str
        Names of the columns.
    col_types : list of str, optional
        Types of the columns ("string", "int", "long", "float", "double").
    col_formats : list of str, optional
        C formats of the columns, such as "%.3f", by which their numbers are shown.
    row_header : list of str or int, optional
        Names of the rows, kept for who asks (`row_header`). H2O gives the number of columns here, which says nothing.
    cell_values : list of lists
        The rows.
    raw_cell_values : list of lists, optional
        The columns instead of the rows.

    Examples
    --------
    >>> table = h2o.two_dim_table.H2OTwoDimTable(col_header=["a"], cell_values=[[1], [2]])
    >>> table["a"]
    [1, 2]
    """

    def __init__(
        self,
        table_header: str | None = None,
        table_description: str | None = None,
        col_header: Sequence[str] = (),
        col_types: Sequence[str] | None = None,
        col_formats: Sequence[str] | None = None,
        row_header: Sequence[str] | int | None = None,
        cell_values: Sequence[Sequence[Any]] | None = None,
        raw_cell_values: Sequence[Sequence[Any]] | None = None,
    ) -> None:
        if cell_values is not None and raw_cell_values is not None:
            raise H2OValueError("cell_values (rows) and raw_cell_values (columns) exclude each other")
        if raw_cell_values is not None:
            cell_values = list(zip(*raw_cell_values, strict=True))
        self._table_header = table_header
        self._table_description = table_description
        self._col_header = list(col_header)
        self._col_types = list(col_types) if col_types is not None else None
        self._col_formats = list(col_formats) if col_formats is not None else None
        self._row_header = row_header if isinstance(row_header, int | None) else list(row_header)
        self._cell_values = [list(row) for row in cell_values or ()]
        if any(len(row) != len(self._cell_values[0]) for row in self._cell_values):
            raise H2OValueError("cell_values: all rows must have the same number of cells")

    @classmethod
    def make(cls, table: Mapping[str, Any]) -> H2OTwoDimTable:
        """Make one from the tables of a model description (name, description, columns, types, rows).

        Parameters
        ----------
        table : dict
            The table.

        Returns
        -------
        H2OTwoDimTable

        Examples
        --------
        >>> model.summary().as_data_frame().shape[0]
        3
        """
        return cls(
            table.get("name"), table.get("description"), table["columns"], table.get("types"),
            cell_values=table["rows"],
        )  # fmt: skip

    @property
    def cell_values(self) -> list[list[Any]]:
        """The rows.

        Examples
        --------
        >>> len(model.summary().cell_values)
        3
        """
        return self._cell_values

    @property
    def col_header(self) -> list[str]:
        """Names of the columns.

        Examples
        --------
        >>> model.summary().col_header[:2]
        ['', 'layer']
        """
        return self._col_header

    @property
    def col_types(self) -> list[str] | None:
        """Types of the columns.

        Examples
        --------
        >>> kinds = model.summary().col_types
        """
        return self._col_types

    @property
    def table_header(self) -> str | None:
        """Title of the table.

        Examples
        --------
        >>> title = model.summary().table_header
        """
        return self._table_header

    @property
    def row_header(self) -> list[str] | int | None:
        """What was given as names of the rows.

        Examples
        --------
        >>> names = model.summary().row_header
        """
        return self._row_header

    def as_data_frame(self) -> pandas.DataFrame:
        """The table as a pandas data frame.

        Returns
        -------
        pandas.DataFrame
            A row for each row.

        Examples
        --------
        >>> model.summary().as_data_frame().shape[0]
        3
        """
        import pandas

        return pandas.DataFrame(self._cell_values, columns=self._col_header)

    def __len__(self) -> int:
        return len(self._cell_values)

    @overload
    def __getitem__(self, item: slice) -> H2OTwoDimTable: ...

    @overload
    def __getitem__(self, item: str | int) -> list[Any]: ...

    @overload
    def __getitem__(self, item: Sequence[str | int]) -> list[list[Any]]: ...

    def __getitem__(self, item: Any) -> H2OTwoDimTable | list[Any]:
        """Select columns or rows.

        Parameters
        ----------
        item : str, int, list or slice
            Name or position of a column (gives a list), several of them (a list of lists), or a slice of rows
            (a table).
        """
        if isinstance(item, slice):
            return H2OTwoDimTable(
                self._table_header,
                self._table_description,
                self._col_header,
                self._col_types,
                self._col_formats,
                self._row_header,
                self._cell_values[item],
            )
        if isinstance(item, list | tuple):
            return [self[each] for each in item]
        position = self._position(item)
        return [row[position] for row in self._cell_values]

    def _position(self, item: Any) -> int:
        if isinstance(item, str):
            if item not in self._col_header:
                raise H2OValueError(f"the table has no column {item!r}: it has {', '.join(self._col_header)}")
            return self._col_header.index(item)
        if isinstance(item, bool) or not isinstance(item, int):
            raise H2OTypeError(
                f"{item!r} must be the name or the position of a column, a list of those, or a slice"
            )
        width = len(self._col_header)
        if not -width <= item < width:
            raise H2OValueError(f"the table has no column number {item}: it has {width} columns")
        return item % width

    def _title(self) -> str:
        return ": ".join(part for part in (self._table_header, self._table_description) if part)

    def _shown(self) -> list[list[Any]]:
        """The rows, numbers by the formats of their columns."""
        formats = self._col_formats
        if formats is None:
            return self._cell_values
        return [
            [
                layout % cell if layout.startswith("%") and type(cell) in (int, float) else cell
                for layout, cell in zip(formats, row, strict=True)
            ]
            for row in self._cell_values
        ]

    def to_text(self, header: bool = True, rows: int = _ROWS) -> str:
        """The table as text.

        Parameters
        ----------
        header : bool
            Whether the title is shown.
        rows : int
            Longest number of rows shown; of a longer table the first and last ones.

        Returns
        -------
        str
            Lines of equal width.

        Examples
        --------
        >>> text = model.summary().to_text(rows=2)
        """
        title = self._title() if header else ""
        heads, cells, empty = self._with_values()
        text = format_table(heads, cells, title, max_rows=rows, max_columns=_COLUMNS)
        return f"{text}\n{within_page(one_line(empty))}" if empty else text

    def show(self, header: bool = True, rows: int = _ROWS) -> None:  # type: ignore[override]
        """Print the table, see `to_text`.

        Parameters
        ----------
        header : bool
            Whether the title is shown.
        rows : int
            Longest number of rows shown.

        Examples
        --------
        >>> h2o.two_dim_table.H2OTwoDimTable(col_header=["a"], cell_values=[[1], [2]]).show()
        a
        -
        1
        2
        """
        print2(self.to_text(header, rows))

    def __repr__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        heads, cells, empty = self._with_values()
        return html_table(heads, cells, self._title(), max_rows=_ROWS, max_columns=_COLUMNS, note=empty)

    def _with_values(self) -> tuple[list[str], list[list[Any]], str]:
        """The columns in which something stands, and a sentence about the others."""
        rows = self._shown()
        filled = [
            j for j in range(len(self._col_header)) if not rows or any(_has_value(row[j]) for row in rows)
        ]
        empty = [name for j, name in enumerate(self._col_header) if name and j not in filled]
        note = f"(no values: {', '.join(empty)})" if empty else ""
        return [self._col_header[j] for j in filled], [[row[j] for j in filled] for row in rows], note


def _has_value(cell: Any) -> bool:
    return cell is not None and cell != "" and cell == cell
