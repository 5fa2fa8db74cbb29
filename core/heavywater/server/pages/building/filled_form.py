"""What stands in the form of the Build page, as texts; and the address under which it stands there again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import ImmutableMultiDict

from ....deeplearning.parameters.table import Parameter, lookup, table, unknown_message
from ....errors import HeavywaterError
from .form_texts import name_of, text_of_list, value_of

USED, LEFT_OUT = "used", "left_out"  # what the columns that are named are
GRID_FIELDS = (
    "grid_id", "grid_strategy", "grid_max_models", "grid_max_runtime_secs", "grid_seed", "grid_stopping_rounds",
    "grid_stopping_metric", "grid_stopping_tolerance", "grid_parallelism",
)  # fmt: skip
DATA = (
    "training_frame", "validation_frame", "response_column", "ignored_columns", "weights_column", "offset_column", "fold_column",
)  # fmt: skip
_COLUMNS = ("columns", "columns_are", "find", "first")
_NAMES = (*table(), *GRID_FIELDS, *_COLUMNS)
_NOT_SEARCHED = ("validation_frame", "response_column")  # models of these could not be compared
# what addresses may say as well, since people write them, too
_ALIASES = {"frame": "training_frame", "validation": "validation_frame", "response": "response_column"}
_LISTS = {"ignored_columns": LEFT_OUT, "x": USED}
_LONGEST_LINK = 8000


def searchable(entry: Parameter) -> bool:
    """Whether a grid may try several values of a parameter."""
    return entry.gridable and entry.name not in _NOT_SEARCHED


@dataclass(frozen=True)
class FilledForm:
    """What stands in the form.

    Parameters
    ----------
    texts : mapping of str to str
        Of all fields in which something stands: parameters, `GRID_FIELDS`, and what is about columns.
    tried : mapping of str to list of str
        Texts of the values to try, of each parameter for which some stand there.
    searched : tuple of str
        The parameters for which these count.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    tried: Mapping[str, list[str]] = field(default_factory=dict)
    searched: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.texts.get(name, "")

    @property
    def columns(self) -> list[str]:
        """The columns that are named, whatever for."""
        found = value_of(lookup("ignored_columns"), self.text("columns"))
        return found or []

    @property
    def columns_are(self) -> str:
        """What they are: `USED` or `LEFT_OUT`."""
        return USED if self.text("columns_are") == USED else LEFT_OUT

    def with_texts(self, **texts: str) -> FilledForm:
        """The same with other texts in some fields."""
        return replace(self, texts={**self.texts, **texts})

    @property
    def link(self) -> str | None:
        """The address of this form, below that of the node; None where it would be too long for one."""
        left_out = {
            *self.searched,
            "find",
            "first",
            *(["columns_are"] if self.columns_are == LEFT_OUT else []),
        }
        named = [name for name in (*DATA, *_NAMES) if self.text(name) and name not in left_out]
        pairs = [(name, self.text(name)) for name in dict.fromkeys(named)]
        pairs += [("search", name) for name in self.searched]
        pairs += [(f"try_{name}", text) for name in self.searched for text in self.tried.get(name, ())]
        found = f"build?{urlencode(pairs)}" if pairs else "build"
        return found if len(found) <= _LONGEST_LINK else None


def filled_form(values: ImmutableMultiDict[str, Any]) -> FilledForm:
    """The form as it was sent, or as an address has it.

    Boxes of columns that were ticked or cleared since the page was made have changed what is named.
    """
    texts: dict[str, str] = {}
    for name in _NAMES:
        _take(texts, name, values.get(name))
    for other, name in _ALIASES.items():
        _take(texts, name, values.get(other))
    for name, kind in _LISTS.items():
        text = texts.pop(name, None) or values.get(name)
        if isinstance(text, str) and text.strip():
            texts |= {"columns": text.strip(), "columns_are": kind}
    tried = {name: _given(values, f"try_{name}") for name, entry in table().items() if searchable(entry)}
    asked = set(_given(values, "search"))
    form = FilledForm(
        texts,
        {name: found for name, found in tried.items() if found},
        tuple(name for name in tried if name in asked),
    )
    return _ticked(form, _given(values, "was_marked"), _given(values, "marked"))


def unknown_fields(values: ImmutableMultiDict[str, Any]) -> list[str]:
    """What an address says that no field is called, each as a message."""
    known = {*_NAMES, *_ALIASES, *_LISTS, "search", "marked", "was_marked", "do", "note"}
    tried = {f"try_{name}" for name, entry in table().items() if searchable(entry)}
    return [unknown_message(name) for name in values if name not in known | tried]


def _take(texts: dict[str, str], name: str, value: Any) -> None:
    if isinstance(value, str) and value.strip():
        texts[name] = value.strip()


def _given(values: ImmutableMultiDict[str, Any], name: str) -> list[str]:
    return [each.strip() for each in values.getlist(name) if isinstance(each, str) and each.strip()]


def _ticked(form: FilledForm, before: list[str], now: list[str]) -> FilledForm:
    cleared = {name_of(each) for each in before if each not in now}
    added = [name_of(each) for each in now if each not in before]
    if not cleared and not added:
        return form
    try:
        return with_columns(form, added, cleared)
    except HeavywaterError:  # what is written there cannot be read, and is to be mended first
        return form


def with_columns(form: FilledForm, added: list[str], cleared: set[str]) -> FilledForm:
    """The form with some columns more and some less among those that are named."""
    kept = [name for name in form.columns if name not in cleared]
    names = list(dict.fromkeys([*kept, *added]))
    return form.with_texts(columns=text_of_list(names) if names else "")
