"""Predictions that stay within the range of the response in training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data_statistics import DataStatistics
from heavywater.deeplearning.explaining.contribution_options import ContributionOptions
from heavywater.deeplearning.explaining.contributions import contributions
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.row_scoring import RowScorer
from heavywater.errors import InvalidArgument
from heavywater.export.model_file import model_of_bytes
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...sessions import finished

SETTINGS = {"hidden": [8], "epochs": 4, "seed": 3, "mini_batch_size": 4, "clamp_predictions": True, "stopping_rounds": 0,
            "train_samples_per_iteration": -1, "overwrite_with_best_model": False}  # fmt: skip


def frame(n: int = 120, wide: float = 1.0, seed: int = 1) -> Frame:
    random = np.random.default_rng(seed)
    x = wide * random.normal(size=(2, n))
    y = np.exp(np.clip(x[0] - x[1] / 2, -3, 3)).round(2)
    y[0], w = (
        500.0,
        np.where(np.arange(n) == 0, 0.0, random.choice([0.5, 2.0], n)),
    )  # the greatest has no weight
    return Frame(["a", "b", "o", "w", "y"], [*map(numeric, (*x, x[1] / 9, w, y))], "rows")


@pytest.fixture(scope="module")
def session() -> LocalSession:
    found = LocalSession()
    found.store.put_frame(frame(), "rows")
    found.store.put_frame(frame(wide=6.0, seed=2), "far")
    return found


OPTIONS: list[dict[str, Any]] = [
    {},
    {"output_space": True},
    {"method": "exact", "output_format": "compact"},
    {"method": "integrated_gradients"},
]


def trained(session: LocalSession, **given: Any) -> DeepLearningModel:
    validation = given.pop("validation", "far")
    started = session.training.train(
        "deeplearning",
        {**SETTINGS, **given},
        x=["a", "b"],
        y="y",
        training_frame_key="rows",
        validation_frame_key=validation,
    )
    return session.store.get(finished(session, started), DeepLearningModel)


def cells(found: Frame) -> np.ndarray:
    return np.column_stack([column.numbers() for column in found.columns])


WAYS: list[dict[str, Any]] = [
    {"weights_column": "w"},
    {"distribution": "gamma", "weights_column": "w"},
    {"offset_column": "o", "weights_column": "w", "standardize": False},
    {"distribution": "poisson", "offset_column": "o"},
    {"distribution": "quantile", "quantile_alpha": [0.1, 0.5, 0.9], "weights_column": "w"},
    {"ensemble_size": 2},
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_nothing_that_is_predicted_leaves_the_range(session: LocalSession, way: dict[str, Any]) -> None:
    model, free = trained(session, **way), trained(session, **way, clamp_predictions=False)
    data, far = frame(), frame(wide=6.0, seed=2)
    counts = data.column("w").numbers() > 0 if "weights_column" in way else np.ones(data.nrow, bool)
    y = data.column("y").numbers()[counts]
    response = model.spec.response
    assert response is not None
    assert response.range == (y.min(), y.max())
    found, before = cells(model.predict(far)[0]), cells(free.predict(far)[0])
    np.testing.assert_array_equal(found, np.clip(before, y.min(), y.max()))
    assert (found != before).any()
    ends = cells(model.predict(far, interval=0.8)[0])
    assert (ends[:, -2] <= ends[:, 0]).all()
    assert (ends[:, 0] <= ends[:, -1]).all()
    assert y.min() <= ends.min()
    assert ends.max() <= y.max()
    metrics = model.metrics(far)[0]
    weights = far.column("w").numbers() if "weights_column" in way else None
    assert metrics["mae"] == pytest.approx(
        np.average(np.abs(far.column("y").numbers() - found[:, 0]), weights=weights)
    )
    assert model.validation_metrics is not None
    assert model.history is not None
    assert metrics["mae"] == pytest.approx(model.validation_metrics["mae"])
    last = dict(zip(model.history["columns"], model.history["rows"][-1], strict=True))
    assert last["validation_mae"] == pytest.approx(metrics["mae"])
    plain = {name: far.column(name).numbers().tolist() for name in ("a", "b", "o")}
    np.testing.assert_allclose(RowScorer(model).score(plain, far.nrow).numbers, found, rtol=1e-6)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_contributions_sum_to_it(session: LocalSession, way: dict[str, Any], options: dict[str, Any]) -> None:
    model, far = trained(session, **way), frame(12, wide=6.0, seed=2)
    found = cells(contributions(model, far, frame(9, seed=4), ContributionOptions.of(options))[0]).sum(axis=1)
    predicted = model.predict(far)[0].column("predict").numbers()
    response = model.spec.response
    assert response is not None
    if response.log_link and not options.get("output_space"):
        predicted = np.log(predicted)
    np.testing.assert_allclose(
        found, predicted, rtol=1e-5, atol=0.2 if "integrated" in str(options) else 1e-5
    )


def test_parts_of_a_frame_know_the_range_of_the_whole(session: LocalSession) -> None:
    model, data = trained(session, weights_column="w"), frame()
    p = model.parameters
    parts = [
        DataStatistics.of(data.take(rows), p) for rows in (np.arange(1), np.arange(1, 50), np.arange(50, 120))
    ]
    again = [DataStatistics.of_plain(part.plain()) for part in parts]
    merged = again[2].merge(again[0]).merge(again[1])
    assert model.spec.response is not None
    assert merged.rows.answers == model.spec.response.range == DataStatistics.of(data, p).rows.answers


def test_a_restart_may_widen_it(session: LocalSession) -> None:
    first = trained(session, validation=None, model_id="first", weights_column="w")
    other = frame(seed=5, wide=0.1)
    session.store.put_frame(other, "rows")
    same = trained(session, validation=None, checkpoint="first", epochs=6, weights_column="w")
    session.store.put_frame(
        Frame(other.names, [*other.columns[:4], numeric(np.arange(120) * 7.0 - 5)]), "rows"
    )
    wider = trained(session, validation=None, checkpoint="first", epochs=6, weights_column="w")
    free = trained(
        session, validation=None, checkpoint="first", epochs=6, weights_column="w", clamp_predictions=False
    )
    session.store.put_frame(frame(), "rows")
    ranges = [each.spec.response.range for each in (first, same, wider, free)]
    assert ranges[0] == ranges[1]
    assert ranges[2] == (min(2.0, ranges[0][0]), 119 * 7.0 - 5)
    assert ranges[3] is None


def test_a_file_keeps_it(session: LocalSession) -> None:
    model = trained(session, model_id="kept")
    again = model_of_bytes(session.model_files.to_bytes("kept"), 1)
    np.testing.assert_array_equal(
        cells(again.predict(frame(wide=6.0, seed=2))[0]), cells(model.predict(frame(wide=6.0, seed=2))[0])
    )


def test_it_is_for_numbers(session: LocalSession) -> None:
    data = frame()
    session.store.put_frame(
        Frame(["a", "b", "y"], [*data.columns[:2], enum(np.arange(120) % 2, ["n", "y"])]), "classes"
    )
    with pytest.raises(InvalidArgument, match="clamp_predictions=True: it is for regression"):
        session.training.train("deeplearning", SETTINGS, x=["a", "b"], y="y", training_frame_key="classes")
