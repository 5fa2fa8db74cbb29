"""Settings of the user: the file `.h2oconfig`, which H2O's own client reads, too."""

from __future__ import annotations

import configparser
from functools import cache
from pathlib import Path

from heavywater.errors import InvalidArgument

_NAME = ".h2oconfig"


def _file() -> Path | None:
    """The first one found in this folder, the folders above it, and the home folder."""
    here = Path.cwd()
    folders = [here, *here.parents, Path.home()]
    return next((folder / _NAME for folder in folders if (folder / _NAME).is_file()), None)


@cache
def allow_breaking_changes() -> bool:
    """Whether ``sum`` and ``mean`` give frames where nothing else is asked for.

    This is H2O's setting ``allow_breaking_changes`` of the section ``[general]``; it is read once.
    """
    path = _file()
    if path is None:
        return False
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
        return parser.getboolean("general", "allow_breaking_changes", fallback=False)
    except (configparser.Error, ValueError) as error:
        raise InvalidArgument(
            f"{path}: {error}; write allow_breaking_changes = True (or False) below a line [general]"
        ) from None
