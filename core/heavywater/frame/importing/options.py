"""What a user may say about the files of an import, and its effect on what was guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from ...errors import InvalidArgument
from .encodings import check_encoding
from .header import usable_names
from .setup import Setup, read_type

Index = Callable[[Any, str], int]

# Types of numbers that `force_types` keeps apart; without it the narrowest type is taken.
FORCED = {"int": "int", "long": "int", "real": "real", "float": "real", "double": "real"}


@dataclass(frozen=True)
class Options:
    """What a user may say about files; every default means "guess".

    Parameters
    ----------
    separator : str, optional
    header : int
        1 the first line holds names, -1 it does not, 0 guess.
    names : sequence of str, optional
        Column names, of all columns or of those that are not skipped.
    types : sequence or mapping, optional
        A type for each column (or each that is not skipped), or for some by name or position.
    na_strings : sequence or mapping, optional
        Texts that mean missing: a flat list for all columns, a list of lists (one for each column), or by
        column name.
    skipped : sequence of int or str, optional
        Columns that are not read.
    quote, escape : str
        Quoting character; character that takes the next one literally.
    markers : str, optional
        A line that begins with one of these characters holds no data; by default "#".
    force_types : bool
        Numbers keep the type of the file's schema or of `types`: whole ones may be real, real ones are rounded.
    partition_by : sequence of str
        Columns that are taken from folders named ``column=value``.
    time_zone : str
        In which the dates and times of texts are meant.
    adjust_to_zone : bool
        Times of typed files (Parquet, ORC, Arrow) are moved by the distance of the time zone from UTC.
    fill : bool
        A line of text may have too few fields: those at its end are missing.
    skip_footer : int
        Lines at the end of each text that hold no data, blank ones not counted.
    encoding : str, optional
        Of texts, and of cells of typed files that are bytes; by default UTF-8.
    """

    separator: str | None = None
    header: int = 0
    names: Sequence[str] | None = None
    types: Sequence[Any] | Mapping[Any, Any] | None = None
    na_strings: Sequence[Any] | Mapping[str, Any] | None = None
    skipped: Sequence[int | str] | None = None
    quote: str = '"'
    escape: str | None = None
    markers: str | None = None
    force_types: bool = False
    partition_by: Sequence[str] = ()
    time_zone: str = "UTC"
    adjust_to_zone: bool = False
    fill: bool = False
    skip_footer: int = 0
    encoding: str | None = None

    def check(self) -> None:
        """Refuse values that are wrong whatever the file holds."""
        if self.encoding is not None:
            check_encoding(self.encoding)
        if self.header not in (-1, 0, 1):
            raise InvalidArgument(
                f"header={self.header!r} must be 1 (names in the first line), -1 (none) or 0 (guess)"
            )
        if (
            isinstance(self.skip_footer, bool)
            or not isinstance(self.skip_footer, Integral)
            or self.skip_footer < 0
        ):
            raise InvalidArgument(
                f"skip_footer={self.skip_footer!r} must be a number of lines, 0 or more, at the end of each file"
            )
        if not isinstance(self.fill, bool):
            raise InvalidArgument(f"fill={self.fill!r} must be True or False")
        for label, value in (("sep", self.separator), ("quotechar", self.quote), ("escapechar", self.escape)):
            if value is not None and (len(value) != 1 or not value.isascii() or value in "\0\r\n"):
                raise InvalidArgument(
                    f"{label}={value!r} must be a single character of ASCII, and no end of a line"
                )
        if not isinstance(self.na_strings, (str, Sequence, Mapping, type(None))):
            raise InvalidArgument(
                f"na_strings={self.na_strings!r} must be a list of texts, a list of them for each column, or a dict"
            )
        if self.markers is not None and not self.markers.isascii():
            raise InvalidArgument(
                f"custom_non_data_line_markers={self.markers!r} must be ASCII characters, such as '#%'"
            )

    @property
    def flat_na_strings(self) -> list[str]:
        """Texts that mean missing in every column."""
        given = self.na_strings
        if given is None or isinstance(given, Mapping):
            return []
        if isinstance(given, str):
            return [given]
        return [str(text) for text in given] if all(isinstance(text, str) for text in given) else []


def apply_options(setup: Setup, options: Options, name: str) -> None:
    """Put names, types, missing texts and skipped columns of the user into a setup.

    Parameters
    ----------
    setup : Setup
        What was guessed; it is changed.
    options : Options
    name : str
        File, for messages.
    """
    guessed = list(setup.names)
    setup.skipped = {_position(guessed, c, "skipped_columns", name) for c in options.skipped or ()}
    if len(setup.skipped) == len(guessed):
        raise InvalidArgument(f"skipped_columns: all {len(guessed)} columns of {name} would be skipped")
    if options.names is not None:
        given = _spread(options.names, setup, "col_names", "names", name)
        setup.names = usable_names(
            old if new is None else str(new) for old, new in zip(guessed, given, strict=True)
        )
    check_names(setup, name)

    def index(column: Any, argument: str) -> int:
        return _position(setup.names, column, argument, name)

    _set_types(setup, options, name, index)
    setup.na_strings = options.flat_na_strings
    setup.column_na_strings = _column_na_strings(options.na_strings, setup, index)


def check_names(setup: Setup, file: str) -> None:
    """Refuse names that several of the columns that are read have."""
    kept = [setup.names[i] for i in setup.kept]
    for twice in kept if len(set(kept)) < len(kept) else ():
        if kept.count(twice) > 1:
            places = [i for i in setup.kept if setup.names[i] == twice]
            raise InvalidArgument(
                f"{file}: the column name {twice!r} appears more than once, at {', '.join(map(str, places))} counted from 0; "
                f"give col_names= with {len(setup.names)} different names, or leave columns out by skipped_columns="
                + ("; header=-1 if the first line holds data" if setup.header else "")
            )


def _position(names: Sequence[str], column: Any, argument: str, file: str) -> int:
    found = names.index(column) if isinstance(column, str) and column in names else column
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < len(names):
        raise InvalidArgument(
            f"{argument}: no column {column!r} in {file}; columns are "
            f"{', '.join(names[:8])}{', ...' if len(names) > 8 else ''}"
            + (", counted from 0" if isinstance(column, int) else "")
        )
    return found


def _spread(given: Sequence[Any], setup: Setup, argument: str, what: str, file: str) -> list[Any]:
    """One entry for each column; those of skipped columns may have been left out."""
    width = len(setup.names)
    if len(given) == width:
        return list(given)
    if setup.skipped and len(given) == len(setup.kept):
        result: list[Any] = [None] * width
        for i, entry in zip(setup.kept, given, strict=True):
            result[i] = entry
        return result
    raise InvalidArgument(
        f"{argument}: {len(given)} {what} for the {width} columns of {file}"
        + (f", of which {len(setup.skipped)} are skipped" if setup.skipped else "")
    )


def _set_types(setup: Setup, options: Options, file: str, index: Index) -> None:
    if isinstance(options.types, Mapping):
        pairs = [(index(column, "col_types"), kind) for column, kind in options.types.items()]
    elif options.types is not None:
        pairs = list(enumerate(_spread(options.types, setup, "col_types", "types", file)))
    else:
        pairs = []
    for i, kind in pairs:
        if kind is not None:
            setup.types[i] = read_type(kind, setup.names[i])
            setup.stated.add(i)
            if options.force_types and str(kind).lower() in FORCED:
                setup.forced[i] = FORCED[str(kind).lower()]
    if not options.force_types:
        setup.forced = {}


def _column_na_strings(given: Any, setup: Setup, index: Index) -> dict[int, list[str]]:
    if isinstance(given, Mapping):
        pairs = [(index(column, "na_strings"), texts) for column, texts in given.items()]
    elif given is not None and not isinstance(given, str) and not all(isinstance(t, str) for t in given):
        if len(given) != len(setup.names):
            raise InvalidArgument(f"na_strings: {len(given)} lists for {len(setup.names)} columns")
        pairs = list(enumerate(given))
    else:
        return {}
    return {i: [texts] if isinstance(texts, str) else list(texts) for i, texts in pairs if texts}
