"""Members of an ensemble: each is what its seed alone gives, whatever the number of threads; together they predict their mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training import ensemble_worker
from heavywater.deeplearning.training.checkpoint import check_restart
from heavywater.deeplearning.training.ensemble_worker import member_seeds
from heavywater.deeplearning.training.prepared import Prepared, Start
from heavywater.deeplearning.training.result import model_of
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.engine.scoring import JointSnapshot, Snapshot, score
from heavywater.errors import UnstableModel
from heavywater.export.model_file import model_bytes, model_of_bytes
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

N = 300
# No chance comes from anywhere but the seeds: rows are dropped, classes unequal, cells missing.
BATCHES = {"mini_batch_size": 16, "train_samples_per_iteration": -1}
WAYS: list[dict[str, Any]] = [
    {},
    {"activation": "RectifierWithDropout", "input_dropout_ratio": 0.1},
    {"activation": "MaxoutWithDropout", "max_w2": 4.0},
    {**BATCHES, "activation": "RectifierWithDropout"},
    {
        **BATCHES,
        "adaptive_rate": False,
        "rate_annealing": 1e-3,
        "momentum_start": 0.5,
        "momentum_stable": 0.9,
    },
    {"y": "k", "weights_column": "w"},
    {"y": "k", **BATCHES, "weights_column": "w", "activation": "Tanh"},
    {"offset_column": "o", "distribution": "poisson", "y": "counts"},
    {"distribution": "quantile", "quantile_alpha": [0.1, 0.9]},
    {"y": None, "autoencoder": True, "activation": "Tanh"},
]


def frame(n: int = N) -> Frame:
    random = np.random.default_rng(5)
    x = random.normal(size=(n, 3))
    x[random.random(x.shape) < 0.05] = np.nan
    y = np.where(random.random(n) < 0.1, np.nan, random.normal(size=n) + np.nan_to_num(x[:, 0]))
    k = random.integers(-1, 3, n)
    columns = [*x.T, y, random.integers(0, 3, n) * 1.0, random.poisson(2, n) * 1.0, random.normal(size=n)]
    return Frame(
        ["a", "b", "c", "y", "w", "counts", "o", "f", "k"],
        [*map(numeric, columns), enum(random.integers(-1, 4, n), list("pqrs")), enum(k, ["u", "v", "w"])],
    )


FRAME = frame()


def trained(
    threads: int = 1,
    start: Start | None = None,
    stop: int | None = None,
    validation: Frame | None = None,
    **given: Any,
) -> Trainer:
    """A run; after so many slices somebody stops it."""
    y = given.pop("y", "y")
    context = TrainingContext(FRAME, ["a", "b", "c", "f"], y, validation)
    p = validate(
        {"hidden": [5, 4], "epochs": 2.3, "seed": 3, "overwrite_with_best_model": False, **given}, context
    )
    if start is not None and start.checkpoint is not None:
        p = check_restart(p, context, start.checkpoint)
    left = [stop]

    def progress(fraction: float, message: str) -> None:
        if left[0] is not None:
            left[0] -= 1

    found = Trainer(
        Prepared.of(p, FRAME, validation, start),
        threads=threads,
        progress=progress,
        cancelled=lambda: left[0] is not None and left[0] <= 0,
    )
    found.run()
    return found


def arrays(network: Snapshot) -> list[np.ndarray]:
    return [each for member in network.members for each in (*member.weights, *member.biases)]


def assert_same(one: Snapshot, other: Snapshot) -> None:
    for a, b in zip(arrays(one), arrays(other), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("given", WAYS, ids=str)
def test_a_member_is_the_network_of_its_seed_on_any_number_of_threads(given: dict[str, Any]) -> None:
    together = trained(1, ensemble_size=3, **given)
    network = together.worker.snapshot()
    assert len(network.members) == 3
    for threads in (2, 5, 8):
        assert_same(trained(threads, ensemble_size=3, **given).worker.snapshot(), network)
    for seed, member in zip(member_seeds(together.p), network.members, strict=True):
        alone = trained(1, reproducible=True, **given, seed=seed)
        assert_same(alone.worker.snapshot(), member)
        assert alone.state.samples == together.state.samples
    first = [member.weights[0] for member in network.members]
    assert not any(np.allclose(first[i], first[j]) for i in range(3) for j in range(i))


def test_how_runs_are_cut_into_slices_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in (WAYS[1], WAYS[3]):
        found = []
        for seconds in (1e-6, 0.2):
            monkeypatch.setattr(ensemble_worker, "SLICE_SECONDS", seconds)
            again = {**given, "train_samples_per_iteration": 130}
            found.append(trained(2, ensemble_size=5, **again).worker.snapshot())
        assert_same(*found)


@pytest.mark.parametrize(
    "given", [WAYS[1], WAYS[4], {"elastic_averaging": True, "mini_batch_size": 8}], ids=str
)
@pytest.mark.parametrize("stop", [1, 4])
def test_a_run_that_goes_on_is_one_that_was_not_stopped(
    given: dict[str, Any], stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble_worker, "SLICE_SECONDS", 1e-6)
    given = {"train_samples_per_iteration": 170, **given}
    whole = trained(2, ensemble_size=3, **given)
    part = trained(2, ensemble_size=3, stop=stop, **given)
    assert part.state.samples < whole.state.samples
    saved = model_of_bytes(model_bytes(model_of("m", part)), 1)
    on = trained(1, Start(checkpoint=saved), ensemble_size=3, **given)
    assert_same(on.worker.snapshot(), whole.worker.snapshot())


# ---- what they predict together


@pytest.fixture(scope="module", params=range(len(WAYS)), ids=[str(each) for each in WAYS])
def model(request: pytest.FixtureRequest) -> DeepLearningModel:
    return model_of("m", trained(2, ensemble_size=3, **WAYS[request.param]))


def test_one_network_of_blocks_gives_the_mean_of_the_members(model: DeepLearningModel) -> None:
    network, rows = model.network, model.spec.rows(model.spec.adapt(FRAME)[0], np.float64)
    assert isinstance(network, JointSnapshot)
    each = [Snapshot(m.weights, m.biases, [*m.kinds[:-1], "Linear"], m.keep) for m in network.members]
    z = np.mean([score(rows, member, dtype=np.float64) for member in each], axis=0)
    if network.kinds[-1] == "Softmax":
        z = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    elif model.spec.response is None:
        z = np.tanh(z)
    found = score(rows, network, dtype=np.float64)
    np.testing.assert_allclose(found, z, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(score(rows, network.joined(), dtype=np.float64), z, rtol=1e-5, atol=1e-6)
    for depth in (1, 2):
        hidden = score(rows, network, depth=depth, dtype=np.float64)
        blocks = score(rows, network.joined(), depth=depth, dtype=np.float64)
        np.testing.assert_allclose(hidden, blocks, rtol=1e-12, atol=1e-14)


def test_a_file_holds_all_members(model: DeepLearningModel) -> None:
    loaded = model_of_bytes(model_bytes(model), 2)
    assert_same(loaded.network, model.network)
    for a, b in zip(loaded.predict(FRAME)[0].columns, model.predict(FRAME)[0].columns, strict=True):
        np.testing.assert_array_equal(a.values, b.values)


def test_members_that_do_not_fit_are_refused() -> None:
    one = Snapshot([np.ones((1, 2, 3))], [np.zeros((1, 2))], ["Linear"], [1.0])
    other = Snapshot([np.ones((1, 3, 3))], [np.zeros((1, 3))], ["Linear"], [1.0])
    wrong: list[list[Snapshot]] = [[], [one, other], [JointSnapshot([one])]]
    for networks in wrong:
        with pytest.raises(ValueError, match="joint network"):
            JointSnapshot(networks)


def test_an_exploding_member_is_named_and_all_go_back() -> None:
    given: dict[str, Any] = {
        "adaptive_rate": False,
        "rate": 1e4,
        "activation": "Rectifier",
        "ensemble_size": 3,
    }
    with pytest.raises(UnstableModel, match=r"^member \d of 3: training became unstable: layer"):
        trained(2, **given)
