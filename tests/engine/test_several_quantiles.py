"""A network with an output unit for each of several quantiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from .nets import ENGINES, configure, make_net, make_rows, parameters, train

ALPHAS = [0.1, 0.5, 0.8]


def step(engine: Any, alpha: Any, rows: Any, *, units: int = 3, batches: bool = False, **options: Any) -> Any:
    net = make_net(engine, 2, [units], ["Linear"], batches=batches)
    net.set_weights(0, np.zeros((1, units, 2)), np.zeros((1, units)))
    train(configure(net, loss="quantile", quantile_alpha=alpha, rates=0.1), rows, **options)
    return net


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_without_a_hidden_layer_each_unit_learns_as_if_it_were_alone(engine: Any) -> None:
    rng = np.random.default_rng(0)
    rows = make_rows(
        engine,
        rng.normal(size=(50, 2)),
        target=rng.normal(size=50),
        weight=rng.integers(0, 3, 50),
        offset=rng.normal(size=50),
    )
    for batch in (1, 10):
        options: dict[str, Any] = {"batches": batch > 1, "batch_size": batch}
        together = parameters(step(engine, ALPHAS, rows, **options))[0]
        for k, alpha in enumerate(ALPHAS):
            alone = parameters(step(engine, alpha, rows, units=1, **options))[0]
            for one, other in zip(together, alone, strict=True):
                np.testing.assert_array_equal(one[:, k], other[:, 0])


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_a_hidden_layer_gets_the_sum_of_all_errors(engine: Any) -> None:
    net = make_net(engine, 1, [1, 3], ["Tanh", "Linear"])
    net.set_weights(0, np.zeros((1, 1, 1)), np.zeros((1, 1)))
    net.set_weights(1, np.array([[[1.0], [2.0], [4.0]]]), np.array([[-1.0, 0.0, 1.0]]))
    configure(net, loss="quantile", quantile_alpha=ALPHAS, rates=1.0)
    train(net, make_rows(engine, [[1.0]], target=[0.5]))
    error = [-0.1, -0.5, 1 - 0.8]  # the first two are too low
    want = -(1 * error[0] + 2 * error[1] + 4 * error[2])
    assert net.biases(0)[0, 0] == pytest.approx(want, rel=1e-6)


def test_there_is_one_quantile_for_each_unit() -> None:
    net = make_net(ENGINES["float32"], 2, [3], ["Linear"])
    with pytest.raises(ValueError, match="one for each of the 3 output units"):
        configure(net, loss="quantile", quantile_alpha=[0.1, 0.9])


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_the_number_of_threads_changes_nothing(engine: Any) -> None:
    rng = np.random.default_rng(1)
    rows = make_rows(engine, rng.normal(size=(200, 2)), target=rng.normal(size=200))
    found = []
    for threads in (1, 2, 3):
        net = make_net(engine, 2, [40, 40, 3], ["Rectifier", "Tanh", "Linear"])
        train(configure(net, loss="quantile", quantile_alpha=ALPHAS, rates=0.01), rows, threads=threads)
        found.append(parameters(net))
    for other in found[1:]:
        for (w, b), (v, c) in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(w, v)
            np.testing.assert_array_equal(b, c)
