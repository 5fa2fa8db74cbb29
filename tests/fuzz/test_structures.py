"""Whoever changes what a file says, and makes its checksum right again, gets a `ParseError` or an object that works."""

from __future__ import annotations

import random

import pytest
from heavywater.errors import ParseError
from heavywater.export.grid_file import grid_of_text, grid_text
from heavywater.export.model_file import model_of_bytes

from .reading import grid
from .structures import attempt, changed_grid, changed_model, changed_mojo

COUNTS = {"model": 40, "mojo": 80, "grid": 600, "piecewise": 25}


@pytest.mark.parametrize("kind", COUNTS)
def test_changed_structures_are_refused_or_work(kind):
    results = [attempt(kind, number) for number in range(COUNTS[kind])]
    assert True in results and False in results  # neither all refused nor none changed


def test_changes_differ_and_come_again():
    for change in (changed_model, changed_mojo, changed_grid):
        made = [change(random.Random(number)) for number in range(8)]
        assert len(set(made)) > 4
    assert changed_grid(random.Random(3)) == changed_grid(random.Random(3))


def test_model_files_are_read_beyond_their_checksum():
    """The changes reach the content: refusals are not those of the checksum."""
    reasons = set()
    for number in range(12):
        try:
            model_of_bytes(changed_model(random.Random(number)))
        except ParseError as error:
            reasons.add(str(error).partition("damaged")[2])
    assert reasons and not any("checksum" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"columns": [', '"columns": 5, "ignored": ['), ('"hidden"', "7"), ('"message": "no"', '"message": [1]'),
        ('"signature": "s1"', '"signature": null'), ('"y": "b"', '"y": 3'), ('"model_key": "grid_model_1"', '"model_key": {}'),
        ('"key": "grid"', '"key": ["grid"]'), ('"x": [', '"x": "a", "z": ['),
    ],
)  # fmt: skip
def test_fields_of_grids_have_their_types(before, after):
    text = grid_text(grid())
    assert before in text
    with pytest.raises(ParseError, match="damaged"):
        grid_of_text(text.replace(before, after, 1), "grid.json")
