"""Train ours: ``python -m tests.benchmarks.optimiser.worker_ours '<job as JSON>'`` prints one JSON line."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import h2o
import heavywater
import numpy as np
import pandas as pd
from h2o.estimators import H2ODeepLearningEstimator
from heavywater.deeplearning.training import worker
from heavywater.deeplearning.training.runner import Runner

from ..h2o_tasks import MEASURING, training_speed


def _frame(x: np.ndarray, y: np.ndarray, classes: int) -> Any:
    table = pd.DataFrame(x, columns=[f"x{i}" for i in range(x.shape[1])])
    table["y"] = pd.Categorical.from_codes(y, [f"c{i:02d}" for i in range(classes)])
    return h2o.H2OFrame(table)


class TimedRunner(Runner):
    """Knows how long a processor has worked in the epochs of this process."""

    processor = 0.0

    def train(self, order: np.ndarray, first_sample: int) -> float:
        """See `Runner`."""
        began = time.process_time()
        seconds = super().train(order, first_sample)
        TimedRunner.processor += time.process_time() - began
        return seconds


def main() -> None:
    """Do the job in this process."""
    job = json.loads(sys.argv[1])
    h2o.init(nthreads=job["threads"])
    h2o.no_progress()
    data = np.load(job["data"])
    rows, classes = slice(job["rows"]), int(data["y"].max()) + 1
    train = _frame(data["x"][rows], data["y"][rows], classes)
    test = _frame(data["test_x"], data["test_y"], classes)
    model = H2ODeepLearningEstimator(**{
        **MEASURING, "train_samples_per_iteration": -1, "optimizer": "Adam", "rate_schedule": "Cosine", "rate": job["rate"],
        "weight_decay": job["weight_decay"], "mini_batch_size": job["batch"], "hidden": job["hidden"],
        "epochs": job["epochs"], "seed": job["seed"], "standardize": False,
    })  # fmt: skip
    worker.Runner = TimedRunner  # type: ignore[misc]
    start = time.perf_counter()
    model.train(y="y", training_frame=train)
    seconds = time.perf_counter() - start
    predicted = model.predict(test).as_data_frame()["predict"].astype(str).str[1:].astype(int)
    result = {
        "rows_per_second": training_speed(model),
        "seconds": seconds,
        "processor_seconds": TimedRunner.processor,
        "test_error": float((predicted.to_numpy() != data["test_y"]).mean()),
        "version": heavywater.__version__,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
