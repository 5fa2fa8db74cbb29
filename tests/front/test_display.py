"""What is shown fits its page: width, digits, names, and no markup of users."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import h2o
import pytest
from h2o.display import tables
from h2o.display.tables import format_cell, format_table, html_table, shortened, width_of
from h2o.model.card import Curve
from h2o.two_dim_table import H2OTwoDimTable
from hypothesis import given
from hypothesis import strategies as st

CELLS = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=80), st.booleans())
HOSTILE = '<img src=x onerror="alert(1)">'


@given(st.floats(-1e300, 1e300))
def test_numbers_have_four_digits_or_all_before_the_point(value):
    text = format_cell(value)
    assert float(text) == pytest.approx(value, rel=5.01e-4)
    assert "e+04" not in text
    if abs(value) < 1e4:
        assert len(re.sub(r"e.*|[-.]", "", text).lstrip("0")) <= 4


@given(st.text(max_size=300), st.integers(8, 60))
def test_long_names_keep_both_ends(text, widest):
    shown = shortened(text, widest)
    assert len(shown) <= widest
    assert shown == text or (text.startswith(shown[:2]) and text.endswith(shown[-2:]) and "..." in shown)


WIDE = st.text(st.one_of(st.characters(), st.sampled_from("日本語👩\u0301\x1b\u202e\t")), max_size=60)


@given(st.lists(WIDE, min_size=1, max_size=12).flatmap(
    lambda names: st.tuples(st.just(names), st.lists(st.lists(CELLS | WIDE, min_size=len(names), max_size=len(names)), max_size=5))),
    st.integers(20, 120))  # fmt: skip
def test_no_table_is_wider_than_the_terminal(table, page):
    names, rows = table
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "page_width", lambda: page)
        lines = format_table(names, rows, title="About this table and what is in it").splitlines()
    assert max(map(width_of, lines)) <= page
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "page_width", lambda: None)
        whole = format_table(names, rows)
    assert "more columns" not in whole
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", whole), "controls the terminal"


def test_rather_than_a_column_texts_are_shortened(monkeypatch):
    names, row = (
        ["activation", "model_ids", "logloss"],
        ["RectifierWithDropout", "Grid_DeepLearning_model_python_17960_12", 0.25],
    )
    for page, shown in ((80, True), (60, True), (50, True), (30, False)):
        monkeypatch.setattr(tables, "page_width", lambda page=page: page)
        text = format_table(names, [row])
        assert ("0.25" in text) == shown and ("more columns" not in text) == shown
        assert max(map(width_of, text.splitlines())) <= page


def test_long_lines_are_broken_at_the_page(monkeypatch):
    monkeypatch.setattr(tables, "page_width", lambda: 30)
    for text in ("Inputs    " + "名前 " * 30, "Inputs    " + "名" * 60, "x" * 99, "Inputs    a b c"):
        lines = tables.within_page(text, " " * 10).splitlines()
        assert max(map(width_of, lines)) <= 30
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_columns_of_wide_characters_stand_below_each_other():
    lines = format_table(["名前", "n"], [["日本語", 1], ["ab", 2], ["e\u0301", 3]]).splitlines()
    assert width_of("日本語 e\u0301") == 8
    assert {width_of(line) for line in lines} == {9}


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self.cells += tag == "td"


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_tables_of_pages_hold_every_cell_and_no_markup_of_others(rows):
    page = _Cells()
    page.feed(html_table([HOSTILE, "b", "c"], rows, HOSTILE, note=HOSTILE))
    assert page.cells == 3 * len(rows)
    assert page.tags <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p"}


def test_columns_without_values_are_named_below():
    table = H2OTwoDimTable("t", None, ["", "a", "b"], cell_values=[["", 1, None], ["", 2, float("nan")]])
    assert table.to_text().splitlines()[1].split() == ["a"]
    assert "(no values: b)" in table.to_text() and "(no values: b)" in table._repr_html_()


def test_a_curve_marks_what_decides():
    history = H2OTwoDimTable(
        "h", None, ["epochs", "training_rmse", "validation_rmse"],
        cell_values=[[1.0, 5.0, 6.0], [2.0, 3.0, 4.0], [3.0, 1.0, 7.0]],
    )  # fmt: skip
    curve = Curve.of(history)
    assert curve is not None and curve.best() == ("valid", 1)
    assert curve.text() == "RMSE (valid): 6 at epoch 1 (first), 4 at epoch 2 (best), 7 at epoch 3 (last)"
    assert Curve.of(history[:1]) is None and Curve.of(None) is None


def test_hostile_names_do_no_harm():
    frame = h2o.H2OFrame(
        {HOSTILE: [1.0, 2.0, 3.0, 4.0] * 5, "y": [HOSTILE, "b"] * 10}, column_types={"y": "enum"}
    )
    model = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=2, seed=1)
    model.train(y="y", training_frame=frame)
    for shown in (model, frame, model.model_performance(frame), model.predict(frame)):
        page = _Cells()
        page.feed(shown._repr_html_())
        assert "img" not in page.tags and "script" not in page.tags
