"""The text of a MOJO: `model.ini` with its sections info, columns and domains, and the files of levels.

Reading and writing stand side by side, so that what is known of the format is in one place. Keys that begin with
``heavywater_`` are our own; H2O passes over them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..errors import InvalidArgument, ParseError

INI = "model.ini"
DOMAINS = "domains/"
OWN = "heavywater_"  # keys that only we know
_SECTIONS = ("[info]", "[columns]", "[domains]")
_LINE_BREAKS = re.compile(r"[\r\n]")


@dataclass(frozen=True)
class Mojo:
    """Keys and columns of a MOJO; the methods read a key as a certain type or say what is wrong with it.

    Attributes
    ----------
    source : str
        Name of the file, for messages.
    info : mapping of str to str
        Values by key, unparsed.
    columns : tuple of str
        Predictors in the model's order, columns with another role, the response last.
    levels : mapping of int to tuple of str
        Levels of the categorical columns, by position in `columns`.
    """

    source: str
    info: Mapping[str, str]
    columns: tuple[str, ...]
    levels: Mapping[int, tuple[str, ...]]

    def error(self, what: str) -> ParseError:
        """Error that names the file."""
        return ParseError(f"{self.source}: {what}")

    def _wrong(self, key: str, needed: str) -> ParseError:
        value = self.info[key]
        shown = value if len(value) <= 40 else f"{value[:37]}..."
        return self.error(f"{INI} has {key} = {shown}; it must be {needed}")

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self.info.get(key, "null") != "null"

    def own(self, key: str) -> str:
        """The key under which we find a value: our own one where H2O's has to say something else."""
        return OWN + key if self.has(OWN + key) else key

    def text(self, key: str) -> str:
        """Value of a key that must be there."""
        if not self.has(key):
            raise self.error(f"{INI} has no {key}; the file is damaged or of an unknown kind")
        return self.info[key]

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """One of some words."""
        value = self.text(key)
        if value not in allowed:
            raise self._wrong(key, f"one of {', '.join(allowed)}")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        if default is not None and not self.has(key):
            return default
        return self.choice(key, ("true", "false")) == "true"

    def integer(self, key: str) -> int:
        """A whole number that is not negative."""
        value = self.text(key)
        try:
            number = int(value)
        except ValueError:
            number = -1
        if number < 0:
            raise self._wrong(key, "a whole number, at least 0")
        return number

    def number(self, key: str) -> float:
        """A finite number."""
        value = self.text(key)
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not np.isfinite(number):
            raise self._wrong(key, "a finite number")
        return number

    def numbers(self, key: str, count: int | None = None) -> Array:
        """A list of finite numbers, float64; of a certain length where `count` is given."""
        value = self.text(key)
        if not (value.startswith("[") and value.endswith("]")):
            raise self._wrong(key, "a list in brackets")
        try:
            found = np.fromstring(value[1:-1], sep=",")
        except ValueError:
            raise self._wrong(key, "a list of numbers, separated by commas") from None
        if count is not None and len(found) != count:
            raise self.error(f"{INI} has {len(found)} numbers in {key}, the model needs {count}")
        if not np.isfinite(found).all():
            raise self.error(f"{INI} has a number in {key} that is not finite")
        return found

    def integers(self, key: str, count: int | None = None) -> list[int]:
        """A list of whole numbers that are not negative."""
        found = self.numbers(key, count)
        if (found < 0).any() or (found != np.trunc(found)).any() or (found > 2**31).any():
            raise self._wrong(key, "a list of whole numbers, at least 0")
        return [int(each) for each in found]


def parse_mojo(source: str, texts: Mapping[str, str]) -> Mojo:
    """Parse `model.ini` and the files of levels.

    Parameters
    ----------
    source : str
        Name of the file, for messages.
    texts : mapping of str to str
        Entries of the archive.

    Raises
    ------
    ParseError
        The archive is no MOJO, or damaged.
    """
    bare = Mojo(source, {}, (), {})
    if INI not in texts:
        raise bare.error(f"the zip file has no {INI}: it is no MOJO of H2O")
    lines = [line.removesuffix("\r") for line in texts[INI].split("\n")]
    info, rest = _info(bare, lines)
    mojo = Mojo(source, info, (), {})
    columns, rest = _columns(mojo, rest)
    escaped = mojo.flag("escape_domain_values", default=False)
    levels = {}
    for position, count, name in _domain_files(mojo, rest):
        if not position < len(columns):
            raise mojo.error(f"{INI}: the section domains names column {position}, there are {len(columns)}")
        levels[position] = _levels(mojo, name, texts.get(DOMAINS + name), count, escaped)
    return Mojo(source, info, columns, levels)


