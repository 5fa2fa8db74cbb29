"""Drawings of contributions: what is drawn is what `predict_contributions` tells."""

from __future__ import annotations

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError

from .conftest import FACTOR, NUMBER, OTHER, PREDICTORS, TINY, cells, drawn

SMALL: dict[str, Any] = {"figsize": (6, 4)}


def points(result: Any) -> list[np.ndarray]:
    """The contributions in each row of a drawing, the lowest first."""
    return [np.asarray(each.get_offsets())[:, 0] for each in result.figure().axes[0].collections]


def names(result: Any) -> list[str]:
    return [each.get_text() for each in result.figure().axes[0].get_yticklabels()]


def test_points_are_contributions(binomial: Any, frame: Any) -> None:
    found = binomial.predict_contributions(frame, output_format="Compact").as_data_frame()
    result = binomial.shap_summary_plot(frame, **SMALL)
    order = found[PREDICTORS].abs().mean().sort_values().index
    for name, swarm in zip(order, points(result), strict=True):
        np.testing.assert_allclose(np.sort(swarm), np.sort(found[name]), rtol=1e-6)
    drawn(result)
    assert len(points(binomial.shap_summary_plot(frame, top_n_features=2, **SMALL))) == 2
    few = points(binomial.shap_summary_plot(frame, columns=[NUMBER], samples=9, colormap="viridis", **SMALL))
    assert [len(each) for each in few] == [9]


def test_sizes_by_class(multinomial: Any, frame: Any) -> None:
    found = multinomial.predict_contributions(frame, output_format="Compact").as_data_frame()
    result = multinomial.shap_summary_plot(frame, **SMALL)
    sizes = sum(found[[f"{each}:{name}" for name in PREDICTORS]].abs().mean().to_numpy() for each in "012")
    bars = result.figure().axes[0].patches
    ends = [bar.get_x() + bar.get_width() for bar in bars][-len(PREDICTORS) :]
    np.testing.assert_allclose(ends, np.sort(sizes)[::-1], rtol=1e-6)
    drawn(result)
    of_one = points(multinomial.shap_summary_plot(frame, target="2", columns=[OTHER], **SMALL))
    np.testing.assert_allclose(np.sort(of_one[0]), np.sort(found[f"2:{OTHER}"]), rtol=1e-6)


def test_one_row(regression: Any, frame: Any) -> None:
    found = regression.predict_contributions(frame[3:4, :], output_format="Compact").as_data_frame().iloc[0]
    result = regression.shap_explain_row_plot(frame, 3, **SMALL)
    np.testing.assert_allclose(
        [bar.get_width() for bar in result.figure().axes[0].patches],
        np.sort(found[PREDICTORS])[::-1],
        rtol=1e-6,
    )
    assert any(name.startswith(r"pay \$a_1\$ & <b> = ") for name in names(result))
    drawn(result)
    negative = regression.shap_explain_row_plot(
        frame, 3, contribution_type="negative", top_n_features=1, **SMALL
    )
    assert [bar.get_width() for bar in negative.figure().axes[0].patches] == [
        pytest.approx(found[PREDICTORS].min())
    ]


def test_the_steps_lead_to_the_prediction(regression: Any, frame: Any) -> None:
    result = regression.shap_explain_row_plot(frame, 4, plot_type="breakdown", top_n_features=2, **SMALL)
    axes = result.figure().axes[0]
    bars = axes.patches
    assert len(bars) == 3 and names(result)[-1] == "2 other columns"
    predicted = regression.predict(frame[4:5, :]).as_data_frame()["predict"][0]
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(predicted, abs=1e-5)
    starts, ends = [bar.get_x() for bar in bars], [bar.get_x() + bar.get_width() for bar in bars]
    np.testing.assert_allclose(starts[1:], ends[:-1], rtol=1e-9)
    drawn(result)


def test_the_predicted_class_is_explained(multinomial: Any, frame: Any) -> None:
    predicted = multinomial.predict(frame[0:1, :]).as_data_frame()
    result = multinomial.shap_explain_row_plot(frame, 0, **SMALL)
    assert str(predicted["predict"][0]) in result.figure().axes[0].get_xlabel()
    with pytest.raises(H2OValueError, match="target='9' is no class"):
        multinomial.shap_explain_row_plot(frame, 0, target="9")


def test_without_the_training_frame() -> None:
    """What is explained takes its place."""
    table = cells()
    data = h2o.H2OFrame(table)
    model = h2o.H2ODeepLearningEstimator(**TINY).train(x=PREDICTORS, y="y", training_frame=data)
    h2o.remove(data)
    drawn(model.shap_summary_plot(table, **SMALL))
    drawn(model.shap_explain_row_plot(table, 2, **SMALL))
    with pytest.raises(H2OValueError, match="background_frame is missing"):
        model.shap_explain_row_plot(table.iloc[:1], 0)
    drawn(model.shap_explain_row_plot(table.iloc[:1], 0, background_frame=table, **SMALL))


def test_an_autoencoder_has_contributions_to_its_error(autoencoder: Any, frame: Any) -> None:
    result = autoencoder.shap_summary_plot(frame, **SMALL)
    assert result.figure().axes[0].get_xlabel() == "contribution to the reconstruction error"
    drawn(autoencoder.shap_explain_row_plot(frame, 1, **SMALL))


def test_wrong_questions(binomial: Any, frame: Any) -> None:
    with pytest.raises(H2OValueError, match="samples=0"):
        binomial.shap_summary_plot(frame, samples=0)
    with pytest.raises(H2OValueError, match="'group' has no contribution"):
        binomial.shap_summary_plot(frame, columns=["group"])
    with pytest.raises(H2OTypeError, match="must be a list of columns"):
        binomial.shap_summary_plot(frame, columns=FACTOR)
    with pytest.raises(H2OValueError, match="plot_type='pie'"):
        binomial.shap_explain_row_plot(frame, 0, plot_type="pie")
    with pytest.raises(H2OValueError, match="contribution_type='no'"):
        binomial.shap_explain_row_plot(frame, 0, contribution_type="no")
    with pytest.raises(H2OValueError, match="no rows"):
        binomial.shap_summary_plot(frame[frame[OTHER] > 99, :])
