"""Members of an ensemble that nodes train: the same as here, whatever happens to the nodes."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import InvalidArgument, UnstableModel
from heavywater.exchange import table_of
from heavywater.session import JobHandle, LocalSession, start

from ..sessions import finished

# nothing looks at the members before all are trained
APART: dict[str, Any] = {
    "hidden": [6],
    "epochs": 3.4,
    "seed": 3,
    "ensemble_size": 3,
    "activation": "RectifierWithDropout",
    "overwrite_with_best_model": False,
    "classification_stop": -1,
    "regression_stop": -1,
    "stopping_rounds": 0,
}
BATCHES: dict[str, Any] = {
    "mini_batch_size": 32,
    "optimizer": "Adam",
    "rate": 1e-2,
    "rate_schedule": "Cosine",
}
CASES: dict[str, dict[str, Any]] = {
    "rows": {"weights_column": "w"},
    "batches": BATCHES,
    "elastic averaging": {"elastic_averaging": True, "y": "z"},
    "folds": {"nfolds": 2, **BATCHES, "stopping_rounds": 2},
    "chosen epochs": {
        **BATCHES,
        "epochs_candidates": [1, 2],
        "validation_fraction": 0.3,
        "y": "z",
        "epochs": None,
    },
    "chosen on folds": {
        "mini_batch_size": 32,
        "epochs_candidates": [1, 2],
        "nfolds": 2,
        "epochs": None,
        "classification_stop": None,
        "preset": "tabular",
        "hidden": [6, 5],
    },
    "preset": {
        **dict.fromkeys(APART),
        "preset": "tabular",
        "hidden": [8],
        "epochs_candidates": [1, 2],
        "l1_candidates": [0.01, 0],
        "numeric_bins_candidates": [2, 1],
        "fit_temperature": True,
        "seed": 4,
    },
    "held out": {**BATCHES, "validation_fraction": 0.2, "balance_classes": True},
}


def new_session(nodes: int | None = None) -> LocalSession:
    session = start("test", 2, nodes=nodes)
    found = getattr(session, "behind", session)
    assert isinstance(found, LocalSession)
    r = np.random.default_rng(1)
    x = r.normal(size=(300, 3))
    frame = pd.DataFrame({f"x{i}": x[:, i] for i in range(3)})
    frame["c"] = pd.Categorical(r.choice(list("abc"), 300))
    frame["w"] = r.integers(0, 3, 300)
    frame["y"] = pd.Categorical(np.where(x[:, 0] + x[:, 1] ** 2 > 1, "p", "n"))
    frame["z"] = x[:, 0] + x[:, 1] ** 2
    frame.loc[::7, ["x1", "z"]] = np.nan
    found.frames.upload(table_of(frame), "rows")
    return found


@pytest.fixture(scope="module")
def here() -> LocalSession:
    return new_session()


@pytest.fixture(scope="module")
def crewed() -> Iterator[LocalSession]:
    session = new_session(2)
    yield session
    session.cluster.close()


def begin(session: LocalSession, key: str = "m", **parameters: Any) -> Any:
    given = {"model_id": key, **APART, **parameters}
    return session.training.train(
        "deeplearning", given, x=["x0", "x1", "x2", "c"], y=given.pop("y", "y"), training_frame_key="rows"
    )


def trained(session: LocalSession, key: str = "m", **parameters: Any) -> DeepLearningModel:
    finished(session, begin(session, key, **parameters))
    return session.store.get(key, DeepLearningModel)


def arrays(model: DeepLearningModel) -> list[np.ndarray]:
    assert model.checkpoint is not None
    found = [each for net in (model.network, model.checkpoint.network) for each in net.members]
    weights = [each for member in found for each in (*member.weights, *member.biases)]
    states = [state[name] for state in model.checkpoint.optimiser for name in sorted(state)]
    return weights + states + [each for pair in model.checkpoint.centre for each in pair]


def assert_same(one: DeepLearningModel, other: DeepLearningModel) -> None:
    for a, b in zip(arrays(one), arrays(other), strict=True):
        np.testing.assert_array_equal(a, b)
    for name in ("samples", "epochs", "stopped_because", "member_seeds", "interrupted"):
        assert one.facts[name] == other.facts[name]
    assert one.checkpoint is not None and other.checkpoint is not None
    for name in ("visited", "samples", "iterations", "iteration"):
        assert getattr(one.checkpoint.state, name) == getattr(other.checkpoint.state, name)
    assert one.training_metrics is not None and other.training_metrics is not None
    assert one.training_metrics["MSE"] == other.training_metrics["MSE"]


@pytest.mark.parametrize("case", CASES)
def test_members_are_those_trained_here(
    here: LocalSession, crewed: LocalSession, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = trained(here, **CASES[case])
    with monkeypatch.context() as patch:  # here a part of a mini-batch at most
        patch.setattr("heavywater.deeplearning.training.spread_members.Trainer", None)
        found = trained(crewed, **CASES[case])
    assert_same(found, expected)
    assert crewed.objects.keys("model") == here.objects.keys("model")
    if case == "batches":
        more = {"epochs": 5, "checkpoint": "m"}
        assert_same(trained(crewed, "on", **BATCHES, **more), trained(here, "on", **BATCHES, **more))
    for session in (here, crewed):
        session.objects.remove_all(["rows"])


def test_what_needs_the_members_together_is_trained_here(here: LocalSession, crewed: LocalSession) -> None:
    found = trained(crewed, stopping_rounds=2)
    assert_same(found, trained(here, stopping_rounds=2))
    assert re.search(r"not on the nodes, since .* \(stopping_rounds=2\)", found.warnings[-1])


def test_members_of_lost_nodes_are_trained_elsewhere(here: LocalSession) -> None:
    slow = {**APART, **BATCHES, "epochs": 150}
    session = new_session(2)
    try:
        started = begin(session, **slow)
        handle = JobHandle(session, started)
        while not any(n["state"].startswith("training") for n in session.cluster.status()["nodes"]):
            pass
        os.kill(session.cluster.status()["nodes"][0]["pid"], signal.SIGKILL)
        with pytest.warns(RuntimeWarning, match="is lost"):
            handle.wait()
        assert_same(session.store.get("m", DeepLearningModel), trained(here, **slow))
    finally:
        session.cluster.close()


def test_a_cancelled_ensemble_keeps_what_its_members_have(crewed: LocalSession) -> None:
    started = begin(crewed, "cancelled", epochs=1e6)
    while crewed.jobs.wait(started["job"], 0.05)["fraction"] == 0:
        pass
    crewed.jobs.cancel(started["job"])
    assert crewed.jobs.wait(started["job"], 30)["status"] != "RUNNING"
    model = crewed.store.get("cancelled", DeepLearningModel)
    assert len(model.network.members) == 3 and model.facts["interrupted"] and model.facts["samples"] > 0
    assert model.predict(crewed.store.frame("rows"))[0].nrow == 300
    with pytest.raises(InvalidArgument, match=r"cannot go on.*members were interrupted"):
        begin(crewed, "on", epochs=1e7, checkpoint="cancelled")


def test_an_exploding_member_on_a_node_is_named(crewed: LocalSession) -> None:
    bad = {"adaptive_rate": False, "rate": 1e4, "activation": "Rectifier", "y": "z"}
    with pytest.raises(UnstableModel, match=r"member \d of 3: training became unstable.*kept in model 'bad'"):
        trained(crewed, "bad", **bad)
    model = crewed.store.get("bad", DeepLearningModel)
    assert all(np.isfinite(w).all() for member in model.network.members for w in member.weights)
