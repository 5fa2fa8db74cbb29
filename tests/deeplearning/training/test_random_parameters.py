"""Random valid parameter sets train without error, and give finite and reproducible results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.explaining.contribution_options import ContributionOptions
from heavywater.deeplearning.explaining.contributions import contributions
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.parameters.table import table
from heavywater.errors import UnstableModel
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession
from hypothesis import assume, given, settings

from ...sessions import finished
from ..random_parameters import DEPENDENT, ELSEWHERE, PREDICTORS, Problem, problems, small_frame, values_of

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
TRAINING = {seed: small_frame(seed) for seed in range(11)}
NEW = small_frame(100, unseen=True)
#: metrics that small samples may leave undefined: a class is missing, or nothing varies
UNDEFINED = {"r2", "auc", "pr_auc", "lift", "rmsle", "mean_per_class_error", "classification_error"}


def session() -> LocalSession:
    found = LocalSession(nthreads=1)
    for seed, frame in TRAINING.items():
        found.store.put_frame(frame, f"train{seed}")
    found.store.put_frame(NEW, "new")
    return found


def train(at: LocalSession, problem: Problem, **more: Any) -> DeepLearningModel:
    """The model, or what is left of it where it was allowed to explode."""
    parameters = {**problem.parameters, **more, "model_id": "model"}
    started = at.training.train("deeplearning", parameters, x=problem.x, y=problem.y,
                   training_frame_key=f"train{problem.frame_seed}",
                   validation_frame_key="new" if problem.with_validation else None)  # fmt: skip
    try:
        finished(at, started)
    except UnstableModel:
        assert problem.may_explode
        assume(at.objects.keys("model"))  # there is none where it was the model of a fold
    return at.store.get("model", DeepLearningModel)


def numbers(frame: Frame) -> np.ndarray:
    return np.column_stack([column.numbers() for column in frame.columns])


def frames_to_score(problem: Problem) -> list[Frame]:
    """The training frame, one with other levels, one of missing columns, and one row."""
    first = TRAINING[problem.frame_seed]
    offset = ["offset"] if problem.parameters.get("offset_column") else []
    few = [*offset, "x", "few"]
    row = Frame(first.names, [column.take(slice(0, 1)) for column in first.columns])
    return [first, NEW, Frame(few, [NEW.column(name) for name in few]), row]


def check_contributions(model: DeepLearningModel, frame: Frame) -> None:
    """They sum to what is predicted."""
    background = NEW.take(np.arange(5))
    found, _ = contributions(
        model, frame, background, ContributionOptions(output_format="compact", output_space=True)
    )
    if model.spec.response is None:
        expected = numbers(model.anomaly(frame)[0])
    else:
        predicted = numbers(model.predict(frame)[0])
        domain = model.spec.response.domain
        expected = (
            predicted[:, :1] if domain is None else predicted[:, 1:] if len(domain) > 2 else predicted[:, -1:]
        )
    sums = numbers(found).reshape(frame.nrow, expected.shape[1], -1).sum(axis=2)
    np.testing.assert_allclose(sums, expected, rtol=1e-5, atol=1e-5 * np.abs(numbers(found)).max())


def test_every_parameter_is_drawn() -> None:
    assert ELSEWHERE.keys() < table().keys() and DEPENDENT.keys() < table().keys()
    for name in table().keys() - ELSEWHERE.keys() - DEPENDENT.keys():
        assert not values_of(table()[name]).is_empty  # raises for one without limits
    assert set(PREDICTORS) < set(NEW.names)


@given(problems())
@settings(max_examples=100, deadline=None)
def test_random_parameters_train_and_give_finite_results(problem: Problem) -> None:
    at = session()
    model = train(at, problem)
    for array in (*model.network.weights, *model.network.biases):
        assert np.isfinite(array).all()
    for frame in frames_to_score(problem):
        found, _ = model.predict(frame)
        assert np.isfinite(numbers(found)).all()
        if problem.y is None:
            assert np.isfinite(numbers(model.anomaly(frame)[0])).all()
        check_contributions(model, frame)
    if problem.y is not None and model.spec.response is not None and model.spec.response.domain is not None:
        np.testing.assert_allclose(numbers(found)[:, 1:].sum(axis=1), 1, rtol=1e-5)
    assert model.history is not None
    for name, column in zip(model.history["columns"], zip(*model.history["rows"], strict=True), strict=True):
        if name.split("_", 1)[0] in ("training", "validation") and name != "training_speed":
            known = np.isfinite(np.array(column, float))
            assert known.all() or name.split("_", 1)[1] in UNDEFINED, name
    if model.varimp is not None:
        assert all(np.isfinite(row[1]) for row in model.varimp["rows"])


@given(problems())
@settings(max_examples=40, deadline=None)
def test_random_parameters_are_reproducible(problem: Problem) -> None:
    """Bit for bit; also the starting weights: those of the trained model, trained no further, are that model."""
    at = session()
    fixed = {"reproducible": True, "seed": problem.parameters.get("seed", 1) % 2**53}
    models = [train(at, problem, **fixed) for _ in range(2)]
    for a, b in zip(*([*m.network.weights, *m.network.biases] for m in models), strict=True):
        assert np.array_equal(a, b)
    for frame in frames_to_score(problem):
        a, b = (numbers(m.predict(frame)[0]) for m in models)
        assert np.array_equal(a, b)
    first = models[0]
    layers = range(first.topology.layers)
    given_weights = {
        "initial_weights": [at.store.put_frame(first.weights_frame(i)) for i in layers],
        "initial_biases": [at.store.put_frame(first.biases_frame(i)) for i in layers],
    }
    left_out = {
        "epochs_candidates",
        "epochs_folds",
        "l1_candidates",
        "numeric_bins_candidates",
        "fit_temperature",
    }  # and what comes of them is in the network
    alone = {
        name: value
        for name, value in problem.parameters.items()
        if "fold" not in name and name not in left_out
    }
    alone["validation_fraction"] = (
        0 if first.parameters.epochs_candidates else first.parameters.validation_fraction
    )
    alone["numeric_encoding"] = (
        first.parameters.numeric_encoding
    )  # which a preset leaves alone beside weights
    # members as the one network of blocks that gives the same
    members = len(first.network.members)
    joined = {"ensemble_size": 1, "hidden": [members * units for units in first.topology.units[:-1]]}
    again = train(
        at,
        Problem(problem.category, alone, problem.frame_seed, False),
        **{**fixed, **given_weights, **joined, "epochs": 0},
    )
    for frame in frames_to_score(problem):
        a, b = (numbers(m.predict(frame)[0]) for m in (first, again))
        if (
            first.parameters.category == "Binomial"
        ):  # the label depends on a threshold that was found in training
            a, b = a[:, 1:], b[:, 1:]
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)
