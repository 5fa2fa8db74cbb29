"""Tries out an installed heavywater, away from its source tree: ``python installed.py`` in an empty folder.

It imports, trains and predicts, where there may be neither a compiler nor an OpenMP library of the system.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator


def main() -> None:
    """Train a small network on points inside and outside of a circle."""
    Path("points.csv").write_text(
        "x,y,inside\n"
        + "".join(
            f"{x / 10},{y / 10},{'yes' if math.hypot(x, y) < 8 else 'no'}\n"
            for x in range(-15, 16)
            for y in range(-15, 16)
        )
    )
    h2o.init(verbose=False)
    h2o.no_progress()
    points = h2o.import_file("points.csv")
    model = H2ODeepLearningEstimator(hidden=[20, 20], epochs=30, seed=1, reproducible=True)
    model.train(y="inside", training_frame=points)
    auc = model.auc()
    right = (model.predict(points)["predict"] == points["inside"]).mean()[0]
    print(f"{sys.version.split()[0]}: AUC {auc:.4f}, {right:.1%} right")
    if not (auc > 0.99 and right > 0.9):
        sys.exit("the network has learned nothing")
    if sys.platform == "linux":
        print("OpenMP:", *sorted(openmp_libraries()))


def openmp_libraries() -> set[str]:
    """Files of the OpenMP run-time libraries in this process."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return {line.split()[-1] for line in lines if "gomp" in line or "libomp" in line}


if __name__ == "__main__":
    main()
