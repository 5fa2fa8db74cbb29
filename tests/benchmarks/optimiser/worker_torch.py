"""Train PyTorch in eager mode: ``.bench/torch/bin/python -m tests.benchmarks.optimiser.worker_torch '<job as JSON>'``.

The quickest plain loop: rows in memory, shuffled each epoch by indexing, AdamW in its default form for a CPU.
"""

from __future__ import annotations

import json
import math
import sys
import time
from typing import Any

import numpy as np
import torch

Job = dict[str, Any]


def _network(job: Job, inputs: int, classes: int) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    for units in job["hidden"]:
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
        inputs = units
    return torch.nn.Sequential(*layers, torch.nn.Linear(inputs, classes))


def _optimiser(job: Job, network: torch.nn.Sequential) -> torch.optim.AdamW:
    settings = {"lr": job["rate"], "betas": (0.9, 0.95), "eps": 1e-8}
    if job.get("fused"):
        settings["fused"] = True
    decayed = [p for p in network.parameters() if p.ndim > 1]
    groups = [
        {"params": decayed, "weight_decay": job["weight_decay"]},
        {"params": [p for p in network.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, **settings)


def _train(job: Job, x: torch.Tensor, y: torch.Tensor, classes: int) -> torch.nn.Sequential:
    network = _network(job, x.shape[1], classes).train()
    optimiser, loss = _optimiser(job, network), torch.nn.CrossEntropyLoss()
    samples, total = 0, len(x) * job["epochs"]
    for _ in range(job["epochs"]):
        for batch in torch.randperm(len(x)).split(job["batch"]):
            factor = (1 + math.cos(math.pi * samples / total)) / 2
            for group in optimiser.param_groups:
                group["lr"] = job["rate"] * factor
            optimiser.zero_grad()
            loss(network(x[batch]), y[batch]).backward()
            optimiser.step()
            samples += len(batch)
    return network


def main() -> None:
    """Do the job in this process."""
    job = json.loads(sys.argv[1])
    torch.set_flush_denormal(True)  # before the first parallel region, since threads inherit it
    torch.set_num_threads(job["threads"])
    torch.manual_seed(job["seed"])
    data = np.load(job["data"])
    rows, classes = slice(job["rows"]), int(data["y"].max()) + 1
    x, y = torch.from_numpy(data["x"][rows]), torch.from_numpy(data["y"][rows])
    batch = job["batch"]
    _train(
        {**job, "epochs": 1}, x[:batch], y[:batch], classes
    )  # what is imported with the first step is no training
    start, processor = time.perf_counter(), time.process_time()
    network = _train(job, x, y, classes)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    with torch.no_grad():
        predicted = network.eval()(torch.from_numpy(data["test_x"])).argmax(1).numpy()
    result = {
        "rows_per_second": len(x) * job["epochs"] / seconds,
        "seconds": seconds,
        "processor_seconds": processor,
        "test_error": float((predicted != data["test_y"]).mean()),
        "version": torch.__version__,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