def _info(bare: Mojo, lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Keys and values, and the lines behind the heading of the columns."""
    if _SECTIONS[0] not in lines or _SECTIONS[1] not in lines:
        raise bare.error(
            f"{INI} has no sections {_SECTIONS[0]} and {_SECTIONS[1]}: it is no MOJO of H2O, or damaged"
        )
    start, end = lines.index(_SECTIONS[0]), lines.index(_SECTIONS[1])
    info = {}
    for line in lines[start + 1 : end]:
        key, equals, value = line.partition("=")
        if equals:
            info[key.strip()] = value.strip()
    return info, lines[end + 1 :]


def _columns(mojo: Mojo, lines: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Names of the columns, and the lines behind the heading of the domains."""
    # Counted, not searched for the next heading: a column may have any name.
    count = mojo.integer("n_columns")
    columns, rest = lines[:count], lines[count:]
    if len(columns) < count or (any(rest) and _SECTIONS[2] not in rest):
        raise mojo.error(
            f"{INI} has not the {count} column names that n_columns promises, or no {_SECTIONS[2]}"
        )
    if len(set(columns)) < count:
        raise mojo.error(f"{INI} names a column twice")
    return tuple(columns), rest[rest.index(_SECTIONS[2]) + 1 :] if any(rest) else []


def _domain_files(mojo: Mojo, lines: list[str]) -> list[tuple[int, int, str]]:
    """Position of the column, number of levels and name of the file, as in ``7: 2 d003.txt``."""
    found = []
    for line in filter(None, lines):
        try:
            position, (count, name) = line.split(":", 1)[0], line.split(":", 1)[1].split()
            numbers = int(position), int(count)
        except (ValueError, IndexError):
            raise mojo.error(f"{INI}: the section domains has the line {line[:40]!r}") from None
        if min(numbers) < 0:
            raise mojo.error(f"{INI}: the section domains has the line {line[:40]!r}")
        found.append((*numbers, name))
    return found


def _levels(mojo: Mojo, name: str, text: str | None, count: int, escaped: bool) -> tuple[str, ...]:
    if text is None:
        raise mojo.error(f"the zip file has no {DOMAINS}{name}, which {INI} names")
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []
    if len(lines) != count and not (count == 0 and lines == [""]):
        raise mojo.error(f"{DOMAINS}{name} has {len(lines)} levels, {INI} says {count}")
    if len(set(lines)) < len(lines):
        raise mojo.error(f"{DOMAINS}{name} has a level twice")
    return tuple(map(_unescaped, lines) if escaped else lines)


def _unescaped(level: str) -> str:
    r"""Level with ``\n`` for a line break and ``\\`` for a backslash put back."""
    return "\\".join(part.replace("\\n", "\n") for part in level.split("\\\\"))


# ---- writing


def listed(values: Array | Sequence[int]) -> str:
    """Numbers in brackets: the shortest decimals that give the same number, 32 or 64 bits wide."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = np.asarray(values)
    if not array.size:
        return "[]"
    texts = pc.cast(pa.array(array.reshape(-1)), pa.string())
    joined: str = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), ", ")[0].as_py()
    first, comma, rest = joined.partition(",")
    if array.dtype.kind == "f" and not {".", "e"} & set(first):
        first += ".0"  # H2O takes a list of whole numbers for one of integers
    return f"[{first}{comma}{rest}]"


def worded(value: bool) -> str:
    """A flag as it stands in `model.ini`."""
    return "true" if value else "false"


def format_mojo(mojo: Mojo) -> dict[str, str]:
    """Entries of the archive, from which `parse_mojo` makes the same.

    Raises
    ------
    InvalidArgument
        H2O could not read the name of a column, or a level.
    """
    lines = [_SECTIONS[0], *(f"{key} = {value}" for key, value in mojo.info.items())]
    lines += ["", _SECTIONS[1], *map(_checked_name, mojo.columns), "", _SECTIONS[2]]
    texts: dict[str, str] = {}
    for number, (position, levels) in enumerate(sorted(mojo.levels.items())):
        name = f"d{number:03d}.txt"
        lines.append(f"{position}: {len(levels)} {name}")
        texts[DOMAINS + name] = "".join(f"{_escaped(mojo.columns[position], level)}\n" for level in levels)
    return {INI: "\n".join(lines) + "\n", **texts}


def _checked_name(name: str) -> str:
    # H2O trims the lines of model.ini and skips those that are empty or begin as a comment does.
    if _LINE_BREAKS.search(name) or name != name.strip() or name.startswith("#") or name in ("", *_SECTIONS):
        raise InvalidArgument(
            f"column {name!r} cannot stand in a MOJO: names must not have line breaks, begin or end with a blank, begin "
            f"with # or be {', '.join(_SECTIONS)}. Rename the column and train again, or use download_pojo"
        )
    return name


def _escaped(column: str, level: str) -> str:
    """Inverse of `_unescaped`."""
    if "\r" in level:
        raise InvalidArgument(
            f"level {level!r} of column {column!r} cannot stand in a MOJO: it has a carriage return. Rename the level "
            "and train again, or use download_pojo"
        )
    return level.replace("\\", "\\\\").replace("\n", "\\n")
