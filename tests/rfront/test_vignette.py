"""The booklet's R examples run as they stand, on few rows and for few epochs; the pages of the package have what they show."""

from __future__ import annotations

import re
import shutil

import pytest

from .fixtures import PACKAGE, ROOT

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


# A line of each "Example in R" of the booklet, in its order.
EXAMPLES = (
    'distribution = "quantile", quantile_alpha = 0.8',
    "summary(train)",
    "model <- h2o.deeplearning(",
    "nfolds = 5",
    "h2o.mse(model_cv, xval = TRUE)",
    "pred <- h2o.predict(model, newdata = test)",
    "h2o.varimp(model_vi)",
    "l1_opt <- c(1e-4, 1e-3)",
    "for (model_id in model_grid@model_ids) {",
    'strategy = "RandomDiscrete"',
    "checkpoint = model@model_id",
    "h2o.saveModel(",
    "saved_model <- h2o.loadModel(model_path)",
    "h2o.getModel(model_id = model_chkp@model_id)",
    "hidden = c(1024, 1024, 2048)",
    "plot.ts(recon_error)",
)


def test_every_example_runs_in_the_order_of_the_booklet(page):
    text = (page / "deeplearning.md").read_text(encoding="utf-8")
    assert "#> Error" not in text
    places = [text.find(line) for line in EXAMPLES]
    assert -1 not in places
    assert places == sorted(places)
    for part in (
        "Confusion Matrix",
        "Test set MSE",
        "H2O Grid Details",
        "Reconstruction.MSE",
        "Variable Importances",
    ):
        assert part in text, part


def test_plots_are_drawn(page):
    figures = {path.name for path in (page / "figure").glob("*.png")}
    assert {"percentile-1.png", "history-1.png", "importances-1.png", "ecg-1.png"} <= figures


def test_the_demo_runs(run_r, tmp_path):
    out = run_r(
        "setwd(commandArgs(TRUE)[1]); library(h2o); h2o.no_progress(); demo(h2o.deeplearning, ask = FALSE)",
        tmp_path,
    )
    assert out.rstrip().splitlines()[-1].startswith("[1] 2")  # rows 21 to 23 are the odd heartbeats


SOURCES = sorted((PACKAGE / "vignettes").glob("*.Rmd.orig"))


def code_of(text: str, fence: str) -> list[str]:
    """Lines of R in a page, without results and without what is not shown."""
    chunks = re.findall(rf"^{fence}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [line for chunk in chunks for line in chunk.splitlines()]
    return [line for line in lines if line.strip() and not line.startswith("#>")]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_pages_of_the_package_have_the_code_of_their_sources(source):
    """`make rvignettes` was called after the last change."""
    page = source.with_suffix("").read_text(encoding="utf-8")
    wanted = code_of(
        source.read_text(encoding="utf-8"),
        r"```\{r(?![^}\n]*include = FALSE)[^}\n]*(?:\([^)\n]*\))?[^}\n]*\}",
    )
    assert wanted
    assert code_of(page, "```r") == wanted
    assert "#> Error" not in page
    for picture in re.findall(r'src="([^"]+)"', page):
        assert (source.parent / picture).is_file(), picture


def test_the_first_page_of_the_package_runs(run_r, tmp_path):
    shutil.copy(PACKAGE / "vignettes" / "h2o.Rmd.orig", tmp_path)
    run_r((PACKAGE / "tools" / "vignettes.R").read_text(encoding="utf-8"), tmp_path)
    page = (tmp_path / "h2o.Rmd").read_text(encoding="utf-8")
    assert "#> Error" not in page
    assert "identical(predict(readRDS(file), cars), predict(weights, cars))\n#> [1] TRUE" in page


def test_a_page_of_the_gallery_has_code_results_and_pictures(run_r, tmp_path):
    """Of `rfront/tools/page.R`; the page in R itself needs packages that are not always there."""
    if run_r('cat(requireNamespace("knitr", quietly = TRUE))') != "TRUE":
        pytest.skip("knitr is missing, pages in R are NOT tested")
    source = tmp_path / "small.Rmd"
    source.write_text(
        "# Small\n\n```{r setup, include = FALSE}\nknitr::opts_chunk$set(comment = '', fig.path = 'small_files/')\n```\n\n"
        "```{r, message = FALSE}\nlibrary(h2o)\nmean(c(1, 4))\n```\n\n```{r, line, fig.alt = 'a line'}\nplot(1:3)\n```\n"
    )
    (tmp_path / "out").mkdir()
    run_r((PACKAGE / "tools" / "page.R").read_text(encoding="utf-8"), source, tmp_path / "out")
    text = (tmp_path / "out" / "small.md").read_text(encoding="utf-8")
    assert "```r\nlibrary(h2o)\nmean(c(1, 4))\n```" in text and "```\n[1] 2.5\n```" in text
    assert "![a line](small_files/line-1.png)" in text
    assert (tmp_path / "out" / "small_files" / "line-1.png").read_bytes().startswith(b"\x89PNG")

    source.write_text("# Small\n\n```{r}\nlibrary(none.of.that.name)\n```\n")
    told = run_r((PACKAGE / "tools" / "page.R").read_text(encoding="utf-8"), source, tmp_path / "out")
    assert "[1] 2.5" in (tmp_path / "out" / "small.md").read_text(encoding="utf-8") and not told
