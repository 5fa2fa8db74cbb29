"""Record runs of PyTorch's AdamW: ``.bench/torch/bin/python -m tests.cases.adamw_runs`` writes them into tests/data/adamw.

Everything is in double precision, so that they say to rounding what the rule is.
"""

from __future__ import annotations

import io
import json
import math
from typing import Any

import numpy as np
import torch

from .archive import DATA, packed

ROWS, EPOCHS, SEED = 50, 4, 11
ACTIVATIONS = {"Rectifier": torch.relu, "Tanh": torch.tanh}
PLAIN = {"batch": 16, "rate": 0.01, "weight_decay": 0.0, "l2": 0.0, "cosine": False, "smoothing": 0.0}
RUNS: dict[str, dict[str, Any]] = {
    "classes": {"units": [9, 12, 7, 4], "kinds": ["Rectifier", "Rectifier", "Softmax"], "weight_decay": 0.3,
                "cosine": True, "smoothing": 0.1},
    "two_classes": {"units": [5, 20, 2], "kinds": ["Tanh", "Softmax"], "batch": 7, "weight_decay": 2.0},
    "numbers": {"units": [6, 10, 1], "kinds": ["Rectifier", "Linear"], "cosine": True},
    "penalty_in_the_gradient": {"units": [6, 10, 8, 1], "kinds": ["Tanh", "Rectifier", "Linear"], "l2": 0.2},
}  # fmt: skip


def record(case: dict[str, Any]) -> dict[str, dict[str, np.ndarray]]:
    """Groups of arrays of a run."""
    rng = np.random.default_rng(SEED)
    units, kinds = case["units"], case["kinds"]
    x = rng.normal(0, 1, (ROWS, units[0]))
    classes = kinds[-1] == "Softmax"
    target = rng.integers(0, units[-1], ROWS) if classes else rng.normal(0, 1, ROWS)
    epochs = np.stack([rng.permutation(ROWS) for _ in range(EPOCHS)])
    layers = [
        (rng.normal(0, 0.5, (n, before)), rng.normal(0, 0.2, n))
        for before, n in zip(units, units[1:], strict=False)
    ]
    parameters = [tuple(torch.tensor(v, requires_grad=True) for v in pair) for pair in layers]
    _train(case, parameters, torch.tensor(x), torch.tensor(target), epochs)
    ended = [tuple(v.detach().numpy() for v in pair) for pair in parameters]
    return {
        "data": {"x": x, "target": target, "epochs": epochs},
        "start": {
            f"{name}{i}": v for i, pair in enumerate(layers) for name, v in zip("wb", pair, strict=True)
        },
        "end": {f"{name}{i}": v for i, pair in enumerate(ended) for name, v in zip("wb", pair, strict=True)},
    }


def _train(case: dict[str, Any], parameters: list[Any], x: Any, target: Any, epochs: np.ndarray) -> None:
    settings = {"lr": case["rate"], "betas": (0.9, 0.95), "eps": 1e-8}
    weights, biases = [w for w, _ in parameters], [b for _, b in parameters]
    optimiser: torch.optim.Optimizer
    if case["l2"]:
        optimiser = torch.optim.Adam([*weights, *biases], weight_decay=case["l2"], **settings)
    else:
        groups = [
            {"params": weights, "weight_decay": case["weight_decay"]},
            {"params": biases, "weight_decay": 0.0},
        ]
        optimiser = torch.optim.AdamW(groups, **settings)
    samples = 0
    for order in torch.from_numpy(epochs):
        for batch in order.split(case["batch"]):
            if case["cosine"]:
                factor = (1 + math.cos(math.pi * samples / epochs.size)) / 2
                for group in optimiser.param_groups:
                    group["lr"] = case["rate"] * factor
            optimiser.zero_grad()
            _loss(case, parameters, x[batch], target[batch]).backward()
            optimiser.step()
            samples += len(batch)


def _loss(case: dict[str, Any], parameters: list[Any], x: Any, target: Any) -> Any:
    for (w, b), kind in zip(parameters, case["kinds"], strict=True):
        x = x @ w.T + b
        x = ACTIVATIONS[kind](x) if kind in ACTIVATIONS else x
    if case["kinds"][-1] == "Softmax":
        return torch.nn.functional.cross_entropy(x, target, label_smoothing=case["smoothing"])
    return torch.nn.functional.mse_loss(x[:, 0], target)


def members(case: dict[str, Any]) -> dict[str, bytes]:
    """Contents of the archive of a run."""
    found = {"case.json": (json.dumps(case | {"torch": torch.__version__}, indent=1) + "\n").encode()}
    for group, arrays in record(case).items():
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            found[f"{group}/{name}.npy"] = buffer.getvalue()
    return found


def main() -> None:
    """Record all runs."""
    (DATA / "adamw").mkdir(exist_ok=True)
    for name, given in RUNS.items():
        (DATA / "adamw" / f"{name}.zip").write_bytes(packed(members(PLAIN | given)))


if __name__ == "__main__":
    main()
