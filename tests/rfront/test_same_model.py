"""The same model from both doors: one parameter file, trained in Python and in R, weights bit for bit."""

from __future__ import annotations

import json
from pathlib import Path

import h2o
import numpy as np
import pytest
from h2o.estimators.deeplearning import H2ODeepLearningEstimator

from .fixtures import ROOT

FILE = Path(__file__).with_name("same_model.json")
TASKS = json.loads(FILE.read_text(encoding="utf-8"))
IN_R = """
library(h2o)
arguments <- commandArgs(TRUE)
tasks <- jsonlite::fromJSON(arguments[1])
invisible(capture.output(suppressMessages(h2o.init(nthreads = 2))))
h2o.no_progress()
for (name in names(tasks)) {
  task <- tasks[[name]]
  frame <- h2o.importFile(file.path(arguments[2], task$file))
  for (column in task$factors) frame[, column] <- as.factor(frame[, column])
  x <- if (is.null(task$x)) setdiff(names(frame), task$y) else task$x
  model <- do.call(h2o.deeplearning, c(
    list(x = x, y = task$y, training_frame = frame, reproducible = TRUE, export_weights_and_biases = TRUE), task$parameters
  ))
  out <- file(file.path(arguments[3], name), "wb")
  for (layer in seq_len(length(task$parameters$hidden) + 1)) {
    writeBin(as.vector(t(as.matrix(h2o.weights(model, layer)))), out)
    writeBin(as.vector(h2o.biases(model, layer)) + 0, out)
  }
  close(out)
}
"""


@pytest.fixture(scope="module")
def from_r(run_r, tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    run_r(IN_R, FILE, ROOT / "tests" / "data", folder)
    return folder


@pytest.mark.parametrize("name", TASKS)
def test_weights_are_bit_identical(name, from_r):
    task = TASKS[name]
    h2o.init(verbose=False, nthreads=2)
    h2o.no_progress()
    frame = h2o.import_file(str(ROOT / "tests" / "data" / task["file"]))
    for column in task["factors"]:
        frame[column] = frame[column].asfactor()
    parameters = {**task["parameters"], "reproducible": True, "export_weights_and_biases": True}
    model = H2ODeepLearningEstimator(**parameters)
    model.train(x=task["x"], y=task["y"], training_frame=frame)
    parts = []
    for layer in range(len(parameters["hidden"]) + 1):
        parts += [model.weights(layer), model.biases(layer)]
    here = np.concatenate([part.as_data_frame().to_numpy(dtype=np.float64).ravel() for part in parts])
    there = np.fromfile(from_r / name)
    assert len(here) > 100
    assert here.tobytes() == there.tobytes()
