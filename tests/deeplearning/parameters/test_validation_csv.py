"""Every input that was probed on H2O has the outcome it has there, but for the exceptions that are listed."""

import csv
from pathlib import Path

import pytest
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.errors import HeavywaterError

from ..example_frames import context
from .validation_cases import CASES, EXCEPTIONS, Try

FILE = Path(__file__).parents[2] / "data" / "validation.csv"
with FILE.open(newline="", encoding="utf-8") as file:
    ROWS = {(row["parameter"], row["input"]): row["outcome"] for row in csv.DictReader(file)}


def run(case: Try) -> DeepLearningParameters:
    return validate(case.parameters, context(case.y, list(case.x), case.rows))


def test_all_rows_are_looked_at() -> None:
    elsewhere = {row for row, (outcome, _) in EXCEPTIONS.items() if outcome == "elsewhere"}
    assert len(ROWS) == 212
    assert set(ROWS) - elsewhere <= set(CASES)
    assert set(CASES) <= set(ROWS)
    assert set(EXCEPTIONS) <= set(ROWS)


@pytest.mark.parametrize("row", CASES, ids=lambda row: f"{row[0]}: {row[1]}")
def test_outcome(row: tuple[str, str]) -> None:
    outcome = EXCEPTIONS.get(row, (ROWS[row], ""))[0]
    for case in CASES[row]:
        if outcome == "refused":
            with pytest.raises(HeavywaterError) as failure:
                run(case)
            assert any(name in str(failure.value) for name in (*case.parameters, row[0], "y", "x"))
        elif outcome == "warned":
            named = case.parameters or {"text": None}
            assert any(any(name in warning for name in named) for warning in run(case).warnings)
        elif outcome == "accepted":
            run(case)
