"""Pictures: whatever the values are there is one, small, escaped, and with every peak."""

from __future__ import annotations

import json
import math
import re
import struct
import zlib
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from heavywater.server.pages.charts.axis_scale import AxisScale, scale_of
from heavywater.server.pages.charts.bar_chart import bars
from heavywater.server.pages.charts.drawing import NOTHING
from heavywater.server.pages.charts.heat import heat_class
from heavywater.server.pages.charts.histogram_chart import histogram, spark
from heavywater.server.pages.charts.line_chart import lines
from heavywater.server.pages.charts.picture import diverging, grey
from heavywater.server.pages.charts.scatter_chart import scatter
from heavywater.server.pages.charts.thinning import merged, plain, sampled, thinned
from hypothesis import given
from hypothesis import strategies as st

HOSTILE = "<img src=x onerror=alert(1)>\"'&"
STRANGE = [
    [],
    [None, math.nan],
    [5.0],
    [3.0, 3.0, 3.0],
    [1e-300, 1e300],
    [-1.7e308, 1.7e308],
    [math.inf, 1.0, -math.inf, 2.0],
    [1e15, 1e15 + 1],
    [0.0, 5e-324],
    [True, False],
]


class Numbers(HTMLParser):
    """Fails at a number that is none, or a style, in any attribute of a picture."""

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            assert name != "style"
            if name in ("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height"):
                assert "nan" not in value
                assert "inf" not in value


def drawings(values):
    rows = list(range(len(values)))
    yield lines("l", {"a": (rows, values), "b": (values, rows)}, marks=[(1, "best")], diagonal=True)
    yield lines("l", {"a": (values, values)}, log_x=True, log_y=True)
    yield scatter("s", values, rows, zero=True)
    yield scatter("s", values, values, diagonal=True)
    yield scatter("s", values, values, log_x=True, log_y=True)
    yield bars("b", [str(each) for each in rows], values)
    yield histogram("h", [1, 2, 3], values[0] if values else math.nan, values[-1] if values else 0)
    yield spark("s", values)


@pytest.mark.parametrize("values", STRANGE, ids=str)
def test_strange_values_break_no_picture(values):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for picture in drawings(values):
            if picture and picture != NOTHING:
                assert 'role="img"' in picture
                assert re.search('aria-label="."', picture)
                Numbers().feed(picture)


@given(st.lists(st.floats(), max_size=20), st.booleans())
def test_any_values_have_a_scale_with_ticks(values, log):
    found = plain(values)
    scale = scale_of([found], log)
    if scale is not None:
        assert scale.low < scale.high
        places = scale.place(found)
        assert ((places[~np.isnan(places)] >= -1e-9) & (places[~np.isnan(places)] <= 1 + 1e-9)).all()
        ticks = scale.ticks()
        assert len(ticks) <= 12
        assert len({text for _, text in ticks}) == len(ticks)


def test_ticks_are_round_numbers():
    assert [text for _, text in AxisScale(0, 1).ticks()] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert [text for _, text in AxisScale(-3, 0.2).ticks()] == ["\u22123", "\u22122", "\u22121", "0"]
    assert [text for _, text in AxisScale(1e-4, 100, log=True).ticks()] == ["0.0001", "0.01", "1", "100"]
    assert [text for _, text in AxisScale(100000, 100004).ticks(4)][:2] == ["100\u202f000", "100\u202f001"]
    assert len({text for _, text in AxisScale(1.00001, 1.00002).ticks()}) >= 4


def test_names_of_users_are_texts():
    for picture in (
        lines(HOSTILE, {HOSTILE: ([1, 2], [1, 2]), "b": ([1], [1])}, x_label=HOSTILE, marks=[(1, HOSTILE)]),
        scatter(HOSTILE, [1, 2], [1, 2], x_label=HOSTILE, y_label=HOSTILE),
        histogram(HOSTILE, [1, 2], 0, 1, x_label=HOSTILE, mark=(0.5, HOSTILE)),
        bars(HOSTILE, [HOSTILE, "x" * 10_000], [1, 2]),
        spark(HOSTILE, [1, 2]),
    ):
        assert "<img" not in picture
        ElementTree.fromstring(f"<a>{picture}</a>")  # every quote is closed


