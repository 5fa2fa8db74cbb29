"""What a column was in the data frame that it came from, so that it can be the same when it leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

_UNIT = "(?:s|ms|us|ns)"
_ZONE = r"[A-Za-z0-9_+:/-]{1,64}"
# Names of Arrow's types, by the kinds of columns that can have been such
ARROW_TYPES = {
    "number": re.compile(
        rf"null|u?int(?:8|16|32|64)|halffloat|float|double|duration\[{_UNIT}\]|decimal(?:32|64|128|256)?\(\d{{1,2}}, \d{{1,2}}\)"
    ),
    "time": re.compile(
        rf"timestamp\[{_UNIT}(?:, tz={_ZONE})?\]|date32\[day\]|date64\[ms\]|time32\[m?s\]|time64\[[un]s\]"
    ),
    "text": re.compile("string|large_string|string_view"),
    "flag": re.compile("bool"),
    "category": re.compile("string|large_string|string_view|u?int(?:8|16|32|64)|halffloat|float|double|bool"),
}
_OF_KIND = {
    "int": ("number",),
    "real": ("number",),
    "bad": ("number", "time", "text", "flag"),
    "time": ("time",),
    "string": ("text",),
    "uuid": ("text",),
    "enum": ("text", "flag"),
}
PANDAS_TYPES = re.compile(
    r"|category|object|str|string(?:\[\w+\])?|boolean|bool|[UIui]{1,2}nt(?:8|16|32|64)|[Ff]loat(?:16|32|64)"
    rf"|(?:datetime|timedelta)64\[{_UNIT}(?:, {_ZONE})?\]|Sparse\[(?:u?int|float)\d\d?, [\w.-]+\]|Sparse\[bool, (?:True|False)\]|arrow"
)


@dataclass(frozen=True)
class Origin:
    """What a column was in a data frame.

    Attributes
    ----------
    arrow : str
        Name of its type in Arrow; of categories that of the categories.
    pandas : str
        Name of its type in pandas, ``arrow`` for one that is Arrow's; empty where it did not come from there.
    order : tuple of int, optional
        The levels in the order of the categories, where it was categorical.
    ordered : bool
        Whether the order of the categories has a meaning.
    marks : tuple of (str, str)
        What polars has written beside the type.
    """

    arrow: str
    pandas: str = ""
    order: tuple[int, ...] | None = None
    ordered: bool = False
    marks: tuple[tuple[str, str], ...] = ()

    def entry(self) -> list[Any]:
        """The same as plain values, see `read`."""
        order = None if self.order is None else list(self.order)
        return [self.arrow, self.pandas, order, self.ordered, [list(mark) for mark in self.marks]]

    @classmethod
    def read(cls, entry: Any, kind: str, levels: int) -> Self:
        """What was written by `entry`.

        Parameters
        ----------
        entry : list
        kind : str
            Kind of the column.
        levels : int
            How many levels it has.

        Raises
        ------
        ValueError
            A column of this kind cannot have been such.
        """
        arrow, pandas, order, ordered, marks = entry
        if order is not None:
            order = tuple(order)
            if kind != "enum" or sorted(order) != list(range(levels)):
                raise ValueError("the order of categories does not fit the levels")
        kinds = _OF_KIND[kind] if order is None else ("category",)
        if not any(ARROW_TYPES[each].fullmatch(arrow) for each in kinds):
            raise ValueError("a column was of a type that it cannot have had")
        if not PANDAS_TYPES.fullmatch(pandas) or type(ordered) is not bool:
            raise ValueError("the type that a column had is wrong")
        return cls(arrow, pandas, order, ordered, tuple((str(name), str(mark)) for name, mark in marks))
