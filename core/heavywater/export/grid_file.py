"""Grids on disk: one JSON file that names the models, which lie beside it as files of their own."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

from ..errors import InvalidArgument, ParseError
from ..files import check_key, file_name, new_file
from ..grids.grid import Failure, Grid, Member

FORMAT = "heavywater grid"
VERSION = 1


def write_grid(grid: Grid, directory: str | os.PathLike[str]) -> str:
    """Write what a grid knows, without its models.

    Parameters
    ----------
    grid : Grid
    directory : str or path
        Made where it does not exist. The file in it has the name of the grid.

    Returns
    -------
    str
        Path of the file.
    """
    path = os.path.join(os.path.abspath(os.path.expanduser(os.fspath(directory))), file_name(grid.key))
    with new_file(path, force=True) as (path, beside), open(beside, "w", encoding="utf-8") as out:
        out.write(grid_text(grid))
    return path


def grid_text(grid: Grid) -> str:
    """The content of the file of a grid."""
    content = {"format": FORMAT, "version": VERSION, **asdict(grid)}
    return json.dumps(content, indent=1, default=str)


def read_grid(path: str | os.PathLike[str]) -> Grid:
    """Read the file of a grid.

    Raises
    ------
    ParseError
        No such file, no grid, damaged, or written by a newer version.
    """
    path = os.path.abspath(os.path.expanduser(os.fspath(path)))
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise ParseError(f"{path}: the file of the grid cannot be read ({error.strerror}).") from None
    except ValueError:
        raise ParseError(
            f"{path}: not the file of a grid. save_grid writes it under the name of the grid."
        ) from None
    return grid_of_text(text, path)


def grid_of_text(text: str, path: str) -> Grid:
    """The grid in the content of a file; `path` names it in errors."""
    try:
        content: dict[str, Any] = json.loads(text)
    except ValueError:
        raise ParseError(
            f"{path}: not the file of a grid. save_grid writes it under the name of the grid."
        ) from None
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise ParseError(f"{path}: not the file of a grid. save_grid writes it under the name of the grid.")
    version = content.pop("version", 0)
    if version != VERSION:
        raise ParseError(
            f"{path}: format {version} of grids, this version reads {VERSION}. Update heavywater."
        )
    try:
        members = [Member(**each) for each in content.pop("members")]
        failures = [Failure(**each) for each in content.pop("failures")]
        grid = Grid(**content, members=members, failures=failures)
        for key in (grid.key, *grid.dependents):
            check_key(key)
        return grid
    except (KeyError, TypeError, InvalidArgument) as error:
        raise ParseError(f"{path}: the file of the grid is damaged ({error}).") from None
