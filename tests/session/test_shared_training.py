"""One network trained by several processes."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import InvalidArgument, UnstableModel
from heavywater.exchange import table_of
from heavywater.session import LocalSession, start

from ..sessions import finished

ROWS = 6000
SHORT: dict[str, Any] = {"hidden": [20], "epochs": 3, "seed": 3}


def new_session(nodes: int | str | None, nthreads: int = 1, **more: Any) -> LocalSession:
    session = start("test", nthreads, nodes=nodes, **more)
    found = getattr(session, "behind", session)
    assert isinstance(found, LocalSession)
    r = np.random.default_rng(1)
    x = r.normal(size=(ROWS, 4))
    frame = pd.DataFrame({f"x{i}": x[:, i] for i in range(4)})
    frame["w"] = r.integers(0, 3, ROWS)
    frame["c"] = pd.Categorical(r.choice(list("abc"), ROWS))
    frame["y"] = pd.Categorical(np.where(x[:, 0] * x[:, 1] > 0, "p", "n"))
    frame["z"] = x[:, 0] - np.abs(x[:, 1])
    found.frames.upload(table_of(frame), "rows")
    return found


@pytest.fixture(scope="module")
def three() -> Iterator[LocalSession]:
    session = new_session(3)
    yield session
    session.cluster.close()


@pytest.fixture(autouse=True)
def tidy(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "three" in request.fixturenames:
        request.getfixturevalue("three").objects.remove_all(["rows"])


def begin(session: LocalSession, key: str = "m", *, y: str | None = "y", **parameters: Any) -> Any:
    given = {"model_id": key, **SHORT, **parameters}
    return session.training.train("deeplearning", given, x=None, y=y, training_frame_key="rows")


def trained(session: LocalSession, key: str = "m", **parameters: Any) -> DeepLearningModel:
    finished(session, begin(session, key, **parameters))
    return session.store.get(key, DeepLearningModel)


def history(model: DeepLearningModel) -> pd.DataFrame:
    return pd.DataFrame(model.history["rows"], columns=model.history["columns"])


def weights_of(model: DeepLearningModel) -> list[np.ndarray]:
    return [*model.network.weights, *model.network.biases]


def assert_same_weights(one: DeepLearningModel, other: DeepLearningModel) -> None:
    for a, b in zip(weights_of(one), weights_of(other), strict=True):
        np.testing.assert_array_equal(a, b)


KINDS: dict[str, dict[str, Any]] = {
    "default": {},
    "given rounds": {"train_samples_per_iteration": 1700},
    "an epoch": {"train_samples_per_iteration": 0},
    "an epoch each": {"train_samples_per_iteration": -1, "epochs": 6},
    "parts": {"replicate_training_data": False},
    "momentum": {"adaptive_rate": False, "rate": 0.01, "momentum_stable": 0.5},
    "elastic": {"elastic_averaging": True},
    "batches": {"mini_batch_size": 16, "hidden": [30]},
    "maxout, dropout, max_w2": {"activation": "MaxoutWithDropout", "max_w2": 5, "epochs": 6},
    "weights": {"weights_column": "w"},
    "balanced": {"balance_classes": True},
    "natural order": {"shuffle_training_data": False},
    "regression": {"y": "z"},
    "autoencoder": {"y": None, "autoencoder": True, "activation": "Tanh"},
    "piecewise": {"numeric_encoding": "PiecewiseLinear", "y": "z"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_all_kinds_of_training_learn_and_are_the_same_again(three: LocalSession, kind: str) -> None:
    """With fixed nodes a reproducible run gives the same bits; it trains so many rows as it should."""
    given = {"reproducible": True, **KINDS[kind]}
    one, other = trained(three, "one", **given), trained(three, "other", **given)
    assert_same_weights(one, other)
    events = history(one)
    assert (events["nodes"].dropna() == 3).all()
    wanted = round(given.get("epochs", SHORT["epochs"]) * ROWS)
    if kind == "given rounds":
        wanted = -(-wanted // 1700) * 1700
    if kind not in ("weights", "balanced"):  # whose epochs have other numbers of rows
        assert abs(one.facts["samples"] - wanted) <= (3 if kind == "parts" else 0)
    name = "training_rmse"
    assert events[name].iloc[-1] < 0.9 * events[name].iloc[0] or events[name].iloc[-1] < 0.35
    assert one.facts["threads"] == 3


def test_the_user_gives_the_rows_between_two_meetings(three: LocalSession) -> None:
    events = history(trained(three, train_samples_per_iteration=1800, score_each_iteration=True))
    assert (events["rows_per_round"] == 1800).all()
    np.testing.assert_array_equal(events["samples"], 1800 * np.arange(1, 11))


def test_rounds_are_found_and_told(three: LocalSession) -> None:
    events = history(trained(three, epochs=20))
    assert events["rows_per_round"].between(3 * 16, ROWS).all()
    assert (events["communication"] > 0).all()


def test_one_process_where_that_is_asked_for(three: LocalSession) -> None:
    model = trained(three, single_node_mode=True, reproducible=True)
    assert "nodes" not in history(model)
    assert_same_weights(model, trained(new_session(None), single_node_mode=True, reproducible=True))


def test_a_small_frame_on_few_nodes(three: LocalSession) -> None:
    model = trained(three, force_load_balance=False)
    events = history(model)
    assert (events["nodes"] == 1).all()
    assert (events["rows_per_round"] == 0).all()  # there is nobody to meet


def test_more_nodes_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """They wait for one another, so all are to be asked at the same time."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    session = new_session(7)
    try:
        model = trained(session, epochs=6, reproducible=True)
        assert (history(model)["nodes"].dropna() == 7).all()
        assert model.facts["threads"] == 7
        assert model.warnings == []
    finally:
        session.cluster.close()


