"""A session on one of the hosts of a lab, with nodes on the others, and what a training there has been like."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from heavywater.cluster.secret import new_secret_file
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.exchange import table_of
from heavywater.session import LocalSession, start

from ..sessions import finished
from .lab import Lab

ROWS = 200_000
TRAINING: dict[str, Any] = {
    "hidden": [100, 100],
    "epochs": 1e9,
    "seed": 3,
    "stopping_rounds": 0,
    "classification_stop": -1.0,
    "score_interval": 1.0,
    "score_training_samples": 2000,
    "overwrite_with_best_model": False,
}


@contextlib.contextmanager
def session_with_nodes(lab: Lab, nodes: dict[int, str], listen: str = "0.0.0.0") -> Iterator[LocalSession]:
    """A session on host 1, which listens there.

    Parameters
    ----------
    nodes : dict
        By the number of a host the address at which a node there joins.
    """
    secret = str(Path(tempfile.mkdtemp(prefix="heavywater-")) / "secret")
    new_secret_file(secret)
    shown = f"[{listen}]" if ":" in listen else listen
    with lab.inside(1):
        session = start("networks", 1, nodes=f"listen:{shown}:0", secret_file=secret)
    found = getattr(session, "behind", session)
    assert isinstance(found, LocalSession)
    port = found.cluster.status()["join_at"].rpartition(":")[2]
    try:
        for host, address in nodes.items():
            lab.node(host, f"{address}:{port}", secret)
        until = time.monotonic() + 60
        while found._crew.size < len(nodes):
            assert time.monotonic() < until, "the nodes do not join"
            time.sleep(0.05)
        found.frames.upload(table_of(example()), "rows")
        yield found
    finally:
        found.cluster.close()


def example(rows: int = ROWS) -> pd.DataFrame:
    """Rows of small numbers, of two classes that a small network can tell apart."""
    r = np.random.default_rng(1)
    x = r.integers(0, 100, (rows, 8))
    a, b, c = (x[:, i] / 50 - 1 for i in range(3))
    frame = pd.DataFrame({f"x{i}": x[:, i] for i in range(x.shape[1])})
    frame["y"] = pd.Categorical(np.where(np.sin(4 * a) + 2 * b * c > 0, "p", "n"))
    return frame


@dataclass
class Outcome:
    """What became of a training.

    Attributes
    ----------
    events : pandas.DataFrame
        The scoring history.
    rows_per_second, rows_per_round : float
        Of all; in the median of the later half of the events.
    ratio : float
        Of time in meetings and time in the engine, as it was measured, likewise.
    error : float
        Share of rows in the wrong class at the end.
    """

    events: pd.DataFrame
    warnings: list[str]
    rows_per_second: float
    rows_per_round: float
    ratio: float
    error: float


def begin(session: LocalSession, seconds: float, **parameters: Any) -> Any:
    """Begin a training of so many seconds; its job."""
    given = {**TRAINING, "model_id": "m", "max_runtime_secs": seconds, **parameters}
    return session.training.train("deeplearning", given, x=None, y="y", training_frame_key="rows")


def outcome(session: LocalSession, job: Any) -> Outcome:
    """Wait for a training."""
    finished(session, job)
    model = session.store.get("m", DeepLearningModel)
    events = pd.DataFrame(model.history["rows"], columns=model.history["columns"])
    late = events.iloc[len(events) // 2 :]
    share = float(late["communication"].median())
    return Outcome(
        events,
        list(model.warnings),
        float(late["samples"].iloc[-1]) / float(late["duration"].iloc[-1].split()[0]),
        float(late["rows_per_round"].median()),
        share / (1 - share),
        float(events["training_classification_error"].iloc[-1]),
    )
