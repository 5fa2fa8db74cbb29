"""Grids on disk: one JSON file that names the models, which lie beside it as files of their own."""

from __future__ import annotations

import json
import os
from typing import Any

from ..deeplearning.parameters.table import lookup
from ..errors import InvalidArgument, ParseError, shortened
from ..files import absolute, check_key, existing_file, file_name, new_file
from ..grids.grid import Failure, Grid, Member

FORMAT = "heavywater grid"
VERSION = 1
_REQUEST: dict[str, tuple[type, ...]] = {  # what a search was asked for, see `Grid`
    "algo": (str,), "parameters": (dict,), "hyper_params": (dict,), "search_criteria": (dict, type(None)),
    "x": (list, type(None)), "y": (str, type(None)), "training_frame_key": (str, type(None)),
    "validation_frame_key": (str, type(None)),
}  # fmt: skip


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
    path = os.path.join(absolute(directory), file_name(grid.key))
    with new_file(path, force=True) as (path, beside), open(beside, "w", encoding="utf-8") as out:
        out.write(grid_text(grid))
    return path


def grid_text(grid: Grid) -> str:
    """The content of the file of a grid; the names here are the format, and stay when an attribute gets another one."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "key": grid.key,
        "hyper_names": grid.hyper_names,
        "members": [
            {"model_key": each.model_key, "values": each.values, "signature": each.signature}
            for each in grid.members
        ],
        "failures": [
            {"values": each.values, "message": each.message, "details": each.details}
            for each in grid.failures
        ],
        "request": grid.request,
        "columns": grid.columns,
    }
    return json.dumps(content, indent=1, default=str)


def read_grid(path: str | os.PathLike[str]) -> Grid:
    """The grid in a file.

    Raises
    ------
    ParseError
        No such file, no grid, damaged, or written by a newer version.
    """
    path = existing_file(path)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise ParseError(f"{path}: the file of the grid cannot be read ({error.strerror})") from None
    except ValueError:
        raise ParseError(
            f"{path}: not the file of a grid. save_grid writes it under the name of the grid"
        ) from None
    return grid_of_text(text, path)


def grid_of_text(text: str, path: str) -> Grid:
    """The grid in the content of a file; `path` names it in errors."""
    try:
        content: dict[str, Any] = json.loads(text)
    except ValueError:
        raise ParseError(
            f"{path}: not the file of a grid. save_grid writes it under the name of the grid"
        ) from None
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise ParseError(f"{path}: not the file of a grid. save_grid writes it under the name of the grid")
    version = content.pop("version", 0)
    if version != VERSION:
        raise ParseError(
            f"{path}: format {version} of grids, this version reads {VERSION}. Update heavywater"
        )
    try:
        members = [Member(**each) for each in content.pop("members")]
        failures = [Failure(**each) for each in content.pop("failures")]
        return _checked(Grid(**content, members=members, failures=failures))
    except (KeyError, TypeError, ValueError, InvalidArgument, RecursionError) as error:
        raise ParseError(f"{path}: the file of the grid is damaged ({shortened(error)})") from None


def _checked(grid: Grid) -> Grid:
    """A grid whose parts all are what they should be, whoever has made the file."""
    for key in (grid.key, *grid.dependents):
        check_key(key)
    texts = [each.signature for each in grid.members]
    texts += [text for each in grid.failures for text in (each.message, each.details)]
    for name in ("hyper_names", "columns"):
        if not isinstance(getattr(grid, name), list):
            raise TypeError(f"{name} is no list")
        texts += getattr(grid, name)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a name or message is no text")
    if not all(isinstance(each, dict) for each in [*_values(grid), grid.request]):
        raise TypeError("parameters have no names")
    _check_request(grid.request)
    if len(set(grid.dependents)) < len(grid.dependents):
        raise ValueError("a model is named twice")
    for name in grid.hyper_names:
        lookup(name)
    for values in _values(grid):
        if not set(values) <= set(grid.hyper_names):
            raise KeyError(f"hyper_names lacks one of {', '.join(values)}")
    return grid


def _check_request(request: dict[str, Any]) -> None:
    if request and set(request) != set(_REQUEST):
        raise KeyError("the request is not complete, or not known")
    for name, content in request.items():
        if not isinstance(content, _REQUEST[name]):
            raise TypeError(f"{name} of the request is of a wrong type")


def _values(grid: Grid) -> list[dict[str, Any]]:
    return [each.values for each in grid.members] + [each.values for each in grid.failures]
