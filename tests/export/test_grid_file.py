"""Files of grids from others: whatever stands in one, it is refused by `ParseError` or gives a grid that can be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import ParseError
from heavywater.export.grid_file import grid_of_text, grid_text, read_grid, write_grid
from heavywater.grids.grid import Failure, Grid, Member
from hypothesis import given
from hypothesis import strategies as st

REQUEST = {
    "algo": "deeplearning", "parameters": {"epochs": 1.0}, "hyper_params": {"l1": [0, 1]}, "search_criteria": {}, "x": ["a"],
    "y": "b", "training_frame_key": "rows", "validation_frame_key": None,
}  # fmt: skip
GRID = Grid(
    "grid",
    ["l1"],
    [Member("m_1", {"l1": 0}, "s1")],
    [Failure({"l1": 1}, "no", "where")],
    REQUEST,
    ["a", "b"],
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["l1", "../x", "no_parameter"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["l1", "x"]) | st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in nested lists and dictionaries."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in places(each, (*path, key)))]


PLACES = places(json.loads(grid_text(GRID)))


def changed(place: tuple[Any, ...], new: Any) -> str:
    """The file with something else at one place."""
    if not place:
        return json.dumps(new)
    content = inner = json.loads(grid_text(GRID))
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = new
    return json.dumps(content)


@given(st.sampled_from(PLACES), ANYTHING)
def test_what_can_be_read_can_be_used(place: tuple[Any, ...], new: Any) -> None:
    try:
        grid = grid_of_text(changed(place, new), "file")
    except ParseError as error:
        assert "file: " in str(error)
        return
    assert grid_text(grid_of_text(grid_text(grid), "again")) == grid_text(grid)
    model = {"model_category": "Regression", "training_metrics": {"mean_residual_deviance": 1.0}}
    told = grid.described(dict.fromkeys(grid.dependents, model))
    assert len(told["summary_table"]["rows"]) == len(grid.members)
    assert all(isinstance(each, dict) for each in [*told["hyper_values"], *told["failed_params"]])


@pytest.mark.parametrize(
    ("place", "new"),
    [
        (("hyper_names",), None),
        (("hyper_names",), "l1"),
        (("hyper_names",), ["no_parameter"]),
        (("hyper_names",), []),
        (("members", 0, "values"), "x"),
        (("members", 0, "values"), {"l2": 0}),
        (("members", 0, "signature"), 3),
        (("failures", 0, "values"), None),
        (("request",), {"algo": "deeplearning"}),
        (("request",), []),
        (("columns",), {"a": 1}),
        (("columns",), [1]),
        (("key",), "a b"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_refused(place: tuple[Any, ...], new: Any) -> None:
    with pytest.raises(ParseError, match="file: the file of the grid is damaged"):
        grid_of_text(changed(place, new), "file")


def test_the_names_in_the_file_are_the_format() -> None:
    """A file of today is to be read by every later version: where attributes get other names, these stay."""
    content = {
        "format": "heavywater grid", "version": 1, "key": "grid", "hyper_names": ["l1"],
        "members": [{"model_key": "m_1", "values": {"l1": 0}, "signature": "s1"}],
        "failures": [{"values": {"l1": 1}, "message": "no", "details": "where"}],
        "request": REQUEST, "columns": ["a", "b"],
    }  # fmt: skip
    assert grid_text(GRID) == json.dumps(content, indent=1)
    assert grid_of_text(json.dumps(content), "file") == GRID


def test_a_grid_that_no_search_has_filled_comes_back(tmp_path: Path) -> None:
    assert read_grid(write_grid(Grid("empty"), tmp_path)) == Grid("empty")
    assert read_grid(write_grid(GRID, tmp_path)) == GRID
