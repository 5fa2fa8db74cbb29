"""ADADELTA's state of large layers as pairs of bfloat16: what it is, when, and that nobody who reads or sets it notices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from .nets import ENGINES, assert_same_bits, configure, make_net, make_rows, own_rows, parameters, train
from .test_levels import available

ENGINE = ENGINES["float32"]
SETTINGS: dict[str, Any] = {"rule": "adadelta", "loss": "crossentropy", "epsilon": 1e-6}
LARGE = 530


def rows(engine: Any = ENGINE, n: int = 60) -> Any:
    rng = np.random.default_rng(3)
    return make_rows(engine, rng.normal(0, 1, (n, 6)), label=rng.integers(0, 3, n))


def net(engine: Any = ENGINE, unit_major: bool = False, **settings: Any) -> Any:
    made = make_net(engine, 6, [LARGE, 20, 3], ["Rectifier", "Rectifier", "Softmax"], unit_major=unit_major)
    return configure(made, **SETTINGS | settings)


def low_bits(values: np.ndarray) -> int:
    """How many values are no bfloat16."""
    return int(np.count_nonzero(values.view(np.uint32) & 0xFFFF))


@pytest.mark.parametrize("unit_major", [False, True])
def test_which_layers_have_pairs(unit_major: bool) -> None:
    one = train(net(unit_major=unit_major, l1=1e-5), rows())
    for name in ("s1", "s2"):
        assert np.count_nonzero(one.state(0)[name]) > 100
        assert low_bits(one.state(0)[name]) == 0
        assert low_bits(one.state(1)[name]) > 100
    assert low_bits(one.weights(0)) > 100


@pytest.mark.parametrize(
    "settings", [{"exact": True}, {"rho": 0.995}, {"rule": "momentum", "rates": 0.01}], ids=str
)
def test_where_nothing_is_rounded(settings: dict) -> None:
    """In exact runs, and where so little is forgotten in a row that rounding would keep it."""
    assert low_bits(train(net(**settings), rows()).state(0)["s1"]) > 100
    assert train(net(ENGINES["float64"]), rows(ENGINES["float64"])).state(0)["s1"].dtype == np.float64


@pytest.mark.parametrize("unit_major", [False, True])
def test_close_to_what_is_not_rounded(unit_major: bool) -> None:
    start = parameters(net())
    rounded, whole = (train(net(unit_major=unit_major, exact=exact), rows()) for exact in (False, True))
    moved = np.linalg.norm(whole.weights(0) - start[0][0])
    assert 0 < np.linalg.norm(rounded.weights(0) - whole.weights(0)) < 0.05 * moved


@pytest.mark.parametrize("options", [{}, own_rows(8)], ids=["shared", "copies"])
def test_going_on_from_what_was_read(options: dict) -> None:
    one, other = train(net(), rows(), threads=2, **options), net()
    for i in range(3):
        other.set_weights(i, one.weights(i), one.biases(i))
        other.set_state(i, one.state(i))
        for name, values in one.state(i).items():
            np.testing.assert_array_equal(other.state(i)[name], values, err_msg=name)
    assert_same_bits(
        train(other, rows(), first=60, threads=2, **options),
        train(one, rows(), first=60, threads=2, **options),
    )


def test_other_settings_find_the_state() -> None:
    """Exact from here on, and back: what was known is known, but for rounding."""
    one = train(net(), rows())
    before = one.state(0)
    configure(one, **SETTINGS, exact=True)
    np.testing.assert_array_equal(one.state(0)["s2"], before["s2"])
    train(one, rows(), first=60)
    exact = one.state(0)
    configure(one, **SETTINGS)
    for name in ("s1", "s2"):
        np.testing.assert_allclose(one.state(0)[name], exact[name], rtol=2**-8)
        assert low_bits(one.state(0)[name]) == 0


def test_threads_change_no_bit() -> None:
    assert_same_bits(
        train(net(dropout=[0.3, 0.2]), rows(), threads=3), train(net(dropout=[0.3, 0.2]), rows())
    )


def test_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    best = train(net(), rows()).weights(0)
    for level in available():
        monkeypatch.setenv("HEAVYWATER_SIMD", level)
        assert np.linalg.norm(best - train(net(), rows()).weights(0)) < 0.01 * np.linalg.norm(best)


def test_the_smallest_epsilon() -> None:
    """Products of such numbers leave float32's range."""
    one = train(net(epsilon=1e-30), rows())
    assert all(np.isfinite(v).all() for pair in parameters(one) for v in pair)
