"""The tables that methods are compared on, and what the figures come to, on made-up ones."""

from __future__ import annotations

import hashlib
import json
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from .tabular import page, picture, tables, worker
from .tabular.methods import METHODS
from .tabular.results import FILE, Results, geometric, summary
from .tabular.sets import BY_NAME, DEVELOPMENT, REPORTED
from .tabular.sources import Missing


def filled() -> Results:
    results = Results()
    for split in (1, 2):
        for name, error, loss in (("adult", 0.2, 0.5), ("german", 0.1, 0.25), ("bike", 40.0, None)):
            for method, factor in (("hgb", 1.0), ("tabular", 0.5 if name == "bike" else 1.25)):
                figures = {"error": error * factor * split, "seconds": 2 * factor, "processor_seconds": 4.0}
                if loss is not None:
                    figures |= {"logloss": loss * factor, "auc": 1 - 0.1 * factor**2}
                results.add(method, name, split, figures)
    return results


def test_tables_to_develop_on_are_not_those_that_are_reported():
    assert len(BY_NAME) == len(REPORTED) + len(DEVELOPMENT)
    assert len({table.checksum for table in BY_NAME.values()}) == len(BY_NAME)
    assert {table.kind for table in BY_NAME.values()} == {"regression", "binary", "classes"}


def test_a_table_that_has_changed_is_left_out_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "PLACE", tmp_path)
    tables.made(BY_NAME["california"])  # from tests/data
    file = tmp_path / "california.csv"
    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(BY_NAME["california"].checksum)
    file.write_text(file.read_text().replace("-122.23", "-122.24", 1))
    with pytest.raises(Missing, match="california"):
        tables.made(BY_NAME["california"])


def test_splits_part_the_rows_and_are_always_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "PLACE", tmp_path)
    frame = pd.DataFrame({"row": range(40), "c:category": ["a", "b", None, "NA"] * 10, "answer": range(40)})
    frame.to_csv(tmp_path / "bike.csv", index=False)
    cuts = [tables.cut(BY_NAME["bike"], split) for split in (1, 1, 2)]
    for each in cuts:
        assert len(each.test) == 10
        assert sorted([*each.train.row, *each.test.row]) == list(range(40))
        assert list(each.train.c.cat.categories) == ["NA", "a", "b"] and each.train.c.isna().any()
        assert (each.train_answer.to_numpy() == each.train.row).all()
    assert cuts[0].test.equals(cuts[1].test) and not cuts[0].test.equals(cuts[2].test)


def test_scores_are_those_of_the_largest_probability():
    answer = pd.Series(pd.Categorical(["a", "b", "b", "a"]))
    found = worker.scores(np.array([[0.6, 0.4], [0.3, 0.7], [0.9, 0.1], [1.0, 0.0]]), answer, "binary")
    assert found["error"] == 0.25
    assert found["logloss"] == pytest.approx(-math.log(0.6 * 0.7 * 0.1) / 4)
    assert found["auc"] == 0.75
    assert worker.scores(np.array([1.0, 5.0]), pd.Series([1.0, 2.0]), "regression")["error"] == math.sqrt(4.5)


def test_ratios_are_means_of_logarithms_and_the_milder_loss_counts():
    found = summary(filled(), "tabular", "hgb", ["adult", "german", "bike", "letter"])
    assert found is not None
    assert found.error == pytest.approx((1.25 * 1.25 * 0.5) ** (1 / 3))
    assert found.without_best == pytest.approx(1.25)
    assert (found.tables, found.wins) == (3, 1)
    assert found.logloss == pytest.approx(1.25) and found.worst_loss is not None
    assert found.worst_loss[0] == pytest.approx(1.25)  # 1 - AUC is 1.5625
    assert found.processor == pytest.approx(1)
    assert geometric([]) is None and summary(filled(), "tabular", "mlp", ["adult"]) is None


def test_figures_come_back_from_their_file(tmp_path):
    results = filled()
    results.write(tmp_path / "tables.json")
    again = Results.read(tmp_path / "tables.json")
    assert again == results and again.has("hgb", "bike", 2) and not again.has("hgb", "bike", 3)
    assert json.loads((tmp_path / "tables.json").read_text())["hgb"]["adult"]["1"]["error"] == 0.2
    assert Results.read(tmp_path / "none.json") == Results()


def test_the_page_has_what_was_measured_and_the_picture_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "PLACE", tmp_path)
    text = page.text(filled(), REPORTED)
    assert "| heavywater, preset Tabular | 3 | 0.921 | 1.250 | 1 |" in text
    assert "| bike | **30** | 60 |" in text
    picture.draw(filled(), REPORTED, tmp_path / "tables.svg")
    assert "HistGradientBoosting" in (tmp_path / "tables.svg").read_text()


def test_no_label_of_the_picture_touches_another_one_or_a_mark():
    """With the figures that are there."""
    figure = picture.drawn(Results.read(FILE), REPORTED)
    axes = figure.axes[1]
    figure.draw_without_rendering()
    labels = [text.get_window_extent() for text in axes.texts]
    marks = [line.get_window_extent() for line in axes.lines if line.get_marker() != "None"]
    assert len(labels) == len(marks) > 6
    for number, box in enumerate(labels):
        assert not any(box.overlaps(other) for other in [*labels[:number], *marks])
        assert axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1
    pyplot.close(figure)


def test_rivals_have_an_environment_of_their_own():
    assert {METHODS[m].environment for m in ("default", "tabular", "best")} == {""}
    assert {METHODS[m].environment for m in METHODS if m not in ("default", "tabular", "best")} == {"tables"}
