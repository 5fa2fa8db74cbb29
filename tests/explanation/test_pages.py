"""One page about models: its sections, its text, its HTML."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h2o
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.explanation import H2OExplanation

from .conftest import FACTOR, NUMBER

SMALL: dict[str, Any] = {"figsize": (8, 5), "top_n_features": 1, "render": False}
VOID = {"meta", "br", "img", "link", "hr"}


class Read(HTMLParser):
    """Elements with their attributes, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(binomial: Any, frame: Any) -> Any:
    return binomial.explain(frame, **SMALL)


def test_sections_of_one_model(page: Any, binomial: Any) -> None:
    expected = [
        "confusion_matrix",
        "learning_curve",
        "varimp",
        "permutation_importance",
        "shap_summary",
        "pdp",
        "ice",
    ]
    assert isinstance(page, H2OExplanation) and list(page) == expected
    assert page["learning_curve"]["plots"][binomial.model_id].figure().axes
    assert len(page["pdp"]["plots"]) == 1 and page["pdp"]["header"] == "Partial Dependence"
    assert page["confusion_matrix"]["data"][binomial.model_id].col_header[1:3] == ["no", "yes"]


def test_the_page_stands_alone(page: Any, tmp_path: Path) -> None:
    path = Path(page.save_html(tmp_path / "page.html"))
    text = path.read_text(encoding="utf-8")
    read = Read(text)
    assert not read.open
    sources = re.findall(r"""(?:src|href)=["']([^"']*)|url\(([^)]*)\)""", text)
    assert all(each.strip("'\"").startswith(("#", "data:")) for pair in sources for each in pair if each)
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))
    targets = [attributes["href"] for attributes in read.all("a")]
    assert len(targets) == 7 and {str(each)[1:] for each in targets} <= set(names)
    pictures = [each for each in read.all("div") if each.get("role") == "img"]
    assert len(pictures) == 6 and all(each["aria-label"] for each in pictures)
    assert len(read.all("svg")) == 6 and len(read.all("details")) == 6
    assert "<b>" not in text and "#000000" not in text
    with pytest.raises(H2OValueError, match="exists"):
        page.save_html(path)
    page.save_html(path, force=True)


def test_numbers_have_four_digits(page: Any) -> None:
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page.to_html())
    numbers = [each for each in cells if re.fullmatch(r"-?[\d.]+(e-?\d+)?", each)]
    assert len(numbers) > 50
    digits = [re.sub(r"e.*|[-.]", "", each).lstrip("0") for each in numbers if "." in each]
    assert max(map(len, digits)) <= 4


def test_the_page_as_text(page: Any) -> None:
    text = str(page)
    assert text.startswith("Explanation of DeepLearning") and "Partial Dependence\n---" in text
    assert repr(page) == text and NUMBER in text


def test_shown_at_once(regression: Any, frame: Any, capsys: pytest.CaptureFixture[str]) -> None:
    regression.explain(frame, include_explanations="varimp", figsize=(8, 5))
    assert capsys.readouterr().out.startswith("Explanation of of_$numbers$\n")


def test_several_models(three: Any, frame: Any) -> None:
    found = h2o.explain(
        three,
        frame,
        exclude_explanations=["learning_curve", "permutation_importance", "shap_summary"],
        **SMALL,
    )
    assert list(found) == [
        "leaderboard", "confusion_matrix", "varimp", "varimp_heatmap", "model_correlation_heatmap", "pdp"
    ]  # fmt: skip
    assert len(found["leaderboard"]["data"]["leaderboard"]) == 3
    assert not Read(found.to_html()).open


def test_other_kinds_of_models(multinomial: Any, autoencoder: Any, regression: Any, frame: Any) -> None:
    classes = multinomial.explain(
        frame, columns=[FACTOR], include_explanations=["confusion_matrix", "pdp"], **SMALL
    )
    table = classes["confusion_matrix"]["data"][multinomial.model_id]
    assert table["actual"] == ["0", "1", "2", "Total"] and list(classes["pdp"]["plots"]) == [FACTOR]
    assert list(autoencoder.explain(frame, **SMALL)) == [
        "reconstruction_error",
        "learning_curve",
        "varimp",
        "shap_summary",
    ]
    numbers = regression.explain(
        frame, include_explanations=["residual_analysis", "confusion_matrix"], **SMALL
    )
    assert list(numbers) == ["residual_analysis"]


