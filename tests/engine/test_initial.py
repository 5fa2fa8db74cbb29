"""Starting weights against those of the real H2O, and their generator against its definition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.engine.initial import channels_of, initial_biases, initial_layer, normals, pcg32, uniforms

DATA = Path(__file__).parents[1] / "data"
SPECS = json.loads((DATA / "initial_weights.json").read_text())


@pytest.mark.parametrize("number", range(len(SPECS)))
def test_equals_h2o(number: int) -> None:
    spec, stored = SPECS[number], np.load(DATA / "initial_weights.npz")
    kind = spec["activation"].removesuffix("WithDropout")
    classifier = (spec["response"] or "").startswith("cls")
    last = len(spec["hidden"])
    inputs = stored[f"{number}/W0"].shape[1]
    outputs = inputs if spec["autoencoder"] else stored[f"{number}/b{last}"].size
    units = [inputs, *spec["hidden"], outputs]
    for i in range(last + 1):
        channels = channels_of([kind])[0] if i < last else 1
        w = initial_layer(i, units[i], units[i + 1], channels, last_of_classifier=classifier and i == last,
                          distribution=spec["distribution"], scale=spec["scale"], seed=spec["seed"])  # fmt: skip
        assert w.dtype == np.float32 and w.shape == (channels, units[i + 1], units[i])
        # H2O's order of the numbers: unit, input, channel
        flat = w.transpose(1, 2, 0).reshape(-1)
        np.testing.assert_allclose(flat, stored[f"{number}/W{i}"].reshape(-1), rtol=0, atol=1e-6)
        b = np.repeat(initial_biases(i, units[i + 1], kind, output=i == last), channels)
        np.testing.assert_array_equal(b, stored[f"{number}/b{i}"])


def pcg_by_definition(seed: int, n: int) -> list[int]:
    """PCG-XSH-RR 64/32 step by step (O'Neill 2014), stream 1."""
    mask, step, out = (1 << 64) - 1, 3, []
    state = ((step + seed) * 6364136223846793005 + step) & mask
    for _ in range(n):
        shifted, rot = (((state >> 18) ^ state) >> 27) & 0xFFFFFFFF, state >> 59
        out.append(((shifted >> rot) | (shifted << (-rot & 31))) & 0xFFFFFFFF)
        state = (state * 6364136223846793005 + step) & mask
    return out


@pytest.mark.parametrize("seed", [0, 1, 1234, -1, 2**63, 2**64 - 5])
@pytest.mark.parametrize("n", [0, 1, 2, 100])
def test_generator(seed: int, n: int) -> None:
    assert pcg32(seed, n).tolist() == pcg_by_definition(seed & (2**64 - 1), n)


def test_distributions() -> None:
    u, z = uniforms(5, 20_000), normals(5, 20_000)
    assert u.min() >= 0 and u.max() < 1 and abs(u.mean() - 0.5) < 0.01
    assert len(z) == 20_000 and abs(z.mean()) < 0.03 and abs(z.std() - 1) < 0.03
    shape: dict[str, Any] = {"last_of_classifier": False, "scale": 0.25, "seed": 9}
    adaptive = initial_layer(0, 100, 50, 1, distribution="UniformAdaptive", **shape)
    limit = np.sqrt(6 / 150)
    assert 0.98 * limit < np.abs(adaptive).max() <= limit
    uniform = initial_layer(0, 100, 50, 1, distribution="Uniform", **shape)
    assert 0.24 < np.abs(uniform).max() <= 0.25
    assert abs(initial_layer(0, 100, 50, 2, distribution="Normal", **shape).std() - 0.25) < 0.01


def test_seeds_and_layers_differ() -> None:
    def draw(layer: int, seed: int) -> np.ndarray:
        return initial_layer(
            layer, 5, 5, 1, last_of_classifier=False, distribution="Uniform", scale=1.0, seed=seed
        )

    np.testing.assert_array_equal(draw(0, 1), draw(0, 1))
    assert not np.array_equal(draw(0, 1), draw(1, 1))
    assert not np.array_equal(draw(0, 1), draw(0, 2))
