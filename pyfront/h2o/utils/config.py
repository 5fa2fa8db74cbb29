"""The configuration file of H2O's client, ``.h2oconfig``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar, overload

from heavywater.errors import warn

__all__ = ["H2OConfigReader", "get_config_value"]

T = TypeVar("T")
NAME = ".h2oconfig"
KEYS = (
    "init.check_version", "init.proxy", "init.url", "init.verify_ssl_certificates", "init.cookies", "init.username",
    "init.password", "general.allow_breaking_changes", "general.telemetry",
)  # fmt: skip
_SECTION = re.compile(r"\[(\w+)\]$")
_ENTRY = re.compile(r"(?:(\w+):)?([\w.]+)\s*=\s*(.*)$")


class H2OConfigReader:
    """Reads the first file ``.h2oconfig`` of the working folder, the folders above it, and the home folder.

    Lines are ``key = value``, ``[section]`` (which is put before the keys below it) or ``# comment``; a key that begins with
    the name of another language (``r:``) is not for Python. What the file says is for who asks: `h2o.init` starts a
    session in this process, which needs none of it.

    Examples
    --------
    >>> isinstance(H2OConfigReader.get_config(), dict)
    True
    """

    @staticmethod
    def get_config() -> dict[str, str]:
        """The entries of the file by key; empty without a file.

        Warns of lines that are no entries and of keys that H2O does not know, and leaves them out.
        """
        path = next((place / NAME for place in _places() if (place / NAME).is_file()), None)
        return {} if path is None else dict(_entries(path))


@overload
def get_config_value(key: str, default: None = None) -> str | None: ...


@overload
def get_config_value(key: str, default: T) -> str | T: ...


def get_config_value(key: str, default: object = None) -> object:
    """An entry of the file, see `H2OConfigReader`.

    Parameters
    ----------
    key : str
        Such as "init.url".
    default : object
        What it is without an entry.
    """
    return H2OConfigReader.get_config().get(key, default)


def _places() -> Iterator[Path]:
    here = Path.cwd()
    yield here
    yield from here.parents
    yield Path.home()


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if found := _SECTION.match(line):
            section = f"{found[1]}."
            continue
        found = _ENTRY.match(line)
        if not found:
            warn(f"{path}: line {number} is no 'key = value', '[section]' or '# comment'")
            continue
        language, key, value = found.groups()
        if language and language.lower() != "py":
            continue
        if section + key not in KEYS:
            warn(f"{path}: line {number} has the key {section + key!r}; there are {', '.join(KEYS)}")
            continue
        yield section + key, value
