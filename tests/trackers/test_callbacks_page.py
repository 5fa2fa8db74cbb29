"""What docs/callbacks.md shows does what it says."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import h2o
import pytest

from ..house.tree import ROOT
from .conftest import need

PAGE = (ROOT / "docs" / "callbacks.md").read_text(encoding="utf-8")


def programs(mark: str = "") -> list[str]:
    return re.findall(rf"^```python{mark}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    h2o.no_progress()
    return tmp_path


def test_the_programs_run_one_after_the_other(place: Path, capsys: Any, monkeypatch: Any) -> None:
    for package in ("tensorboardX", "optuna"):
        need(package)
    handlers: list[logging.Handler] = []
    monkeypatch.setattr(logging.root, "handlers", handlers)
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    names: dict[str, Any] = {}
    try:
        for program in programs():
            exec(compile(program, "callbacks.md", "exec"), names)  # the page is ours
    finally:
        for handler in handlers:
            handler.close()
    told = capsys.readouterr().out
    assert told.startswith("flowers: Multinomial, 150 rows, hidden [8]\nepoch 1: logloss ")
    assert "three epochs are enough" in str(names["model"])
    log = (place / "trainings.log").read_text()
    assert "INFO:h2o:flowers: training of a Multinomial model of 'class'" in log
    assert log.splitlines()[0] in told
    assert len(list((place / "runs").iterdir())) == 1 and "{'units': " in told
    assert len(names["study"].trials) == 6


def test_the_program_with_mlflow_runs(place: Path, capsys: Any) -> None:
    need("mlflow")
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{place}/runs.db")
    names: dict[str, Any] = {"h2o": h2o, "iris": h2o.load_dataset("iris")}
    (program,) = programs(" mlflow")
    exec(compile(program, "callbacks.md", "exec"), names)  # the page is ours
    assert "Iris-setosa" in capsys.readouterr().out
    assert names["same"].model_id and len(mlflow.search_runs()) == 1


def test_the_page_names_all_methods() -> None:
    from h2o.callbacks import Callback

    methods = {name for name in vars(Callback) if name.startswith("on_")}
    assert set(re.findall(r"^\| `(on_\w+)\(", PAGE, re.MULTILINE)) == methods
