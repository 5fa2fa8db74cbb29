"""The examples of the docstrings do what they show."""

from __future__ import annotations

import doctest
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.callbacks import Run

from ..house.imports import module_files
from .training_helpers import DATA, ROOT

MODULES = sorted(
    name
    for name, path in module_files(ROOT).items()
    if re.search(r"^ +>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
)
# What users call first: each has an example.
SHOWN = [
    "h2o.H2OFrame", "h2o.H2OFrame.as_data_frame", "h2o.H2OFrame.split_frame", "h2o.H2OFrame.group_by",
    "h2o.H2ODeepLearningEstimator", "h2o.H2OAutoEncoderEstimator", "h2o.import_file", "h2o.make_metrics", "h2o.save_model",
    "h2o.load_model", "h2o.import_mojo", "h2o.init", "h2o.export_file", "h2o.create_frame", "h2o.rapids",
    "h2o.grid.H2OGridSearch", "h2o.model.model_base.ModelBase.predict", "h2o.model.model_base.ModelBase.model_performance",
]  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the data that examples read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "iris.csv").write_bytes((DATA / "iris_wheader.csv").read_bytes())
    h2o.init(verbose=False)
    h2o.no_progress()
    return tmp_path


# What the reference shows above all examples: `frame` is made anew for each, data sets for each module, models once.
FRAME, DATA_SETS, TRAININGS = re.split(
    r"^(?=iris = |model = )",
    (ROOT / "manual" / "examples.py").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)
FRAME = FRAME.replace("h2o.init()", "")
TRAINED: dict[str, Any] = {}


def known_names() -> dict[str, Any]:
    """The names that examples know but `frame`: data sets, and models, which an earlier example or test may have removed."""
    names: dict[str, Any] = {"h2o": h2o, "Run": Run}
    exec(compile(DATA_SETS, "examples.py", "exec"), names)
    if not TRAINED or not {each.key for each in TRAINED.values()} <= set(h2o.ls()["key"]):
        exec(compile(TRAININGS, "examples.py", "exec"), names)
        TRAINED.update(
            {name: names[name] for name in ("model", "binomial", "regression", "coder", "grid", "run")}
        )
    return {name: each for name, each in {**names, **TRAINED}.items() if not name.startswith("__")}


# They end the session that the other examples are in: each has a process of its own.
ALONE = {
    "h2o.functions.connection.shutdown",
    "h2o.backend.cluster.H2OCluster.shutdown",
    "h2o.backend.connection.H2OConnection.close",
}
BY_ITSELF = """
import doctest, importlib, sys
import h2o
module = importlib.import_module(sys.argv[1])
found = {each.name: each for each in doctest.DocTestFinder().find(module, sys.argv[1], extraglobs={"h2o": h2o})}
result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(found[sys.argv[2]])
sys.exit(result.failed or not result.attempted)
"""


@pytest.mark.parametrize("name", sorted(ALONE))
def test_examples_run_that_end_the_session(name: str) -> None:
    module = max((each for each in MODULES if name.startswith(f"{each}.")), key=len)
    done = subprocess.run(
        [sys.executable, "-c", BY_ITSELF, module, name],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if name == "h2o.trackers.mlflow":
        pytest.importorskip("mlflow", reason="make test-trackers installs it")
    module = importlib.import_module(name)
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert "+SKIP" not in text, "an example that is not run"
    if (re.search(r">>> .*\w\.csv", text) or name.endswith(".flow")) and h2o.connection().at_node:
        pytest.skip(
            "names files relative to the working folder of the session, or opens a session of this process"
        )
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    names = {"np": np, "pd": pd, **vars(module), **known_names()}
    for case in doctest.DocTestFinder().find(module, name, extraglobs=names):
        if case.name not in ALONE:
            exec(compile(FRAME, "examples.py", "exec"), case.globs)
            runner.run(case)
    assert runner.tries > 0, f"{name}: no example was found"
    assert runner.failures == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", SHOWN)
def test_what_users_call_first_has_an_example(name: str) -> None:
    parts = name.split(".")
    place = max(n for n in range(1, len(parts)) if is_module(".".join(parts[:n])))
    found = importlib.import_module(".".join(parts[:place]))
    for part in parts[place:]:
        found = getattr(found, part)
    assert ">>> " in (found.__doc__ or ""), name


def is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
