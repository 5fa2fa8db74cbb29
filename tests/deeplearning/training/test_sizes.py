"""Networks that no machine has room for, and mini-batches larger than the data."""

from __future__ import annotations

from typing import Any

import h2o
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.grid import H2OGridSearch
from heavywater import room


@pytest.fixture(scope="module")
def frame():
    h2o.init(verbose=False)
    return h2o.H2OFrame({"a": list(range(20)), "y": [i * 0.5 for i in range(20)]})


@pytest.mark.parametrize("hidden", [[2**31], [2**62], [10**6, 10**6], [1, 2**40, 1]])
def test_networks_without_room_are_refused_with_the_bytes(frame, hidden):
    with pytest.raises(
        h2o.exceptions.H2OValueError,
        match=r"hidden=.* (weights would need at least [\d,.]+ GB|units in a layer, at most)",
    ):
        H2ODeepLearningEstimator(hidden=hidden).train(y="y", training_frame=frame)


@pytest.mark.parametrize("layers", [127, 500])
def test_too_many_layers_are_refused(frame, layers):
    with pytest.raises(h2o.exceptions.H2OValueError, match=f"{layers} layers, at most 126"):
        H2ODeepLearningEstimator(hidden=[1] * layers).train(y="y", training_frame=frame)


@pytest.mark.parametrize("size", [21, 10**8, 2**31 - 1])
def test_mini_batches_are_cut_to_the_rows(frame, size):
    settings: dict[str, Any] = {"hidden": [3], "epochs": 2, "seed": 1, "reproducible": True}
    model = H2ODeepLearningEstimator(mini_batch_size=size, **settings)
    with pytest.warns(RuntimeWarning, match=f"mini_batch_size={size} is cut to 20"):
        model.train(y="y", training_frame=frame)
    whole = H2ODeepLearningEstimator(mini_batch_size=20, **settings)
    whole.train(y="y", training_frame=frame)
    assert model.mse() == whole.mse()


def test_levels_are_counted_not_columns():
    """One column of a factor is as many input units as it has levels."""
    wide = h2o.H2OFrame(
        {"a": [f"level {i}" for i in range(20_000)], "y": [i % 7 for i in range(20_000)]},
        column_types={"a": "enum"},
    )
    with pytest.raises(h2o.exceptions.H2OValueError, match="weights would need at least"):
        H2ODeepLearningEstimator(hidden=[2_000_000]).train(y="y", training_frame=wide)
    with pytest.raises(h2o.exceptions.H2OValueError, match="weights would need at least"):
        H2ODeepLearningEstimator(hidden=[2_000_000], autoencoder=True).train(x=["a"], training_frame=wide)


@pytest.mark.parametrize("epochs", [1e19, 1e300])
def test_trainings_without_end_are_refused(frame, epochs):
    with pytest.raises(h2o.exceptions.H2OValueError, match=r"never end.*max_runtime_secs"):
        H2ODeepLearningEstimator(hidden=[2], epochs=epochs, stopping_rounds=0).train(
            y="y", training_frame=frame
        )
    H2ODeepLearningEstimator(hidden=[2], epochs=epochs, max_runtime_secs=0.2).train(
        y="y", training_frame=frame
    )


SEEDS = {
    "create_frame": lambda frame, seed: h2o.create_frame(rows=3, cols=2, seed=seed),
    "runif": lambda frame, seed: frame.runif(seed),
    "split_frame": lambda frame, seed: frame.split_frame([0.5], seed=seed),
    "kfold_column": lambda frame, seed: frame.kfold_column(3, seed=seed),
    "stratified_kfold_column": lambda frame, seed: frame["a"].asfactor().stratified_kfold_column(3, seed=seed),
    "stratified_split": lambda frame, seed: frame["a"].asfactor().stratified_split(0.5, seed=seed),
    "insert_missing_values": lambda frame, seed: frame[:, :].insert_missing_values(0.1, seed=seed),
    "train": lambda frame, seed: H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=seed).train(y="y", training_frame=frame),
    "grid": lambda frame, seed: H2OGridSearch(
        H2ODeepLearningEstimator(hidden=[2], epochs=1), {"l1": [0, 0.1]}, search_criteria={"strategy": "RandomDiscrete", "seed": seed}
    ).train(y="y", training_frame=frame),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("seed", [2**63, -(2**63), 10**30])
def test_seeds_have_64_bits(frame, name, seed):
    with pytest.raises(h2o.exceptions.H2OValueError, match=r"seed=.*(must lie between|64 bits)"):
        SEEDS[name](frame, seed)


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("seed", [2**63 - 1, 1 - 2**63])
def test_seeds_of_64_bits_are_taken(frame, name, seed):
    SEEDS[name](frame, seed)


@pytest.mark.parametrize(
    "make",
    [
        lambda frame: h2o.create_frame(rows=2 * 10**9, cols=1), lambda frame: h2o.create_frame(rows=1, cols=10**9),
        lambda frame: h2o.create_frame(rows=2, cols=1000, factors=10**7, categorical_fraction=1, integer_fraction=0, binary_fraction=0),
        lambda frame: h2o.create_frame(rows=int(1e300), cols=1), lambda frame: frame["a"].rep_len(10**12),
        lambda frame: frame["a"].rep_len(2**70), lambda frame: frame.kfold_column(2**62), lambda frame: frame.modulo_kfold_column(2**70),
        lambda frame: frame["a"].hist(breaks=10**10, plot=False), lambda frame: frame.split_frame([float("inf")]),
        lambda frame: frame["a"].quantile([float("nan")]), lambda frame: frame["a"].cut([float("nan"), 1]),
        lambda frame: h2o.rapids("(seq 0 1e15 1e-5)"), lambda frame: h2o.rapids("(seq_len 1e17)"),
    ],
)  # fmt: skip
def test_absurd_frames_are_refused_at_once(frame, make, monkeypatch):
    monkeypatch.setattr("heavywater.room.memory", lambda: 8 << 30)
    with pytest.raises(h2o.exceptions.H2OValueError):
        make(frame)


def test_limits_of_processes_and_containers_count(monkeypatch, tmp_path):
    whole = room.memory()
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(room, "_GROUPS", (str(limit), str(tmp_path / "none")))
    limit.write_text("max\n")
    assert room.memory() == whole
    limit.write_text(f"{64 << 20}\n")
    assert room.memory() == 64 << 20
    with pytest.raises(
        h2o.exceptions.H2OValueError,
        match=r"it would need at least 1.0 GB of memory; there are 0.1 GB. Wait",
    ):
        room.need_room(1 << 30, "it", "Wait")
