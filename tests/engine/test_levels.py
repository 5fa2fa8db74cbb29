"""Every instruction-set level gives the same result within rounding."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .cases import Case, cases, few, steady
from .nets import ENGINES, assert_close, configure, make_net, make_raw_rows, make_rows, parameters, train

LEVELS = ["baseline", "avx2", "avx512"]
TOLERANCE = {"float32": 5e-4, "float64": 1e-9}


def in_subprocess(level: str, code: str) -> subprocess.CompletedProcess:
    env = os.environ | {"HEAVYWATER_SIMD": level, "PYTHONPATH": os.pathsep.join([os.getcwd(), *sys.path])}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120, check=False
    )


def available() -> list[str]:
    """The levels this processor has, by what the engine accepts."""
    before, found = os.environ.get("HEAVYWATER_SIMD"), []
    for level in LEVELS:
        os.environ["HEAVYWATER_SIMD"] = level
        try:
            found.append(ENGINES["float32"].instruction_set())
        except ValueError as error:
            assert "is not available here" in str(error)
    os.environ.pop("HEAVYWATER_SIMD")
    if before is not None:
        os.environ["HEAVYWATER_SIMD"] = before
    return found


def at_level(level: str, case: Case, engine: object, batch_size: int, **options: bool) -> list:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEAVYWATER_SIMD", level)
        net = case.net(engine, batches=batch_size > 1, **options)
    return parameters(train(net, case.rows(engine), batch_size=batch_size, **case.masks))


@few
@given(cases(largest=70), st.sampled_from(sorted(ENGINES)), st.sampled_from([1, 4]), st.booleans())
def test_levels_agree(case: Case, precision: str, batch_size: int, unit_major: bool) -> None:
    results = [at_level(x, case, ENGINES[precision], batch_size, unit_major=unit_major) for x in available()]
    steady(results[0])
    for other in results[1:]:
        assert_close(other, results[0], atol=TOLERANCE[precision])


@pytest.mark.parametrize("kind", ["Rectifier", "Tanh", "Maxout", "ExpRectifier"])
def test_wide_layers_agree(kind: str) -> None:
    """Groups of 16, 64 and 128 columns."""
    settings = {"rule": "adadelta", "epsilon": 1e-6, "loss": "crossentropy", "max_w2": 2.0}
    case = Case(30, [1100, 600, 20], [kind, kind, "Softmax"], settings, samples=6)
    results = [at_level(x, case, ENGINES["float32"], 1) for x in available()]
    for other in results[1:]:
        assert_close(other, results[0], atol=TOLERANCE["float32"])


def test_baseline_is_always_there() -> None:
    assert available()[0] == "baseline"


REPORT = (
    "from heavywater.engine import _net32, _net64; print(_net32.instruction_set(), _net64.instruction_set())"
)


@pytest.mark.parametrize("level", LEVELS)
def test_environment_variable(level: str) -> None:
    if level not in available():
        pytest.skip(f"this processor has no {level}")
    done = in_subprocess(level, REPORT)
    assert done.stdout.split() == [level, level], done.stderr


def test_unset_takes_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = available()
    monkeypatch.delenv("HEAVYWATER_SIMD", raising=False)
    assert ENGINES["float32"].instruction_set() == levels[-1]


def test_unknown_level() -> None:
    done = in_subprocess("sse9", REPORT)
    assert done.returncode != 0
    assert "ValueError: HEAVYWATER_SIMD='sse9' is not available here" in done.stderr
    assert "baseline" in done.stderr


def test_unknown_level_refuses_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEAVYWATER_SIMD", "fast")
    with pytest.raises(ValueError, match="HEAVYWATER_SIMD='fast'"):
        ENGINES["float64"].Network(2, [1], ["Linear"])
    monkeypatch.setenv("HEAVYWATER_SIMD", "")
    assert np.isfinite(ENGINES["float64"].Network(2, [1], ["Linear"]).weights(0)).all()


@pytest.mark.parametrize("ratio", [0.0, 0.2, 0.9])
def test_drawn_dropout_of_sparse_bytes(ratio: float) -> None:
    """The masks that the kernels draw while they decode are those of plain numbers, whatever the length of a row."""
    rng = np.random.default_rng(6)
    raw = rng.integers(1, 256, (60, 100)) * (rng.random((60, 100)) < np.linspace(0, 1, 60)[:, None])
    mul = rng.uniform(0.001, 0.02, 100).astype(np.float32)
    label = rng.integers(0, 3, 60)
    engine = ENGINES["float32"]
    settings = {"rule": "sgd", "rates": 0.01, "loss": "crossentropy", "input_dropout": ratio, "seed": 5}

    def run(level: str, rows: Any) -> list:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HEAVYWATER_SIMD", level)
            net = configure(make_net(engine, 100, [20, 3], ["Tanh", "Softmax"]), **settings)
        return parameters(train(net, rows, order=np.tile(np.arange(60), 3)))

    plain = run("baseline", make_rows(engine, raw * mul, label=label))
    sparse = make_raw_rows(engine, raw.astype(np.uint8), np.zeros(100), mul, sparse=True, label=label)
    for level in available():
        assert_close(run(level, sparse), plain, atol=1e-5)
