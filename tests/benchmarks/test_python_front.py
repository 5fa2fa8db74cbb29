"""The benchmark of the Python front end measures what it says."""

import pytest

from . import python_front
from .python_front import Line, Sizes, page


@pytest.mark.filterwarnings("ignore")
def test_every_line_is_measured() -> None:
    lines = python_front.measured(
        Sizes(repeats=1, calls=2, rows=250, epochs=2, hidden=(4,), folds=2, workers=None)
    )
    assert len(lines) == 8 and all(seconds > 0 for line in lines for seconds in [*line.ours, *line.other])
    compared = [line for line in lines if line.other]
    assert len(compared) == 3 and all(line.scores is not None for line in compared)
    text = page(lines, 0.1)
    assert text.count("\n| ") == 10 and "GridSearchCV of 16 candidates" in text


def test_a_missed_target_is_told() -> None:
    text = page([Line("slow", [0.5, 0.3, 0.4], [0.8], (0.9, 0.8), most=0.1)], 0.0)
    assert "| slow | 400 | 800 | 2 | 0.9000 | 0.8000 | at most 100: **no** |" in text