def test_what_cannot_be_shown_is_told(regression: Any, binomial: Any, frame: Any, tmp_path: Path) -> None:
    without = frame[[name for name in frame.names if name != "y"]]
    found = regression.explain(without, include_explanations=["residual_analysis", "pdp"], **SMALL)
    assert (
        "no column 'y'" in found["residual_analysis"]["note"] and "no column &#39;y&#39;" in found.to_html()
    )
    imported = h2o.import_mojo(binomial.download_mojo(str(tmp_path / "m.zip")))
    told = imported.explain(frame, **SMALL)
    assert {"confusion_matrix", "shap_summary", "pdp"} <= set(told)


def test_models_of_different_kinds(binomial: Any, regression: Any, frame: Any) -> None:
    chosen = ["leaderboard", "confusion_matrix", "residual_analysis", "pdp"]
    found = h2o.explain([regression, binomial], frame, include_explanations=chosen, columns=[NUMBER], **SMALL)
    assert list(found) == chosen and "all have to be of one kind" in found["leaderboard"]["note"]
    assert list(found["confusion_matrix"]["data"]) == [binomial.model_id]
    assert list(found["residual_analysis"]["plots"]) == [regression.model_id]
    message = "must predict the same response .* 'y' .Regression., .* 'two' .Binomial."
    assert re.search(message, found["pdp"]["note"])
    with pytest.raises(H2OValueError, match=message):
        h2o.pd_multi_plot([regression, binomial], frame, NUMBER)
    row = h2o.explain_row([regression, binomial], frame, 1, columns=[NUMBER], **SMALL)
    assert [bool(re.search(message, row[key].get("note", ""))) for key in row] == [True, False, True]


def test_frames_of_one_row_and_of_none(binomial: Any, frame: Any) -> None:
    assert not any("note" in each for each in binomial.explain(frame[0:1, :], **SMALL).values())
    with pytest.raises(H2OValueError, match="the frame has no rows"):
        binomial.explain(frame[frame[NUMBER] > 99, :], **SMALL)


def test_several_quantiles(frame: Any) -> None:
    model = h2o.H2ODeepLearningEstimator(
        hidden=[3], epochs=0.5, seed=1, distribution="quantile", quantile_alpha=[0.1, 0.9]
    ).train(x=[NUMBER], y="y", training_frame=frame)
    page = model.explain(frame, **SMALL)
    assert {"permutation_importance", "shap_summary"} <= set(page) and not any(
        "note" in page[key] for key in page
    )


def test_one_row(binomial: Any, three: Any, frame: Any) -> None:
    found = binomial.explain_row(frame, 2, **SMALL)
    assert list(found) == ["shap_explain_row", "ice"] and "row 2" in str(found)
    several = h2o.explain_row(three, frame, 2, **SMALL)
    assert list(several) == ["leaderboard", "shap_explain_row", "ice"]
    chances = several["leaderboard"]["data"]["leaderboard"]
    for key, chance in zip(chances["model_id"], chances["yes"], strict=True):
        assert chance == pytest.approx(h2o.get_model(key).predict(frame[2:3, :]).as_data_frame()["yes"][0])
    with pytest.raises(H2OValueError, match="row_index=99"):
        binomial.explain_row(frame, 99)


def test_options_of_single_plots(regression: Any, frame: Any) -> None:
    found = regression.explain(
        frame,
        columns=[FACTOR],
        include_explanations=["pdp"],
        plot_overrides={"pdp": {"max_levels": 1}},
        **SMALL,
    )
    assert len(found["pdp"]["plots"][FACTOR].figure().axes[0].get_xticklabels()) == 2  # and the missing one
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"plot_overrides": {"pie": {}}}, "plot_overrides: 'pie' must be one of"),
        ({"include_explanations": ["pie"]}, "include_explanations: 'pie' must be one of ALL"),
        ({"include_explanations": "pdp", "exclude_explanations": "ice"}, "exclude each other"),
    ]
    for options, message in wrong:
        with pytest.raises(H2OValueError, match=message):
            regression.explain(frame, render=False, **options)
    told = regression.explain(frame, include_explanations="pdp", plot_overrides={"pdp": {"size": 1}}, **SMALL)
    assert "'size' is no option" in told["pdp"]["note"]
    with pytest.raises(H2OTypeError, match="must be a dict"):
        regression.explain(frame, plot_overrides={"pdp": 3})


def test_a_notebook_shows_it_once(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    display = pytest.importorskip("IPython.display")
    shown: list[Any] = []
    monkeypatch.setattr(display, "display", shown.append)
    shell = SimpleNamespace(execution_count=4, kernel=None)
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: shell)
    page.render()
    page._ipython_display_()
    assert len(shown) == 1 and "h2o-explanation" in shown[0].data
    shell.execution_count = 5
    page._ipython_display_()
    assert len(shown) == 2
