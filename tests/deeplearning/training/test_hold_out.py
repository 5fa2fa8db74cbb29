"""Rows of the training frame that are held out: which they are, and what is made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.deeplearning.training.hold_out import HoldOut, held_out_rows
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession
from hypothesis import given, settings
from hypothesis import strategies as st

from ...sessions import finished

SETTINGS = {"hidden": [4], "epochs": 3, "seed": 3, "reproducible": True}


def frame(n: int, seed: int, classes: int = 0, weights: bool = False) -> Frame:
    """Rows with gaps in all columns but weights; with classes of very different sizes, or a number."""
    random = np.random.default_rng(seed)
    gaps = random.random((3, n)) < 0.1
    gaps[:, : 2 + classes] = False
    x = np.where(gaps[:2], np.nan, random.normal(size=(2, n)))
    if classes:
        number = np.minimum(random.geometric(0.5, n) - 1, classes - 1)
        number[: classes + 2] = np.arange(classes + 2) % classes
        y = enum(np.where(gaps[2], -1, number), [f"c{k}" for k in range(classes)])
    else:
        y = numeric(np.where(gaps[2], np.nan, random.normal(size=n).round(1)))
    w = random.choice([0.0, 0.5, 2.0], n) if weights else np.ones(n)
    w[: 2 + classes] = 1
    return Frame(["a", "b", "y", "w"], [numeric(x[0]), numeric(x[1]), y, numeric(w)])


def parameters(data: Frame, **given: Any) -> DeepLearningParameters:
    return validate({**SETTINGS, **given}, TrainingContext(data, ["a", "b"], "y"))


@given(
    n=st.integers(12, 300), seed=st.integers(0, 10**6), classes=st.sampled_from([0, 2, 5]),
    fraction=st.sampled_from([0.01, 0.15, 0.5, 0.95]), weights=st.booleans(), skip=st.booleans(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_every_part_of_the_response_has_its_share(
    n: int, seed: int, classes: int, fraction: float, weights: bool, skip: bool
) -> None:
    data = frame(n, seed, classes, weights)
    more: dict[str, Any] = {"weights_column": "w"} if weights else {}
    p = parameters(data, missing_values_handling="Skip" if skip else "MeanImputation", **more)
    mask = held_out_rows(data, p, fraction)
    assert (mask == held_out_rows(data, p, fraction)).all()
    y, w = data.column("y"), data.column("w").numbers()
    usable = ~y.is_missing() & (w > 0)
    assert not (mask & ~usable).any()
    trained = usable & ~mask
    if skip:
        trained &= ~(data.column("a").is_missing() | data.column("b").is_missing())
    assert trained.any()
    if classes:
        for k in range(classes):
            of_class = usable & (y.values == k)
            if of_class.sum() > 1:
                assert (trained & (y.values == k)).any()
            assert abs(mask[of_class].sum() - fraction * of_class.sum()) <= 2 + fraction * classes
    else:
        low = usable & (y.numbers() < np.median(y.numbers()[usable]))
        assert abs(mask[low].sum() - fraction * low.sum()) <= 3
        assert y.numbers()[trained].min() <= y.numbers()[mask].min(initial=np.inf) or skip
    assert abs(mask.sum() - fraction * usable.sum()) <= max(3, classes)


def test_other_seeds_hold_out_other_rows() -> None:
    data = frame(200, 1)
    masks = [held_out_rows(data, parameters(data, seed=seed), 0.2) for seed in (1, 2)]
    assert (masks[0] != masks[1]).any()


def session_with(data: Frame) -> LocalSession:
    session = LocalSession()
    session.store.put_frame(data, "rows")
    return session


def trained(session: LocalSession, **given: Any) -> Any:
    validation = given.pop("validation", None)
    started = session.training.train(
        "deeplearning",
        {**SETTINGS, **given},
        x=["a", "b"],
        y="y",
        training_frame_key="rows",
        validation_frame_key=validation,
    )
    return session.store.get(finished(session, started), DeepLearningModel)


@pytest.mark.parametrize("classes", [0, 3])
def test_the_same_as_with_the_two_frames(classes: int) -> None:
    data = frame(150, 2, classes, weights=True)
    session = session_with(data)
    one = trained(session, validation_fraction=0.3, weights_column="w")
    parts = HoldOut.of(data, one.parameters, 0.3)
    assert parts is not None
    session.store.put_frame(parts.training, "rows")
    session.store.put_frame(parts.held_out, "rest")
    other = trained(session, validation="rest", weights_column="w")
    for a, b in zip(one.network.weights, other.network.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert one.validation_metrics["MSE"] == other.validation_metrics["MSE"]
    assert one.facts["held_out_rows"] == parts.held_out.nrow
    assert one.intervals.source == "hold-out"
    assert other.intervals.source == "validation frame"


def test_a_restart_goes_on_with_the_same_rows() -> None:
    session = session_with(frame(120, 4))
    first = trained(session, validation_fraction=0.25, model_id="first", stopping_rounds=0)
    again = trained(
        session, validation_fraction=0.25, checkpoint="first", epochs=6, stopping_rounds=0, seed=-1
    )
    whole = trained(session, validation_fraction=0.25, epochs=6, stopping_rounds=0)
    assert first.facts["held_out_rows"] == again.facts["held_out_rows"]
    for a, b in zip(again.network.weights, whole.network.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(
        InvalidArgument, match=r"was trained with validation_fraction=0\.25, so give that here, too"
    ):
        trained(session, checkpoint="first", epochs=6)


def test_rows_that_are_held_out_elsewhere_leave_nothing_to_do() -> None:
    data = frame(60, 5)
    session = session_with(data)
    session.store.put_frame(data, "valid")
    for more, reason in (
        ({"validation": "valid"}, "validation_frame has the rows that are scored"),
        ({"nfolds": 2}, "each fold has rows that are scored"),
    ):
        model = trained(session, validation_fraction=0.2, **more)
        assert f"validation_fraction=0.2 has no effect: {reason}" in model.warnings
        assert "held_out_rows" not in model.facts
        assert model.parameters.description()["validation_fraction"] == {
            "default": 0,
            "input": 0.2,
            "actual": 0,
        }


def test_where_no_row_can_be_held_out_all_are_trained() -> None:
    classes = enum(np.arange(4), list("pqrs"))
    session = session_with(Frame(["a", "b", "y"], [numeric(np.arange(4.0)), numeric(np.ones(4)), classes]))
    model = trained(session, validation_fraction=0.5)
    assert model.validation_metrics is None
    assert any("none of the 4 rows of training_frame is held out" in text for text in model.warnings)


def test_an_autoencoder_holds_out_any_rows() -> None:
    session = session_with(frame(80, 6))
    started = session.training.train(
        "deeplearning",
        {**SETTINGS, "autoencoder": True, "validation_fraction": 0.25},
        x=["a", "b"],
        y=None,
        training_frame_key="rows",
    )
    model = session.store.get(finished(session, started), DeepLearningModel)
    assert model.facts["held_out_rows"] == 20
    assert model.validation_metrics["MSE"] > 0
