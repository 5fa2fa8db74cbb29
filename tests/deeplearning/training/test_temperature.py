"""Outputs of classifiers are divided by the number with which rows held out have the least log-loss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.uncertainty.temperature import FittedTemperature, tempered
from heavywater.errors import InvalidArgument
from heavywater.export.model_file import model_of_bytes
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession
from hypothesis import given, settings
from hypothesis import strategies as st

from ...sessions import finished

SETTINGS = {"hidden": [12], "epochs": 8, "seed": 5, "mini_batch_size": 8, "stopping_rounds": 0, "classification_stop": -1,
            "train_samples_per_iteration": -1, "overwrite_with_best_model": False}  # fmt: skip


def frame(classes: int, n: int = 160, seed: int = 1) -> Frame:
    random = np.random.default_rng(seed)
    x = random.normal(size=(2, n))
    z = x[0] - x[1] ** 2 + random.normal(size=n)
    ranks = np.argsort(np.argsort(z)) / n
    y = np.minimum((classes * ranks**2).astype(int), classes - 1)
    weights = random.choice([0.0, 0.5, 2.0], n, p=[0.1, 0.5, 0.4])
    return Frame(
        ["a", "b", "y", "w"],
        [*map(numeric, x), enum(y, [f"c{k}" for k in range(classes)]), numeric(weights)],
        "rows",
    )


def session_with(classes: int) -> LocalSession:
    session = LocalSession()
    session.store.put_frame(frame(classes), "rows")
    session.store.put_frame(frame(classes, 90, 2), "rest")
    return session


def trained(session: LocalSession, **given: Any) -> DeepLearningModel:
    validation = given.pop("validation", None)
    chosen = {
        name: value
        for name, value in SETTINGS.items()
        if name != "epochs" or not given.get("epochs_candidates")
    }
    started = session.training.train(
        "deeplearning",
        {**chosen, **given},
        x=["a", "b"],
        y="y",
        training_frame_key="rows",
        validation_frame_key=validation,
    )
    return session.store.get(finished(session, started), DeepLearningModel)


def probabilities(model: DeepLearningModel) -> np.ndarray:
    found, _ = model.predict(frame(len(model.spec.response.domain or ()), 50, 3))
    return np.column_stack([column.numbers() for column in found.columns[1:]])


@given(
    n=st.integers(20, 200), classes=st.integers(2, 5), scale=st.floats(0.3, 8), seed=st.integers(0, 10**6), weighted=st.booleans()
)  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_no_other_number_is_better(n: int, classes: int, scale: float, seed: int, weighted: bool) -> None:
    random = np.random.default_rng(seed)
    z = scale * random.normal(size=(n, classes))
    chances = np.exp(z - z.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    actual = np.where(random.random(n) < 0.6, chances.argmax(axis=1), random.integers(0, classes, n))
    actual[random.random(n) < 0.05] = -1
    weights = random.choice([0.0, 1.0, 3.0], n) if weighted else None
    load = np.where(actual >= 0, 1.0 if weights is None else weights, 0.0)
    if not load.any():
        return
    found = FittedTemperature.learned(chances, actual, weights, "here")

    def loss(temperature: float) -> float:
        own = tempered(chances, temperature)[np.arange(n), actual]
        return float(np.average(-np.log(own), weights=load))

    if found is None:
        assert loss(0.04) <= loss(0.05)
        return
    assert 0.05 <= found.value <= 20
    assert found.logloss_after == pytest.approx(loss(found.value), rel=1e-9)
    assert found.logloss_after <= found.logloss_before + 1e-12
    for other in (found.value * 1.02, found.value / 1.02):
        if 0.05 <= other <= 20:
            assert loss(other) >= loss(found.value) - 1e-12


def test_rows_that_are_all_right_have_no_best_number() -> None:
    chances = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert FittedTemperature.learned(chances, np.array([0, 1]), None, "here") is None
    wrong = FittedTemperature.learned(chances, np.array([1, 0]), None, "here")
    assert wrong is not None
    assert wrong.value == 20
    assert FittedTemperature.learned(chances, np.array([-1, -1]), None, "here") is None


WAYS: dict[str, dict[str, Any]] = {
    "hold-out": {"validation_fraction": 0.3, "weights_column": "w"},
    "validation frame": {"validation": "rest"},
    "calibration frame": {"calibration_frame": "rest", "validation_fraction": 0.3},
    "cross-validation": {"nfolds": 2},
    "3 folds": {"epochs_candidates": [8.0], "epochs_folds": 3},
}


@pytest.mark.parametrize(
    ("source", "more", "classes"),
    [
        ("hold-out", {}, 2),
        ("validation frame", {"balance_classes": True}, 3),
        ("calibration frame", {"balance_classes": True}, 2),
        ("cross-validation", {}, 3),
        ("3 folds", {"ensemble_size": 2}, 3),
    ],
    ids=str,
)
def test_the_network_has_it_in_its_last_layer(source: str, more: dict[str, Any], classes: int) -> None:
    session, ways = session_with(classes), WAYS[source]
    before = trained(session, **{**ways, **more, "epochs_candidates": None})
    model = trained(session, **ways, **more, fit_temperature=True)
    fitted = model.temperature
    assert fitted is not None
    assert fitted.source == source
    assert fitted.value != 1
    old, new = probabilities(before), probabilities(model)
    np.testing.assert_allclose(new, tempered(old, fitted.value), rtol=2e-5, atol=1e-6)
    assert (old.argmax(axis=1) == new.argmax(axis=1)).all()
    if source in ("hold-out", "validation frame"):
        assert before.validation_metrics is not None
        assert model.validation_metrics is not None
        assert model.validation_metrics["logloss"] == pytest.approx(fitted.logloss_after, rel=1e-5)
        assert before.validation_metrics["logloss"] == pytest.approx(fitted.logloss_before, rel=1e-5)
        assert (model.intervals is None) == (before.intervals is None)


def test_it_is_told_and_goes_with_the_model(tmp_path: Path) -> None:
    session = session_with(3)
    model = trained(session, validation_fraction=0.3, fit_temperature=True, model_id="told")
    told = session.models.describe("told")["temperature"]
    assert model.temperature is not None
    assert told["value"] == model.temperature.value
    again = model_of_bytes(session.model_files.to_bytes("told"), 1)
    assert again.temperature == model.temperature
    path = session.model_files.save_mojo("told", str(tmp_path / "told.zip"), True)
    mojo = session.store.get(session.model_files.import_mojo(path), DeepLearningModel)
    np.testing.assert_allclose(probabilities(mojo), probabilities(model), atol=1e-6)


def test_a_restart_goes_on_from_the_network_before() -> None:
    session = session_with(3)
    both = {"validation_fraction": 0.3, "fit_temperature": True}
    trained(session, **both, model_id="first")
    again = trained(session, **both, checkpoint="first", epochs=30)
    whole = trained(session, **both, epochs=30)
    np.testing.assert_array_equal(probabilities(again), probabilities(whole))
    trained(session, epochs_candidates=[1, 2], fit_temperature=True, model_id="chosen")
    more = trained(session, checkpoint="chosen", epochs=4, fit_temperature=True)
    assert more.temperature == session.store.get("chosen", DeepLearningModel).temperature
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FittedTemperature, "learned", lambda *_: None)
        trained(session, epochs_candidates=[1, 2], fit_temperature=True, model_id="right")
    assert not trained(session, checkpoint="right", epochs=4, fit_temperature=True).parameters.fit_temperature
    trained(session, model_id="plain")
    with pytest.raises(
        InvalidArgument, match="fit_temperature=True needs rows that the model does not learn from"
    ):
        trained(session, checkpoint="plain", epochs=30, fit_temperature=True)


def test_where_it_cannot_be_fitted() -> None:
    session = session_with(2)
    with pytest.raises(
        InvalidArgument, match="fit_temperature=True: it needs rows that the model does not learn from"
    ):
        trained(session, fit_temperature=True)
    random = np.random.default_rng(1)
    session.store.put_frame(
        Frame(["a", "b", "y"], [numeric(each) for each in random.normal(size=(3, 30))]), "rows"
    )
    with pytest.raises(
        InvalidArgument, match="fit_temperature=True: it is for classification, this is a numeric response"
    ):
        trained(session, fit_temperature=True, validation_fraction=0.2)
