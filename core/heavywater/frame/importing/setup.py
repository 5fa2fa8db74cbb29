"""How files are to be read: what is guessed from their first lines, what a user says, and what both come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...errors import InvalidArgument

# What a user may write as a column type -> how the column is read.
TYPE_NAMES = {
    "numeric": "numeric",
    "int": "numeric",
    "long": "numeric",
    "real": "numeric",
    "float": "numeric",
    "double": "numeric",
    "bad": "numeric",
    "enum": "enum",
    "factor": "enum",
    "categorical": "enum",
    "string": "string",
    "character": "string",
    "time": "time",
    "uuid": "uuid",
    "unknown": "unknown",
}


@dataclass
class Setup:
    """How a delimited text is to be read.

    Attributes
    ----------
    separator : str
        One character.
    header : bool
        Whether the first line holds names.
    names : list of str
    types : list of str
        For each column ``numeric``, ``enum``, ``string``, ``time`` or ``uuid``.
    na_strings : list of str
        Texts that mean missing in every column (an empty field always does).
    column_na_strings : dict of int to list of str
        Further ones for single columns.
    skipped : set of int
        Columns that are not read.
    quote, escape : str
        Quoting character; character that takes the next one literally, or None.
    markers : str
        A line that begins with one of these characters holds no data.
    fill : bool
        Whether a line may have too few fields, the missing ones at its end.
    header_line : list of str
        The line of names, by which it is known in further files.
    forced : dict of int to str
        Numeric columns that are to be ``int`` or ``real`` whatever their values.
    parse_type : str
        Format: CSV, ARFF, SVMLight, PARQUET, ORC, ARROW or XLSX.
    stated : set of int
        Columns whose type the user or the file has named.
    open : set of int
        Columns whose first cells are all missing: their type is that of the first value.
    sample : callable
        From a column's position to its first cells, without missing ones; by these its type was guessed.
    first_rows : list of list of str
        Cells of the first lines below the names, of delimited text; of typed files those of the first rows, where they are to be shown.
    """

    separator: str
    header: bool
    names: list[str]
    types: list[str]
    na_strings: list[str] = field(default_factory=list)
    column_na_strings: dict[int, list[str]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    quote: str = '"'
    escape: str | None = None
    markers: str = "#"
    fill: bool = False
    header_line: list[str] = field(default_factory=list)
    forced: dict[int, str] = field(default_factory=dict)
    parse_type: str = "CSV"
    stated: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    first_rows: list[list[str]] = field(default_factory=list, repr=False, compare=False)
    sample: Callable[[int], list[str]] = field(default=lambda _: [], repr=False, compare=False)

    @property
    def kept(self) -> list[int]:
        """Positions of the columns that are read."""
        return [i for i in range(len(self.names)) if i not in self.skipped]


def read_type(name: Any, column: str) -> str:
    """How a column is read, from what the user wrote as its type."""
    key = str(name).lower()
    if key not in TYPE_NAMES:
        raise InvalidArgument(
            f"col_types: {name!r} for column {column!r} must be one of {', '.join(TYPE_NAMES)}"
        )
    return TYPE_NAMES[key]