def test_a_million_points_are_a_small_picture_with_all_peaks():
    y = np.zeros(1_000_000)
    y[123_456], y[654_321] = 7, -3
    found_x, found_y = thinned(np.arange(1e6), y)
    assert len(found_x) <= 1000
    assert (found_y.max(), found_y.min()) == (7, -3)
    assert (found_x[0], found_x[-1]) == (0, 999_999)
    assert len(lines("l", {"a": (np.arange(1e6), y)})) < 60_000
    found_x, found_y = sampled(np.arange(1e6), y, 1500)
    assert len(found_x) <= 1500
    assert found_y.max() == 7
    assert len(scatter("s", np.arange(1e6), y)) < 60_000


def test_gaps_are_gaps():
    picture = lines("l", {"a": ([0, 1, 2, 3, 4], [0, 1, math.nan, 1, 0])})
    path = re.search('<path d="([^"]*)" class="curve', picture)[1]
    assert path.count("M") == 2


def test_a_script_finds_the_curves_in_one_table():
    picture = lines(
        "roc", {"one": ([0, 0, 1], [0, 0.5, 1]), "two": ([0, 0.5, 1], [0, 0.7, 1])}, x_label="fpr"
    )
    told = json.loads(ElementTree.fromstring(picture).get("data-chart"))
    assert told["names"] == ["fpr", "one", "two"]
    assert told["columns"] == [[0, 0, 0.5, 1], [0, 0.5, None, 1], [0, None, 0.7, 1]]
    backwards = lines("l", {"a": ([2, 1], [0, 1])})
    assert "columns" not in json.loads(ElementTree.fromstring(backwards).get("data-chart"))


def test_curves_of_many_models_are_little_to_read():
    random = np.random.default_rng(1)
    series = {f"m{i}": (np.sort(random.random(1000)), random.random(1000)) for i in range(20)}
    told = json.loads(ElementTree.fromstring(lines("l", series)).get("data-chart"))
    assert len(told["columns"][0]) <= 2100


def test_the_largest_bar_is_longest_and_values_below_0_go_left():
    picture = ElementTree.fromstring(bars("b", ["a", "b", "c"], [2, -1, None]))
    shapes = [each.attrib for each in picture.iter("rect")]
    assert len(shapes) == 2
    assert float(shapes[0]["width"][:-1]) == pytest.approx(2 * float(shapes[1]["width"][:-1]), rel=1e-3)
    assert float(shapes[1]["x"][:-1]) == 0
    assert [each.text for each in picture.iter("text") if each.get("class") == "value"][-1] == "\u2013"


def test_bins_that_are_merged_lose_no_row():
    counts, together = merged(np.ones(1001), 200)
    assert (counts.sum(), together) == (1001, 6)
    assert len(counts) <= 200
    assert histogram("h", [0, 0], 0, 1) == NOTHING
    assert spark("s", [0, 0]) == ""


def test_shares_have_colours():
    assert [heat_class(share) for share in (None, math.nan, 0, 1e-9, 0.5, 1, 7)] == [
        "heat-0", "heat-0", "heat-0", "heat-1", "heat-5", "heat-10", "heat-10",
    ]  # fmt: skip


def pixels(content: bytes) -> np.ndarray:
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high, depth, kind = struct.unpack(">IIBB", content[16:26])
    start = content.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", content[start - 8 : start - 4])
    rows = np.frombuffer(zlib.decompress(content[start : start + length]), np.uint8).reshape(high, -1)
    assert depth == 8
    assert (rows[:, 0] == 0).all()
    return rows[:, 1:].reshape(high, wide, {0: 1, 2: 3}[kind])


def test_a_matrix_is_a_picture():
    assert pixels(grey(np.array([[0.0, 1], [2, math.nan]])))[..., 0].tolist() == [[0, 128], [255, 0]]
    found = pixels(diverging(np.array([[-1.0, 0, 2]]), zoom=2))
    assert found.shape == (2, 6, 3)
    assert found[0, 4].tolist() == [178, 24, 43]
    assert found[0, 2].tolist() == [247, 247, 247]
    assert found[0, 0, 2] > found[0, 0, 0]  # below 0 it is blue
    assert pixels(grey(np.zeros((0, 3)))).shape == (1, 1, 1)
