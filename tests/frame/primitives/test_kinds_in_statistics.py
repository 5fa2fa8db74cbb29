"""What sums, moments, ranks and aggregates make of columns that hold no numbers.

The values are those of H2O 3.46; where H2O's have no meaning the comment says what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from heavywater.errors import InvalidType
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.frame import Frame
from heavywater.frame.language.expressions import evaluate
from heavywater.frame.language.rapids import parse
from heavywater.frame.primitives import operation
from heavywater.session import LocalSession

NAN = float("nan")
DAY = 86_400_000
DAYS = 18262 * DAY + DAY * np.arange(6)
GAP = np.array([False, False, True, False, False, False])
IDS = [f"6BA7B81{k}-9DAD-11D1-80B4-00C04FD430C8" for k in range(6)]
COLUMNS: dict[str, Column] = {
    "one": enum(np.zeros(6, int), ["k"]),
    "two": enum(np.array([0, 1, 0, 1, 0, 1]), ["a", "b"]),
    "two_gap": enum(np.array([0, 1, 0, 1, -1, 1]), ["a", "b"]),
    "three": enum(np.array([0, 1, 2, 0, 1, 2]), ["x", "y", "z"]),
    "three_gap": enum(np.array([0, 1, 2, 0, -1, 2]), ["x", "y", "z"]),
    "text": strings(["p", "q", "r", None, "p", "q"]),
    "id": strings(IDS, "uuid"),
    "time": times(DAYS),
    "time_gap": times(DAYS, GAP),
    "n": numeric(np.arange(1, 7)),
}
T, G = float(DAYS.sum()), float(DAYS[~GAP].sum())
VT = float(DAYS.astype(float).var(ddof=1))
# one, two, two_gap, three, three_gap, text, id, time, time_gap, n
TABLE: dict[str, list[Any]] = {
    "sum": [0, 3, NAN, NAN, NAN, NAN, NAN, T, NAN, 21],
    "sumNA": [0, 3, 3, NAN, NAN, NAN, NAN, T, G, 21],
    "mean": [0, 0.5, NAN, NAN, NAN, NAN, NAN, T / 6, NAN, 3.5],  # of time_gap: an error
    "mean.na": [0, 0.5, 0.6, NAN, NAN, NAN, NAN, T / 6, G / 5, 3.5],
    "sumaxis": [0, 3, NAN, NAN, NAN, NAN, NAN, T, NAN, 21],
    "min": [0, 0, NAN, 0, NAN, NAN, NAN, DAYS[0], NAN, 1],
    "minNA": [0, 0, 0, 0, 0, NAN, NAN, DAYS[0], DAYS[0], 1],
    "max": [0, 1, NAN, 2, NAN, NAN, NAN, DAYS[5], NAN, 6],
    "maxNA": [0, 1, 1, 2, 2, NAN, NAN, DAYS[5], DAYS[5], 6],
    "prod": [None, None, None, None, None, None, None, np.prod(DAYS.astype(float)), NAN, 720],
    "sd": [NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 3.5**0.5],
    "median": [NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 3.5],
    "skewness": [NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0],
    "var": [0, 0.3, NAN, NAN, NAN, NAN, NAN, VT, NAN, 3.5],
    "var.na": [0, 0.3, 0.3, NAN, NAN, NAN, NAN, VT, float(DAYS[~GAP].astype(float).var(ddof=1)), 3.5],
    "cor": [NAN, 1, NAN, NAN, NAN, NAN, NAN, 1, NAN, 1],
    "quantile": [
        NAN,
        NAN,
        NAN,
        NAN,
        NAN,
        NAN,
        NAN,
        (DAYS[2] + DAYS[3]) / 2,
        DAYS[3],
        3.5,
    ],  # of times: missing
    "which.max": [0, 1, 1, NAN, NAN, NAN, NAN, 5, 5, 5],  # of texts: an error
    "which.min": [0, 0, 0, NAN, NAN, NAN, NAN, 0, 0, 0],
    "any": [0, 0, 0, 0, 0, 0, 0, 1, 1, 1],  # of texts: 1
    "all": [0, 0, 0, 0, 0, 0, 0, 1, 1, 1],
    "naCnt": [0, 0, 1, 0, 1, 1, 0, 0, 1, 0],
    "cumsum": [None, None, None, None, None, None, None, T, NAN, 21],
    "cummax": [None, None, None, None, None, None, None, DAYS[5], NAN, 6],
    "difflag1": [None, None, None, None, None, None, None, DAY, DAY, 1],  # of times: an error of its client
}
FURTHER: dict[str, tuple[Any, ...]] = {
    "mean": (False, 0), "mean.na": (True, 0), "sumaxis": (False, 0), "sd": (True,), "median": (True,), "skewness": (True,),
    "quantile": ([0.5],), "which.max": (True, 0), "which.min": (True, 0), "cumsum": (0,), "cummax": (0,),
}  # fmt: skip


def frame_of(*names: str) -> Frame:
    return Frame(list(names), [COLUMNS[name] for name in names])


def figure(name: str, frame: Frame) -> float:
    """The last number of what an operation makes of a frame of one column."""
    function = operation(name.removesuffix(".na"))
    if name.startswith(("var", "cor")):
        result = function(frame, frame, "complete.obs" if name.endswith(".na") else "everything")
    else:
        result = function(frame, *FURTHER.get(name, ()))
    while isinstance(result, (Frame, list)):
        result = result.columns[-1].numbers()[-1] if isinstance(result, Frame) else result[-1]
    return float(result)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", TABLE)
def test_one_column(name: str, column: str) -> None:
    expected = TABLE[name][list(COLUMNS).index(column)]
    if expected is None:
        with pytest.raises(
            InvalidType, match=rf"{name}: column '{column}' is of type {COLUMNS[column].kind}"
        ):
            figure(name, frame_of(column))
    else:
        assert figure(name, frame_of(column)) == pytest.approx(expected, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", ["sum", "sumNA", "min", "minNA", "max", "maxNA"])
@pytest.mark.parametrize("other", [name for name in COLUMNS if name != "n"])
def test_a_total_of_several_columns_is_that_of_their_totals(name: str, other: str) -> None:
    parts = [TABLE[name][list(COLUMNS).index(each)] for each in (other, "n")]
    ways: dict[str, Callable[[Any], Any]] = {"sum": np.sum, "min": np.min, "max": np.max}
    combine = ways[name.removesuffix("NA")]
    assert operation(name)(frame_of(other, "n")) == pytest.approx(combine(parts), nan_ok=True)


@pytest.mark.parametrize("name", ["sumaxis", "mean"])
@pytest.mark.parametrize("other", [name for name in COLUMNS if name != "n"])
def test_rows(name: str, other: str) -> None:
    """Columns of numbers alone count; where nothing is left out, the others make the rows missing."""
    function = operation(name)
    assert function(frame_of(other, "n"), True, 1).columns[0].numbers().tolist() == [1, 2, 3, 4, 5, 6]
    assert np.isnan(function(frame_of(other, "n"), False, 1).columns[0].numbers()).all()
    assert np.isnan(function(frame_of(other), True, 1).columns[0].numbers()).all()


def test_places_in_rows() -> None:
    frame = frame_of("three", "n", "time", "text")
    for name in ("which.max", "which.min"):
        assert operation(name)(frame, True, 1).columns[0].numbers().tolist() == [1] * 6


@pytest.mark.parametrize("other", [name for name in COLUMNS if COLUMNS[name].kind == "enum"])
@pytest.mark.parametrize(
    ("call", "function"),
    [
        ("(sum x)", np.sum), ("(max x)", np.max), ("(min x)", np.min), ("(mean x 0 0)", np.mean),
        ("(sumNA x)", np.nansum), ("(maxNA x)", np.nanmax), ("(mean x 1 0)", np.nanmean), ("(sumaxis x 1 1)", np.nansum),
    ],
)  # fmt: skip
def test_functions_of_rows_see_codes(other: str, call: str, function: Any) -> None:
    session = LocalSession()
    frame = frame_of(other, "n")
    session.store.put_frame(frame, "mixed")
    found = evaluate(parse(f"(apply mixed 1 {{ x . {call} }})"), session.frames.place())
    matrix = np.stack([column.numbers() for column in frame.columns], axis=1)
    np.testing.assert_allclose(found.columns[0].numbers(), function(matrix, axis=1))


@pytest.mark.parametrize("call", ["(sum x)", "(mean x 1 0)", "(max x)", "(prod x)", "(sd x 1)"])
def test_functions_of_rows_refuse_texts_by_name(call: str) -> None:
    session = LocalSession()
    session.store.put_frame(frame_of("text", "n"), "mixed")
    with pytest.raises(InvalidType, match="column 'text' is of type string"):
        evaluate(parse(f"(apply mixed 1 {{ x . {call} }})"), session.frames.place())


@pytest.mark.parametrize("name", ["var", "cor"])
def test_matrices_of_several_columns(name: str) -> None:
    """A column without moments is missing in its row and column, and changes no other figure."""
    names = ["two", "text", "n", "three_gap", "id"]
    for use in ("everything", "complete.obs"):
        found = operation(name)(frame_of(*names), frame_of(*names), use)
        matrix = np.stack([column.numbers() for column in found.columns], axis=1)
        plain = operation(name)(frame_of("two", "n"), frame_of("two", "n"), use)
        expected = np.full((5, 5), NAN)
        expected[np.ix_([0, 2], [0, 2])] = np.stack([column.numbers() for column in plain.columns], axis=1)
        np.testing.assert_allclose(matrix, expected)


AGGREGATES: dict[str, Callable[[np.ndarray], float]] = {
    "sum": np.sum, "mean": np.mean, "min": np.min, "max": np.max, "median": np.median,
    "var": lambda x: np.var(x, ddof=1), "sdev": lambda x: np.std(x, ddof=1), "sumSquares": lambda x: np.sum(x**2),
}  # fmt: skip


@pytest.mark.parametrize("name", AGGREGATES)
@pytest.mark.parametrize("column", COLUMNS)
def test_aggregates_of_groups(name: str, column: str) -> None:
    frame = Frame(["g", column], [enum(np.arange(6) % 2, ["even", "odd"]), COLUMNS[column]])
    if COLUMNS[column].is_text:
        with pytest.raises(InvalidType, match=f"{name} of column '{column}': the column is of type"):
            operation("GB")(frame, [0], name, 1, "all")
        return
    found = operation("GB")(frame, [0], name, 1, "all").columns[1]
    numbers = COLUMNS[column].numbers()
    expected = [AGGREGATES[name](numbers[k::2]) for k in range(2)]
    np.testing.assert_allclose(found.numbers(), expected, rtol=1e-9)


@pytest.mark.parametrize("name", ["cummin", "cummax"])
def test_running_extremes_of_times_are_times(name: str) -> None:
    result = operation(name)(frame_of("time_gap", "n"), 0)
    assert [c.kind for c in result.columns] == ["time", "int"]
    assert result.columns[0].missing_count == 4
