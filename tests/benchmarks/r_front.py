"""Measure the R package: ``python -m tests.benchmarks.r_front`` writes ``results/r.md``; part of ``make bench``.

Start: seconds of ``library(h2o); h2o.init()`` in a fresh R. Crossing: one million rows of 20 numbers, the second
time of each direction. Training: seconds of the same training call from R and from Python, in turns, so that a
change of the machine's state meets both. Medians of the repetitions; how many cores were busy with other work is
said beside them, since a figure from a disturbed machine says little.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vignettes import mnist

from .run import ROOT, _busy_seconds, _children_seconds

REPEATS = 5
START = 'started <- proc.time()[["elapsed"]]; suppressMessages(library(h2o)); invisible(capture.output(suppressMessages(h2o.init())))'
SECONDS = 'cat("SECONDS", proc.time()[["elapsed"]] - started, "\\n")'
CROSSING = """
data <- as.data.frame(matrix(rnorm(2e7), 1e6))
fr <- as.h2o(data)
started <- proc.time()[["elapsed"]]; fr <- as.h2o(data); cat("SECONDS", proc.time()[["elapsed"]] - started, "\\n")
back <- as.data.frame(fr)
started <- proc.time()[["elapsed"]]; back <- as.data.frame(fr); cat("SECONDS", proc.time()[["elapsed"]] - started, "\\n")
stopifnot(identical(back, data))
"""
IN_R = """
h2o.no_progress()
train <- h2o.importFile(commandArgs(TRUE)[1])
train$C785 <- as.factor(train$C785)
started <- proc.time()[["elapsed"]]
model <- h2o.deeplearning(x = 1:784, y = 785, training_frame = train, hidden = c(64, 64), epochs = 5, sparse = TRUE,
  seed = 1, reproducible = TRUE, stopping_rounds = 0)
"""
IN_PYTHON = """
import sys, time, h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator
h2o.init(verbose=False); h2o.no_progress()
train = h2o.import_file(sys.argv[1])
train["C785"] = train["C785"].asfactor()
started = time.perf_counter()
model = H2ODeepLearningEstimator(hidden=[64, 64], epochs=5, sparse=True, seed=1, reproducible=True, stopping_rounds=0)
model.train(x=train.names[:784], y="C785", training_frame=train)
print("SECONDS", time.perf_counter() - started)
"""


def main() -> int:
    """Measure, write the table, and say with the exit status whether the targets are reached."""
    with tempfile.TemporaryDirectory() as library:
        environment = {**os.environ, "HEAVYWATER_PYTHON": sys.executable, "R_LIBS": library}
        install = ["R", "CMD", "INSTALL", f"--library={library}", str(ROOT / "rfront")]
        subprocess.run(install, env=environment, check=True, capture_output=True)
        rows, busy = _measured(environment)
    lines = ["| | seconds | target | reached |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {what} | {value:.3g} | {limit:.3g} | {'yes' if value <= limit else '**no**'} |"
        for what, value, limit in rows
    ]
    note = f"Medians of {REPEATS} runs. Cores busy with other work meanwhile: {busy:.2f}."
    text = "\n".join(["# The R package", "", *lines, "", note, ""])
    Path(__file__).with_name("results").joinpath("r.md").write_text(text, encoding="utf-8")
    print(text)
    return int(any(value > limit for _, value, limit in rows))


def _measured(environment: dict[str, str]) -> tuple[list[tuple[str, float, float]], float]:
    """Figure and target of each row, and how many cores did something else."""
    began, busy, own = time.monotonic(), _busy_seconds(), _children_seconds()
    train = str(mnist.fetch()[0])
    starts, ins, outs, from_r, from_python = [], [], [], [], []
    for _ in range(REPEATS):
        starts += _r(f"{START}\n{SECONDS}", environment)
        in_, out = _r(START + CROSSING, environment)
        ins.append(in_)
        outs.append(out)
        from_r += _r(START + IN_R + SECONDS, environment, train)
        from_python += _run([sys.executable, "-c", IN_PYTHON, train], environment)
    other = (_busy_seconds() - busy - (_children_seconds() - own)) / (time.monotonic() - began)
    python = statistics.median(from_python)
    return [
        ("library(h2o); h2o.init()", statistics.median(starts), 2.5),
        ("as.h2o, 1 million rows x 20 numbers", statistics.median(ins), 1.0),
        ("as.data.frame, 1 million rows x 20 numbers", statistics.median(outs), 1.0),
        (f"training from R (from Python: {python:.3g})", statistics.median(from_r), 1.03 * python),
    ], max(0.0, other)


def _r(script: str, environment: dict[str, str], *arguments: str) -> list[float]:
    with tempfile.NamedTemporaryFile("w", suffix=".R") as file:
        Path(file.name).write_text(script, encoding="utf-8")
        return _run(["Rscript", "--vanilla", file.name, *arguments], environment)


def _run(command: list[str], environment: dict[str, str]) -> list[float]:
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return [float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("SECONDS")]


if __name__ == "__main__":
    sys.exit(main())
