"""What docs/coming-from-h2o-3.md says of operations on frames."""

import math
from typing import Any

import h2o
import numpy as np
import pytest
import scipy.sparse
from h2o.exceptions import H2OValueError
from hypothesis import given, settings
from hypothesis import strategies as st

CELLS = st.lists(st.one_of(st.none(), st.integers(-4, 4)), min_size=3, max_size=12)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_spearman_averages_the_ranks_of_ties(data: Any) -> None:
    first = data.draw(st.lists(st.integers(0, 4), min_size=4, max_size=12))
    second = data.draw(st.lists(st.integers(0, 4), min_size=len(first), max_size=len(first)))
    if len(set(first)) < 2 or len(set(second)) < 2:
        return
    frame = h2o.H2OFrame({"p": first, "q": second})
    expected = scipy.stats.spearmanr(first, second).statistic
    assert frame["p"].cor(frame["q"], method="Spearman") == pytest.approx(expected)
    assert frame.cor(method="Spearman").names == ["p", "q"]


@settings(max_examples=25, deadline=None)
@given(CELLS, st.integers(1, 3))
def test_whole_quotients_of_missing_numbers_are_missing(cells: list[Any], divisor: int) -> None:
    found = (h2o.H2OFrame({"a": cells}, column_types={"a": "int"}) // divisor).as_data_frame()["a"]
    expected = [np.nan if cell is None else math.trunc(cell / divisor) for cell in cells]
    assert np.array_equal(found.to_numpy(float), np.array(expected, float), equal_nan=True)


def test_rows_that_do_not_exist() -> None:
    frame = h2o.H2OFrame({"a": [1, 2, 3]})
    for rows in (3, 7, [0, 3], np.array([5]), -4):
        with pytest.raises(H2OValueError, match=r"3 rows"):
            frame[rows, :]
    assert frame[1:9, :].nrow == 2 and frame[-1, 0] == 3


@pytest.mark.parametrize("kind", ["string", "enum"])
@pytest.mark.parametrize(
    "operation",
    ["gsub('a', 'x')", "sub('a', 'x')", "trim()", "lstrip()", "rstrip()", "nchar()", "substring(0, 1)",
     "countmatches('a')", "toupper()"],
)  # fmt: skip
def test_operations_on_texts_keep_the_name(kind: str, operation: str) -> None:
    frame = h2o.H2OFrame({"town": ["ab ", "b"]}, column_types={"town": kind})
    method, _, arguments = operation.partition("(")
    given = [word.strip().strip("'") for word in arguments[:-1].split(",") if word.strip()]
    found = getattr(frame, method)(*(int(word) if word.isdigit() else word for word in given))
    assert found.names == ["town"]


def test_a_column_without_values_keeps_its_type() -> None:
    frame = h2o.H2OFrame({"e": [None, None], "n": [1, 2]}, column_types={"e": "enum"})
    assert frame.types["e"] == "enum" and frame["e"].levels() == [[]]
    assert frame[frame["n"] > 1, :].types["e"] == "enum"


def test_rbind_keeps_the_order_and_sorts_the_levels() -> None:
    first = h2o.H2OFrame({"k": [1, 2], "e": ["x", "y"]}, column_types={"e": "enum"})
    second = h2o.H2OFrame({"k": [0, 5], "e": ["z", "a"]}, column_types={"e": "string"})
    found = first.rbind([second, first])
    assert found.as_data_frame()["k"].tolist() == [1, 2, 0, 5, 1, 2]
    assert found["e"].levels() == [["a", "x", "y", "z"]]


def test_a_scipy_matrix_takes_names() -> None:
    assert h2o.H2OFrame(scipy.sparse.csr_matrix(np.eye(2)), column_names=["p", "q"]).names == ["p", "q"]
