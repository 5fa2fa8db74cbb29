"""What an option of a command is, and the options that commands share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from heavywater.errors import shortened

_GENERAL, _SESSION, _DATA = "general", "session", "how data is read"  # headings of shared options


@dataclass(frozen=True)
class Kind:
    """What the value of an option may be.

    Parameters
    ----------
    says : str
        As messages name it, such as ``"a whole number"``.
    types : tuple of type
        Of values in a configuration file.
    convert : callable
        Makes the value of a text; raises ValueError where it is none.
    """

    says: str
    types: tuple[type, ...] = (str,)
    convert: Callable[[str], Any] = str

    def __call__(self, text: str) -> Any:
        """The value of a text of the command line."""
        try:
            return self.convert(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{shortened(text)!r} must be {self.says}") from None

    def checked(self, value: Any) -> Any:
        """The value of what stands in a configuration file; ValueError where it is none."""
        if type(value) not in self.types:
            raise ValueError
        return self.convert(str(value))


def _limited(kind: Callable[[str], Any], low: float, high: float, *further: float) -> Callable[[str], Any]:
    def convert(text: str) -> Any:
        value = kind(text)
        if not (low <= value <= high or value in further):
            raise ValueError
        return value

    return convert


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError
    return text


def whole(low: int, high: int = 2**63 - 1, says: str = "", *further: int) -> Kind:
    """A whole number within limits, or one of further ones."""
    return Kind(says or f"a whole number from {low} on", (int,), _limited(int, low, high, *further))


def number(low: float, says: str) -> Kind:
    """A finite number from a limit on."""
    return Kind(says, (int, float), _limited(float, low, 1.7e308))


def share(says: str) -> Kind:
    """A number between 0 and 1, both excluded."""

    def convert(text: str) -> float:
        value = float(text)
        if not 0 < value < 1:
            raise ValueError
        return value

    return Kind(says, (float,), convert)


def choice(*names: str) -> Kind:
    """One of some words."""

    def convert(text: str) -> str:
        found = [name for name in names if name.lower() == text.lower()]
        if not found:
            raise ValueError
        return found[0]

    return Kind(f"one of {', '.join(names)}", (str,), convert)


TEXT = Kind("a text that is not empty", (str,), _not_empty)


class Written(str):
    """A value as it was written on the command line: what it means depends on what it is for."""

    __slots__ = ()


def _pair(text: str) -> tuple[str, Written]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        raise ValueError
    return name.strip(), Written(value)


ANY_TEXT = Kind("a text")  # may be empty


def _size(text: str) -> str:
    if not re.fullmatch(r"0*[1-9]\d*(\.\d+)?\s*[kmgt]?b?|\d+\.\d*[1-9]\d*\s*[kmgt]?b?", text.strip().lower()):
        raise ValueError
    return text


SIZE = Kind("a number of GB, or a size such as 512m or 4g", (int, float, str), _size)
FLAG = Kind("true or false", (bool,))


@dataclass(frozen=True)
class Option:
    """An option or an argument of a command.

    Parameters
    ----------
    names : tuple of str
        ``("--nthreads", "--threads")``, the first one names the value; without dashes for an argument that is known by its
        place.
    help : str
    kind : Kind
    metavar : str, optional
    default : object
    required : bool
    many : bool
        Several values, as a list.
    pairs : bool
        ``NAME=VALUE``, any number of times; in a configuration file a table.
    group : str, optional
        The heading under which the help lists it.
    """

    names: tuple[str, ...]
    help: str
    kind: Kind = TEXT
    metavar: str | None = None
    default: Any = None
    required: bool = False
    many: bool = False
    pairs: bool = False
    group: str | None = None

    @property
    def by_place(self) -> bool:
        """Whether it is an argument without a name."""
        return not self.names[0].startswith("-")

    @property
    def key(self) -> str:
        """The name of its value."""
        return self.names[0].lstrip("-").replace("-", "_")

    @property
    def shared(self) -> bool:
        """Whether several commands have it, with the same meaning: such options may stand in a section for all."""
        return self.group in (_GENERAL, _SESSION, _DATA) or self.key == "force"

    @property
    def keys(self) -> tuple[str, ...]:
        """The names that a configuration file may use."""
        return tuple(name.lstrip("-").replace("-", "_") for name in self.names)


def option(names: str, help: str, kind: Kind = TEXT, metavar: str | None = None, **more: Any) -> Option:
    """An `Option` whose names stand in one text."""
    return Option(tuple(names.split()), help, kind, metavar, **more)


def pairs(names: str, help: str, metavar: str = "NAME=VALUE", **more: Any) -> Option:
    """An option that takes ``NAME=VALUE``, and may be there any number of times."""
    return option(names, help, Kind(f"of the form {metavar}", (str,), _pair), metavar, pairs=True, **more)


def flag(names: str, help: str, **more: Any) -> Option:
    """An option that is given or not; ``--no-NAME`` takes it back."""
    return Option(tuple(names.split()), help, FLAG, default=False, **more)


@dataclass(frozen=True)
class Command:
    """A command.

    Parameters
    ----------
    name, summary : str
    run : callable
        Gets the values of the options and gives the answer to show: texts and numbers by name, or None for nothing.
    options : tuple of Option
    description : str
        A few sentences for the help.
    examples : tuple of (str, str)
        What is done, and the line that does it.
    """

    name: str
    summary: str
    run: Callable[[Any], Any]
    options: tuple[Option, ...] = ()
    description: str = ""
    examples: tuple[tuple[str, str], ...] = field(default_factory=tuple)


# ---- shared by all

GENERAL = (
    flag("--json", "print the result as JSON", group=_GENERAL),
    option(
        "--config", "options from a file, TOML or JSON: a section [COMMAND] for each command, and [all]; what stands on the "
        "command line counts more (--no-force takes back force = true)", metavar="FILE", group=_GENERAL,
    ),
)  # fmt: skip

THREADS = option(
    "--nthreads --threads",
    "threads for import and training; by default all cores",
    whole(1, 4096, "a whole number from 1 on, or -1 for all cores", -1),
    "N",
    default=-1,
    group=_SESSION,
)
MEMORY = option(
    "--max-mem", "limit for frames and models, such as 512m or 4g; by default none", SIZE, "SIZE", group=_SESSION
)  # fmt: skip
SESSION = (
    THREADS,
    MEMORY,
    option("--url", "work on the node at this address instead of in this process: data and models are sent there, results "
           "come back", metavar="http://HOST:PORT", group=_SESSION),
    option("--token-file", "with --url: file with the token of the node", metavar="FILE", group=_SESSION),
    option("--tls-ca", "with --url: who vouches for the certificate of the node, in PEM", metavar="FILE", group=_SESSION),
)  # fmt: skip

FORCE = flag("--force", "replace the file that is there")

FACTORS = option("--factors", "number columns that are classes", metavar="COLUMN", many=True, group=_DATA)
_READ: dict[str, Any] = {"group": _DATA}
READING = (
    option("--separator", "between fields; found out by default", ANY_TEXT, "TEXT", **_READ),
    option("--header", "whether the first line holds names: yes, no, or auto (by default): found out",
           choice("auto", "yes", "no"), "WORD", default="auto", **_READ),
    pairs("--types", "type of a column: numeric, enum, string, time or uuid, found out by default; any number of times",
          "COLUMN=TYPE", **_READ),
    FACTORS,
    option("--skip", "columns that are not read", metavar="COLUMN", many=True, **_READ),
    option("--missing", "texts that mean a missing cell, beside the usual ones", ANY_TEXT, "TEXT", many=True, **_READ),
    option("--quote", "character around texts; \" by default", metavar="CHAR", **_READ),
    option("--escape", "character that takes the next one literally; none by default", metavar="CHAR", **_READ),
    flag("--fill", "take missing fields at the end of a line for missing cells", **_READ),
    option("--skip-footer", "lines at the end that hold no data", whole(0), "N", default=0, **_READ),
    option("--encoding", "of texts, such as latin-1, cp1252 or utf-16; UTF-8 by default", metavar="NAME", **_READ),
    option("--comments", "characters at the beginning of lines without data; # by default", ANY_TEXT, "TEXT", **_READ),
)  # fmt: skip

DATA = option("data", "file, folder, pattern or address; - is standard input", required=True, metavar="DATA")
MODEL = option(
    "model", "file of a saved model, or MOJO; with --url also the name of a model of the node",
    required=True, metavar="MODEL",
)  # fmt: skip
