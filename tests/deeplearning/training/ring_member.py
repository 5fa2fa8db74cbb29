"""One of the processes that train digits together: ``python -m tests.deeplearning.training.ring_member JSON``.

The argument: rank, ranks, left and right (descriptors), rule, rows (of an iteration), given (parameters). It prints how it
ends: log loss on other digits, a hash of the weights, rows trained, iterations.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from heavywater.deeplearning.encoding.data import DataSpec
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.averaging_rule import AveragingRule
from heavywater.deeplearning.training.prepared import Prepared, Start
from heavywater.deeplearning.training.result import model_of
from heavywater.deeplearning.training.ring_averaging import RingAveraging
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.engine._ring import Ring
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

DIGITS = Path(__file__).parents[2] / "data" / "mnist"


def digits(which: str, rows: slice = slice(None)) -> Frame:
    table = pd.read_csv(DIGITS / f"{which}.csv.gz", header=None).to_numpy()[rows]
    columns = [numeric(v.astype(np.float64)) for v in table[:, :-1].T]
    return Frame(
        [*(f"x{i}" for i in range(len(columns))), "y"], [*columns, enum(table[:, -1], list("0123456789"))]
    )


def train(rank: int, ranks: int, left: int, right: int, rule: str, given: dict[str, Any]) -> dict[str, Any]:
    """Train on the share of this member, with the columns as they are in all rows."""
    whole, test = digits("train"), digits("test")
    fixed = {
        "hidden": [32, 32],
        "seed": 5,
        "reproducible": True,
        "stopping_rounds": 0,
        "classification_stop": -1,
        "overwrite_with_best_model": False,
    }
    p = validate({**fixed, **given}, TrainingContext(whole, None, "y"))
    mine = digits("train", slice(rank, None, ranks))
    prepared = Prepared.with_spec(p, DataSpec.fit(whole, p), mine, None, Start())
    ring = RingAveraging(Ring(rank, ranks, left, right), rule=AveragingRule(rule, ranks), timeout=60)
    t = Trainer(prepared, threads=1, progress=lambda *_: None, cancelled=lambda: False, averaging=ring)
    t.run()
    predicted = model_of("digits", t).predict(test)[0]
    chances = np.stack([c.values for c in predicted.columns[1:]], axis=1)
    right_ones = chances[np.arange(len(chances)), np.asarray(test.column("y").values, int)]
    return {
        "loss": float(-np.log(np.maximum(right_ones, 1e-9)).mean()),
        "weights": hashlib.sha256(t.worker.net.buffer().tobytes()).hexdigest(),
        "samples": t.state.samples,
        "rounds": ring.rounds,
    }


if __name__ == "__main__":
    print(json.dumps(train(**json.loads(sys.argv[1]))))
