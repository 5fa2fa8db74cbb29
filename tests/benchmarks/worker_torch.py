"""Measure PyTorch in eager mode: ``python -m tests.benchmarks.worker_torch '<job as JSON>'`` prints one JSON line.

It runs in .bench/torch. The job's ``recipe`` gives the net and Adam's settings. The rows are in memory,
scaled to 0..1, and shuffled each epoch by indexing: the quickest plain loop, without a DataLoader. The
clock covers the epochs and nothing else.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from typing import Any

import numpy as np
import torch

PIXELS = 784
CLASSES = 10

Recipe = dict[str, Any]


def _load(path: str, rows: int | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    with gzip.open(path, "rt") as file:
        table = np.fromstring(file.read().replace("\n", ","), dtype=np.int64, sep=",").reshape(-1, PIXELS + 1)
    images, labels = table[:rows, :PIXELS], table[:rows, PIXELS]
    return torch.from_numpy(images.astype(np.float32) / 255), torch.from_numpy(labels.copy())


def _network(recipe: Recipe) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    inputs = PIXELS
    for units in recipe["hidden"]:
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
        if recipe["dropout"]:
            layers.append(torch.nn.Dropout(recipe["dropout"]))
        inputs = units
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, CLASSES))


def _train(recipe: Recipe, images: torch.Tensor, labels: torch.Tensor, epochs: int) -> torch.nn.Sequential:
    network = _network(recipe).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe["rate"], fused=recipe["fused"])
    steps = epochs * -(-len(images) // recipe["batch"])
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps) if recipe["cosine"] else None
    loss_function = torch.nn.CrossEntropyLoss()
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(recipe["batch"]):
            optimizer.zero_grad()
            loss_function(network(images[batch]), labels[batch]).backward()
            optimizer.step()
            if cosine:
                cosine.step()
    return network


def _test_error(network: torch.nn.Sequential, path: str) -> float:
    images, labels = _load(path)
    with torch.no_grad():
        predicted = network.eval()(images).argmax(1)
    return float((predicted != labels).float().mean())


def main() -> None:
    """Do the job in this process."""
    job = json.loads(sys.argv[1])
    recipe, epochs = job["recipe"], job["epochs"]
    # Adam's averages of seldom used weights decay into denormals, on which a processor crawls; set before the
    # first parallel region, since threads inherit it
    torch.set_flush_denormal(True)
    torch.set_num_threads(job["threads"])
    images, labels = _load(job["train"], job["rows"])
    # the first step of an optimizer imports a second's worth of modules, which is no training
    _train(recipe, images[: recipe["batch"]], labels[: recipe["batch"]], 1)
    start = time.perf_counter()
    network = _train(recipe, images, labels, epochs)
    seconds = time.perf_counter() - start
    result = {
        "rows_per_second": len(images) * epochs / seconds,
        "seconds": seconds,
        "test_error": _test_error(network, job["test"]),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "version": torch.__version__,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
