"""The page of test errors: which differences it calls worse, and that lines of other versions stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from .learning import NETS, Line, compared, read, table, worse, write


def lines(version: str, errors: list[float]) -> list[Line]:
    return [Line(version, NETS[0].title, seed, error) for seed, error in enumerate(errors)]


@pytest.mark.parametrize(("after", "expected"), [
    ([5.0, 5.2, 5.4], False), ([5.6, 5.8, 6.0], True), ([5.05, 5.25, 5.45], False), ([2.0, 5.6, 10.0], False), ([4.0, 4.1, 4.2], False),
])  # fmt: skip
def test_what_is_worse(after: list[float], expected: bool) -> None:
    assert worse(*compared([5.0, 5.2, 5.4], after)) == expected
    assert ("worse" in table(lines("old", [5.0, 5.2, 5.4]) + lines("new", after))) == expected


def test_standard_error_of_a_difference() -> None:
    difference, deviation = compared([1.0, 3.0], [2.0, 6.0])
    assert difference == 2
    assert deviation == pytest.approx((2 / 2 + 8 / 2) ** 0.5)


def test_file_and_page(tmp_path: Path) -> None:
    path = tmp_path / "learning.csv"
    assert read(path) == []
    kept = lines("old", [5.25, 5.5]) + lines("new", [5.0, 5.75])
    write(path, kept)
    assert read(path) == kept
    page = path.with_suffix(".md").read_text()
    assert f"| {NETS[0].title} | old | 2 | 5.38 |  |  |" in page
    assert "+0.00" in page
