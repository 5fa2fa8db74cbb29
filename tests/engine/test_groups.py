"""Rows that are trained as a group: against plain NumPy, for any number of threads, wherever a run is cut."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .cases import Case, cases, few, steady
from .nets import (
    ENGINES,
    assert_close,
    assert_same_bits,
    configure,
    make_net,
    make_rows,
    own_rows,
    parameters,
    train,
)
from .test_threads import wide_case
from .twin import Batch, Twin, slope

ENGINE = ENGINES["float32"]
EXACT = ENGINES["float64"]
SIZES = st.sampled_from([2, 4, 8])


class Grouped(Twin):
    """All rows of a batch forward; then, layer by layer, one after the other back, each with a step of its own."""

    def update(self, batch: Batch) -> None:
        acts, nets = self.forward(batch)
        error = self.output_error(batch, acts[-1])
        self.note_averages(acts)
        for i in range(len(self.layers) - 1, -1, -1):
            y = self.layers[i]
            below = []
            for k in range(len(error)):
                winner = nets[i][k].argmax(axis=0)[None, None, :] == np.arange(len(y.w))[None, :, None]
                g = error[k][None, None, :] * winner
                below.append(np.einsum("kcu,cui->i", g, y.w))
                self.step(i, g, winner, acts[i][k : k + 1])
            if i > 0:
                error = np.array(below) * slope(self.layers[i - 1].kind, acts[i])
                error = error if batch.keep is None else error * batch.keep[i - 1]


def grouped(case: Case, engine: Any, together: int, **options: Any) -> Any:
    """The network of a case, with groups of so many rows."""
    net = case.net(engine, **options)
    return configure(net, **case.settings | {"exact": False, "together": together})


def grouped_twin(case: Case, together: int) -> list[tuple[np.ndarray, np.ndarray]]:
    plain = case.twin()
    twin = Grouped(plain.parameters(), case.kinds, **case.settings)
    for mine, other in zip(twin.layers, plain.layers, strict=True):
        mine.centre = other.centre
    for first in range(0, case.samples, together):
        samples = np.arange(first, min(first + together, case.samples))
        weights = case.data.get("weight")
        samples = samples if weights is None else samples[weights[samples] != 0]
        if len(samples):
            twin.update(case.batch(samples))
    return twin.parameters()


@few
@given(cases(rules=("adadelta",)), st.booleans(), st.booleans(), SIZES)
def test_against_plain_numpy(case: Case, sparse: bool, unit_major: bool, together: int) -> None:
    """23 samples: the last group is a partial one."""
    case.settings.pop("max_w2", None)
    if case.weighted:
        case.data["weight"][[3, 8, 9]] = 0
    net = train(
        grouped(case, EXACT, together, unit_major=unit_major), case.rows(EXACT, sparse=sparse), **case.masks
    )
    assert_close(net, steady(grouped_twin(case, together)), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("kind", ["Rectifier", "Maxout", "Tanh"])
@pytest.mark.parametrize("hidden", [[600], [530, 600]], ids=str)
def test_wide_layers_against_plain_numpy(hidden: list[int], kind: str) -> None:
    case = wide_case("adadelta", hidden, kind, max_w2=None)
    want = grouped_twin(case, 8)
    for unit_major in (False, True):
        net = train(grouped(case, EXACT, 8, unit_major=unit_major), case.rows(EXACT), threads=2, **case.masks)
        assert_close(net, want, rtol=1e-7, atol=1e-9)


@few
@given(cases(rules=("adadelta",), largest=100), st.booleans(), st.sampled_from([2, 3]), st.booleans(), SIZES)
def test_any_number_of_threads(
    case: Case, unit_major: bool, threads: int, sparse: bool, together: int
) -> None:
    """The engine's own dropout masks included."""
    rows = case.rows(ENGINE, sparse=sparse)
    want = steady(train(grouped(case, ENGINE, together, unit_major=unit_major), rows))
    assert_same_bits(
        train(grouped(case, ENGINE, together, unit_major=unit_major), rows, threads=threads), want
    )


@pytest.mark.parametrize("kind", ["Rectifier", "Maxout"])
def test_threads_in_wide_layers(kind: str) -> None:
    """Pairs of bfloat16, and norms that are looked at."""
    case = wide_case("adadelta", [1100, 600], kind)
    rows, order = case.rows(ENGINE), np.tile(np.arange(case.samples), 3)
    want = train(grouped(case, ENGINE, 8), rows, order=order)
    for threads in (2, 3, 5):
        assert_same_bits(train(grouped(case, ENGINE, 8), rows, order=order, threads=threads), want)


@pytest.mark.parametrize("options", [{}, own_rows(16)], ids=["shared", "copies"])
def test_cuts_between_groups(options: dict) -> None:
    """Calls that end where groups do change no bit; one that ends within a group begins another."""
    rng = np.random.default_rng(0)
    rows = make_rows(ENGINE, rng.normal(0, 1, (50, 3)), target=rng.normal(0, 9, 50))
    order = rng.integers(0, 50, 400)
    settings: dict[str, Any] = {"rule": "adadelta", "max_w2": 0.3, "epsilon": 1e-4, "together": 8}

    def start() -> Any:
        return configure(make_net(ENGINE, 3, [30, 7, 1], ["Rectifier", "Maxout", "Linear"]), **settings)

    def run(cuts: list[int]) -> Any:
        net = start()
        for first, last in itertools.pairwise([0, *cuts, 400]):
            train(net, rows, order=order[first:last], first=first, threads=2, **options)
            if not options:
                parameters(net)
        return net

    want = run([])
    assert_same_bits(run([16, 32, 64, 208, 352]), want)
    other = run([16, 35])
    assert (other.weights(0) != want.weights(0)).any()
    assert all(np.isfinite(v).all() for pair in parameters(other) for v in pair)


def test_a_group_is_not_a_batch_nor_a_row() -> None:
    case = Case(6, [20, 1], ["Rectifier", "Linear"], {"rule": "adadelta", "rho": 0.95, "epsilon": 1e-6})
    rows = case.rows(EXACT)
    one, eight = (train(grouped(case, EXACT, size), rows) for size in (1, 8))
    assert (one.weights(0) != eight.weights(0)).any()
    assert_same_bits(one, train(case.net(EXACT), rows))  # exact, which float64 is


def test_which_networks_have_groups() -> None:
    settings = {"rule": "adadelta", "loss": "gaussian"}
    large = make_net(ENGINE, 512, [256, 1], ["Tanh", "Linear"])
    assert configure(large, **settings).together == 8
    assert configure(large, **settings, together=2).together == 2
    assert configure(large, **settings, exact=True).together == 1
    assert configure(large, rule="momentum", momentum=0.9).together == 1
    assert configure(make_net(ENGINE, 510, [256, 1], ["Tanh", "Linear"]), **settings).together == 1
    assert (
        configure(make_net(ENGINE, 512, [256, 1], ["Tanh", "Linear"], batches=True), **settings).together == 1
    )


@pytest.mark.parametrize(
    "settings",
    [{"together": 3}, {"together": 16}, {"together": 8, "exact": True}, {"together": 2, "rule": "sgd"}],
    ids=str,
)
def test_groups_that_there_are_not(settings: dict) -> None:
    net = make_net(ENGINE, 3, [4, 1], ["Tanh", "Linear"])
    with pytest.raises(ValueError, match=f"together={settings['together']}: 1, 2, 4 or 8"):
        configure(net, **{"rule": "adadelta"} | settings)
