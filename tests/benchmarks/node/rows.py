"""Single rows scored over many connections: by the scoring service, and through the door of our own clients."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from heavywater.exchange import table_of
from heavywater.session import JobHandle, LocalSession, connect
from heavywater.session.wire import encode

from .load import Load, http_request, load
from .processes import Disturbance, Served, served

CONNECTIONS, RATE = 1000, 1200
Measured = tuple[
    str, Load, float, float
]  # what, its load, seconds of a processor for an answer, cores of others


def small_model(folder: Path) -> tuple[str, dict[str, Any]]:
    """The file of a model of 2 classes with 7 inputs, two of them factors, and hidden layers of 50 and 50; and a row for it."""
    random, n = np.random.default_rng(1), 1000
    numbers = {name: random.normal(size=n) for name in "abcde"}
    data: dict[str, Any] = {
        **numbers,
        "f": random.choice(["u", "v", "w"], n),
        "g": random.choice(["x", "y"], n),
    }
    data["answer"] = np.where(numbers["a"] + random.normal(size=n) > 0, "yes", "no")
    session = LocalSession(nthreads=1)
    types = dict.fromkeys(["f", "g", "answer"], "enum")
    key = session.frames.upload(table_of(data, column_types=types), "rows")["frame"]
    started = session.training.train(
        "deeplearning",
        {"hidden": [50, 50], "epochs": 2, "seed": 1},
        x=None,
        y="answer",
        training_frame_key=key,
    )
    path = session.model_files.save(JobHandle(session, started).wait(), folder / "model")
    return path, {name: data[name][0].item() for name in "abcdefg"}


def _measured(what: str, at: Served, requests: list[bytes], rate: float | None) -> Measured:
    disturbance, before = Disturbance((at,)), at.cpu_seconds()
    found = load(at.host, at.port, requests, CONNECTIONS, rate, warm=0.0)
    answers = max(1, len(found.latencies))
    return what, found, (at.cpu_seconds() - before) / answers, disturbance.cores()


def measure() -> tuple[list[Measured], int]:
    """All of it, and the memory of the scoring service (kB) after its first answers."""
    found: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        model, row = small_model(Path(folder))
        with served("--model", f"m={model}") as service:
            request = http_request("/score/m", json.dumps([row]).encode(), Content_Type="application/json")
            load(service.host, service.port, [request], 1, warm=0.0, seconds=0.5)
            memory = service.resident_kilobytes()
            for rate in (RATE, None):
                found.append(_measured("/score/m", service, [request], rate))
        with served() as node:
            session = connect(node.url)
            key = session.model_files.from_bytes(Path(model).read_bytes())
            body = encode({"model_key": key, "rows": [row]})
            headers = {"Content-Type": "application/octet-stream", "Heavywater-Client": session.client}
            request = http_request("/rpc/1/models.score_rows", body, **headers)
            for rate in (RATE, None):
                found.append(_measured("/rpc/1/models.score_rows", node, [request], rate))
            session.cluster.close(stop_jobs=False)
    return found, memory
