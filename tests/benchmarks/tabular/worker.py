"""Train one method on one table and split: ``python -m tests.benchmarks.tabular.worker '<job as JSON>'`` prints one JSON line.

The job has ``table``, ``method``, ``split`` and ``threads``; with ``parameters`` it is `H2ODeepLearningEstimator` with these.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import warnings
from typing import Any

from .methods import METHODS, ours
from .sets import BY_NAME
from .tables import cut


def main() -> None:
    """Do the job in this process."""
    job = json.loads(sys.argv[1])
    warnings.simplefilter("ignore")
    table = BY_NAME[job["table"]]
    method = METHODS[job["method"]]
    fit = ours(job["parameters"]) if "parameters" in job else method.fit
    for name in method.imports:
        importlib.import_module(name)
    rows = cut(table, job["split"])
    began, busy = time.perf_counter(), _processor()
    predict = fit(rows, table.kind, job["threads"], job.get("seed", job["split"]))
    trained, used = time.perf_counter(), _processor()
    found = predict()
    times = {
        "seconds": trained - began,
        "processor_seconds": used - busy,
        "predict_seconds": time.perf_counter() - trained,
        "load": os.getloadavg()[0],
    }
    print("\n" + json.dumps(scores(found, rows.test_answer, table.kind) | times))


def scores(found: Any, answer: Any, kind: str) -> dict[str, float]:
    """Error, and for classes the logarithmic loss, for two of them the area under the ROC curve, too."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    if kind == "regression":
        wrong = np.asarray(found, float).ravel() - answer.to_numpy()
        return {"error": float(np.sqrt(np.mean(wrong**2)))}
    shares, right = np.clip(np.asarray(found, float), 1e-15, 1), answer.cat.codes.to_numpy()
    shares = shares / shares.sum(axis=1, keepdims=True)
    result = {
        "error": float(np.mean(shares.argmax(axis=1) != right)),
        "logloss": float(-np.mean(np.log(shares[np.arange(len(right)), right]))),
    }
    if kind == "binary":
        result["auc"] = float(roc_auc_score(right, shares[:, 1]))
    return result


def _processor() -> float:
    """Seconds of the processor of this process and those that it has ended."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
