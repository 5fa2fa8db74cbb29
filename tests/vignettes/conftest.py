"""Runs a vignette as a script, in small."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import h2o
import pytest
from heavywater.session.runs import Request
from heavywater.session.training import TrainingService

from vignettes import comparison

DATA = Path(__file__).resolve().parents[1] / "data"


class Run(NamedTuple):
    """The variables of a script at its end, the figures it drew, what it measured for each chapter, files it left."""

    variables: dict[str, Any]
    figures: list[Any]
    measured: dict[str, dict[str, Any]]
    files: list[Path]


Smaller = Callable[[dict[str, Any], str | None], dict[str, Any]]


@pytest.fixture(scope="module")
def run_vignette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, Smaller], Run]]:
    """Function that runs a module, given what makes the parameters of a training (and its response) quicker ones."""
    pyplot = pytest.importorskip(
        "matplotlib.pyplot", reason="matplotlib is missing, the vignettes are NOT tested"
    )
    prepare = TrainingService._prepare
    measured: dict[str, dict[str, Any]] = {}

    def compare(chapter: str, **ours: Any) -> None:
        comparison.comparison(chapter, ours)
        measured[chapter] = ours

    def run(module: str, smaller: Smaller) -> Run:
        def short(self: TrainingService, request: Request, threads: int | None = None) -> Any:
            # several threads would be no faster
            return prepare(
                self, replace(request, parameters=smaller(request.parameters, request.y)), threads=1
            )

        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(tmp_path_factory.mktemp("vignette"))
            patch.setenv("HEAVYWATER_CACHE", str(DATA))
            patch.setattr(TrainingService, "_prepare", short)
            patch.setattr(comparison, "compare", compare)
            pyplot.switch_backend("agg")
            pyplot.close("all")
            variables = runpy.run_module(module)
            figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
            return Run(variables, figures, measured, list(Path.cwd().iterdir()))

    yield run
    pyplot.close("all")
    h2o.show_progress()
    h2o.remove_all()
