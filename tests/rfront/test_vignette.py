"""The booklet's R examples run as they stand, on few rows and for few epochs."""

from __future__ import annotations

import pytest

from .conftest import ROOT

KNIT = """
arguments <- commandArgs(TRUE)
setwd(arguments[2])
params <- list(reduced = TRUE)
knitr::opts_knit$set(progress = FALSE)
cat(knitr::knit(arguments[1], quiet = TRUE, envir = globalenv()))
"""


@pytest.fixture(scope="module")
def page(run_r, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vignette")
    if run_r('cat(requireNamespace("knitr", quietly = TRUE))') != "TRUE":
        pytest.skip("knitr is missing, the R vignette is NOT tested")
    run_r(
        KNIT, ROOT / "vignettes" / "deeplearning.Rmd", folder, HEAVYWATER_CACHE=str(ROOT / "tests" / "data")
    )
    return folder


def test_every_example_runs(page):
    text = (page / "deeplearning.md").read_text(encoding="utf-8")
    assert "#> Error" not in text
    for part in (
        "Confusion Matrix",
        "Test set MSE",
        "H2O Grid Details",
        "Reconstruction.MSE",
        "Variable Importances",
    ):
        assert part in text, part


def test_plots_are_drawn(page):
    assert len(list((page / "figure").glob("*.png"))) >= 3


def test_the_demo_runs(run_r, tmp_path):
    out = run_r(
        "setwd(commandArgs(TRUE)[1]); library(h2o); h2o.no_progress(); demo(h2o.deeplearning, ask = FALSE)",
        tmp_path,
    )
    assert out.rstrip().splitlines()[-1].startswith("[1] 2")  # rows 21 to 23 are the odd heartbeats
