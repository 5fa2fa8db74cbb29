"""Frames of many columns: twice as many take twice the work, counted in calls."""

from __future__ import annotations

import contextlib
import io
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator

WIDTHS = (40, 80, 160)


def calls_of(work: Callable[[], Any]) -> tuple[Any, int]:
    """What work gives, and how many functions it has called, in all threads that it starts."""
    found = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    threading.setprofile(count)
    sys.setprofile(count)
    try:
        result = work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return result, found


def file_of(folder: Path, width: int) -> Path:
    """Whole numbers, real ones and levels in turn."""
    rng = np.random.default_rng(width)
    cells = [
        rng.integers(0, 9, 50),
        rng.normal(size=50).round(3),
        np.array(["u", "v", "w"])[rng.integers(0, 3, 50)],
    ]
    lines = [",".join(str(cells[i % 3][(row + i) % 50]) for i in range(width)) for row in range(50)]
    path = folder / f"{width}.csv"
    path.write_text("\n".join([",".join(f"c{i}" for i in range(width)), *lines]) + "\n", encoding="utf-8")
    return path


def described(frame: h2o.H2OFrame) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        frame.describe()


def trained(frame: h2o.H2OFrame) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(hidden=[2], epochs=0.1, seed=1)
    model.train(y="c0", training_frame=frame)
    return model


WORK: dict[str, Callable[[Any], Any]] = {
    "as_data_frame": lambda frame: frame.as_data_frame(),
    "describe": described,
    "train": trained,
    "names and types": lambda frame: (frame.names, frame.types),
    "select": lambda frame: frame[frame.names[::2]].nrow,
    "bind": lambda frame: frame.cbind(frame).ncol,
}


@pytest.mark.in_process
def test_work_grows_as_the_columns_do(tmp_path):
    told: dict[str, list[int]] = {"import": [], "upload": [], **{name: [] for name in WORK}}
    for width in (WIDTHS[0], *WIDTHS):  # the first one imports what is needed and is not counted
        path = str(file_of(tmp_path, width))
        frame, count = calls_of(partial(h2o.import_file, path))
        told["import"].append(count)
        data = {f"c{i}": list(range(50)) for i in range(width)}
        told["upload"].append(calls_of(partial(h2o.H2OFrame, data))[1])
        for name, work in WORK.items():
            told[name].append(calls_of(partial(work, frame))[1])
    for name, (_, few, more, most) in told.items():
        # quadratic work would grow by four times as much
        assert most - more <= 2.5 * max(1, more - few), (name, few, more, most)