def test_a_restart_goes_on_with_another_number_of_nodes(three: LocalSession) -> None:
    """More and fewer: the checkpoint is one network and one number of rows."""
    first = trained(three, "first", train_samples_per_iteration=2000)
    more = trained(three, "more", epochs=6, checkpoint="first", train_samples_per_iteration=2000)
    assert more.facts["samples"] == 6 * ROWS
    assert history(more)["training_logloss"].iloc[-1] < history(first)["training_logloss"].iloc[-1]
    trained(
        three, "alone", epochs=9, checkpoint="more", single_node_mode=True, train_samples_per_iteration=2000
    )
    again = trained(three, "again", epochs=12, checkpoint="alone", train_samples_per_iteration=2000)
    assert again.facts["samples"] == 12 * ROWS
    assert history(again)["training_logloss"].iloc[-1] < history(first)["training_logloss"].iloc[-1]


def test_an_unstable_network_goes_back_to_the_last_good_weights(three: LocalSession) -> None:
    with pytest.raises(UnstableModel, match="training became unstable: layer"):
        trained(three, y="z", adaptive_rate=False, rate=1e6, epochs=50)
    kept = three.store.get("m", DeepLearningModel)
    assert all(np.isfinite(values).all() for values in weights_of(kept))


def nodes(session: LocalSession) -> list[dict[str, Any]]:
    return [node for node in session.cluster.status()["nodes"] if node["healthy"]]


LONG: dict[str, Any] = {
    "epochs": 400,
    "stopping_rounds": 0,
    "classification_stop": -1.0,
    "score_interval": 0.2,
}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize(
    "given", [{}, {"train_samples_per_iteration": 30_000}, {"replicate_training_data": False}]
)
@pytest.mark.long
def test_lost_nodes_cost_nothing_but_their_speed(how: signal.Signals, given: dict[str, Any]) -> None:
    session = new_session(3)
    stopped = []
    try:
        job = begin(session, **LONG, **given)
        wait_for_rows(session, job, 20_000)
        victim = nodes(session)[0]["pid"]
        stopped.append(victim)
        began = time.monotonic()
        os.kill(victim, how)
        reached = rows_of(session, job)
        wait_for_rows(session, job, reached + 100_000)
        assert time.monotonic() - began < 20
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            finished(session, job)
        model = session.store.get("m", DeepLearningModel)
        assert sum("is lost" in text for text in model.warnings) == 1, told
        assert abs(model.facts["samples"] - 400 * ROWS) <= 3
        assert history(model)["nodes"].iloc[-1] == 2
        assert history(model)["training_classification_error"].iloc[-1] < 0.05
        assert len(nodes(session)) == 2
    finally:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        session.cluster.close()


def rows_of(session: LocalSession, job: Any) -> float:
    table = session.jobs.history(job["job"])
    return float(history_table(table)["samples"].max()) if table and table["rows"] else 0.0


def history_table(table: Any) -> pd.DataFrame:
    return pd.DataFrame(table["rows"], columns=table["columns"])


def wait_for_rows(session: LocalSession, job: Any, rows: float) -> None:
    until = time.monotonic() + 60
    while rows_of(session, job) < rows:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_all_nodes_lost() -> None:
    session = new_session(2)
    try:
        job = begin(session, **LONG)
        wait_for_rows(session, job, 20_000)
        for node in nodes(session):
            os.kill(node["pid"], signal.SIGKILL)
        finished(session, job)
        model = session.store.get("m", DeepLearningModel)
        assert model.facts["samples"] == 400 * ROWS
        assert history(model)["nodes"].iloc[-1] == 1
        assert nodes(session) == []
    finally:
        session.cluster.close()


def test_models_of_segments_are_trained_here(three: LocalSession) -> None:
    training: dict[str, Any] = {"x": None, "y": "y", "training_frame_key": "rows", "key": "segments"}
    finished(three, three.training.train_segments("deeplearning", SHORT, ["c"], **training))
    models = [three.store.get(key, DeepLearningModel) for key in three.store.keys(DeepLearningModel)]
    assert len(models) == 3 and not any("nodes" in history(model) for model in models)


def test_a_node_takes_no_more_rows_than_it_has_memory_for() -> None:
    session = start("test", 1, nodes=2, max_mem_size=2**18)
    found = getattr(session, "behind", session)
    assert isinstance(found, LocalSession)
    found.cluster.configure(max_mem_size=2**30)  # the process of the session has more
    x = np.random.default_rng(0).normal(size=(20_000, 8))
    found.frames.upload(table_of(pd.DataFrame(x, columns=[*"abcdefgy"])), "rows")
    with pytest.raises(InvalidArgument, match=r"training needs .* MB beside .* max_mem_size"):
        trained(found)
    found.cluster.close()
