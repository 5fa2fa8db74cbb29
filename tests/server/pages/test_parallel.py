"""Axes and lines of parallel coordinates."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.server.pages.charts.parallel_axes import NONE, axis_of
from heavywater.server.pages.charts.parallel_chart import parallel
from hypothesis import given
from hypothesis import strategies as st

VALUES = (
    st.none()
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.text(max_size=5)
    | st.lists(st.integers(), max_size=3)
)


@given(st.lists(VALUES | st.just(math.nan), max_size=20), st.sampled_from(["auto", "linear", "log"]))
def test_every_value_has_a_place(values: list[Any], scale: str):
    axis = axis_of("a", values, scale)
    assert len(axis.at) == len(values)
    places = [stop.place for stop in axis.stops]
    assert all(0 <= place <= 1 for place in places) and places == sorted(places)
    assert len({stop.word for stop in axis.stops}) == len(axis.stops)
    for stop, number in zip(axis.stops, range(len(axis.stops)), strict=True):
        assert axis.between(stop.word, stop.word) == (number, number)
    assert parallel("all", [axis, axis], [0] * len(values)).count("<path") == len(values)


def test_missing_values_lie_below_all_others():
    axis = axis_of("a", [3, None, 1, math.nan])
    assert [(stop.word, stop.place) for stop in axis.stops] == [(NONE, 0.0), ("1", 0.12), ("3", 1.0)]
    assert axis.at == [2, 0, 1, 0] and axis.ticks[0] == (0.0, NONE)


def test_values_that_span_decades_have_a_logarithmic_axis():
    values = [1e-5, 1e-3, 1e-1]
    axis = axis_of("a", values)
    assert axis.log and [stop.place for stop in axis.stops] == pytest.approx([0, 0.5, 1])
    assert not axis_of("a", values, "linear").log
    assert (
        not axis_of("a", [1, 50]).log
        and axis_of("a", [1, 50]).can_be_log
        and axis_of("a", [1, 50], "log").log
    )
    assert not axis_of("a", [-1, 1e9], "log").log


def test_zero_has_a_place_below_a_logarithmic_axis():
    axis = axis_of("a", [0, 1e-5, 1e-3, None])
    assert axis.log and [stop.word for stop in axis.stops] == [NONE, "0", "1e-05", "0.001"]
    assert [text for _, text in axis.ticks] == [NONE, "0", "1e-5", "0.001"]


def test_lists_lie_in_the_order_of_their_size():
    axis = axis_of("hidden", [[200, 200], [50], [10, 10, 10], [8, 8], [400]])
    assert [stop.text for stop in axis.stops] == ["[50]", "[400]", "[8, 8]", "[200, 200]", "[10, 10, 10]"]
    assert not axis.numeric and axis_of("a", [True, False]).stops[0].text == "false"


def test_ranges():
    axis = axis_of("a", [None, 1, 2, 5])
    assert axis.between("", "") == (0, 3)
    assert axis.between("1.5", "4") == (2, 2)
    assert axis.between("", "2") == (0, 2) and axis.between("none", "none") == (0, 0)
    low, high = axis.between("3", "2.5")
    assert low > high
    with pytest.raises(InvalidArgument, match="a: 'much' is no number"):
        axis.between("much", "")
    with pytest.raises(InvalidArgument, match="none of its values"):
        axis_of("b", ["x", "y"]).between("z", "")


def test_the_best_lines_are_drawn_last():
    axis = axis_of("a", [1, 2, 3, None])
    picture = parallel("three", [axis, axis], [0, 4, 2, None], best=[1], out=[2])
    assert re.findall(r'<path class="([^"]+)"', picture) == [
        "failed",
        "shade-0",
        "shade-2 out",
        "shade-4 best",
    ]


def test_texts_of_users_are_escaped_and_cut():
    long = "<b>" + 300 * "x"
    picture = parallel("a", [axis_of(long, [long, "y"])], [0, 1])
    assert "<b>" not in picture and "&lt;b&gt;" in picture and 250 * "x" not in picture
