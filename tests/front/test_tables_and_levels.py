"""Counts of values, membership and levels, for columns of every kind."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import h2o
import pytest

from ..sessions import behind

VALUES: dict[str, list[Any]] = {
    "enum": ["a", None, "b", "a", None],
    "string": ["p", "q", None, "p", ""],
    "whole": [3, None, -1, 3, 3],
    "real": [0.5, 1.5, None, 0.5, None],
    "full": [1, 2, 2, 1, 2],
    "nothing": [None] * 5,
}
TYPES = {"enum": "enum", "string": "string", "nothing": "numeric"}


@pytest.fixture(autouse=True)
def session() -> None:
    h2o.init(verbose=False)


def frame() -> h2o.H2OFrame:
    return h2o.H2OFrame(VALUES, column_types=TYPES)


def rows_of(result: h2o.H2OFrame) -> list[tuple[Any, ...]]:
    cells = zip(
        *(
            column.numbers() if column.is_numeric else column.texts()
            for column in behind().store.frame(result.frame_id).columns
        ),
        strict=True,
    )
    return [tuple(None if cell != cell else cell for cell in row) for row in cells]


@pytest.mark.parametrize("name", VALUES)
def test_every_row_is_counted(name: str) -> None:
    found = rows_of(frame()[name].table())
    assert dict(found) == Counter(VALUES[name])
    assert None not in [value for value, _ in found[1:]], "missing comes first"


@pytest.mark.parametrize(("left", "right"), [*itertools.permutations(["enum", "whole", "string", "full"], 2)])
def test_every_pair_is_counted(left: str, right: str) -> None:
    fr = frame()
    expected = Counter(zip(VALUES[left], VALUES[right], strict=True))
    assert {(a, b): n for a, b, n in rows_of(fr[left].table(fr[right]))} == expected
    matrix = fr[left].table(fr[right], dense=False)
    texts = [
        "NA" if None in VALUES[right] else None,
        *sorted(str(v) for v in set(VALUES[right]) if v is not None),
    ]
    assert sorted(matrix.names[1:]) == sorted(text for text in texts if text is not None)
    assert sum(sum(row[1:]) for row in rows_of(matrix)) == 5


@pytest.mark.parametrize(
    "items", [["a"], [3], ["a", 3, 0.5], [None], [None, "a"], [], ("p", "b"), {1, 2}, [""]]
)
def test_membership_of_several_columns(items: Any) -> None:
    """Each cell by itself, whatever the number of columns and their types; None stands for missing cells."""
    fr = frame()
    together = fr.isin(items)
    assert together.names == fr.names and together.nrow == 5
    for name in fr.names:
        expected = [int(any(cell == item for item in items)) for cell in VALUES[name]]
        assert together[name].as_data_frame()[name].tolist() == expected
        assert fr[name].isin(items).as_data_frame().iloc[:, 0].tolist() == expected


def test_levels() -> None:
    fr = frame()
    assert fr["enum"].levels() == [["a", "b"]] and fr["enum"].nlevels() == [2]
    assert fr[["whole", "enum"]].levels() == [[], ["a", "b"]] and fr[["whole", "enum"]].nlevels() == [0, 2]
    for names in (["whole"], ["string"], ["real", "full"], ["nothing"]):
        assert fr[names].levels() == [] and fr[names].nlevels() == 0


@pytest.mark.parametrize("has_response", [False, True])
def test_names_of_made_levels(has_response: bool) -> None:
    """They count the columns of the frame from 0, as H2O's do."""
    made = h2o.create_frame(
        rows=20, cols=6, factors=2, categorical_fraction=0.5, integer_fraction=0.5, binary_fraction=0, seed=3,
        has_response=has_response, response_factors=2, missing_fraction=0,
    )  # fmt: skip
    for k, (name, levels) in enumerate(zip(made.names, made.levels(), strict=True)):
        assert levels in ([], [f"c{k}.l0", f"c{k}.l1"]) or name == "response"
    assert sum(map(bool, made.levels())) == 3 + has_response


def test_groups_of_texts_alone() -> None:
    with pytest.warns(UserWarning, match="column 'string' holds texts and is left out"):
        assert frame().group_by("full").sum("string").get_frame().names == ["full"]
