"""The tests of the R package (testthat), its help pages, and what it must not hold."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .fixtures import PACKAGE, ROOT, Run

FILES = sorted(path.stem.removeprefix("test-") for path in (PACKAGE / "tests" / "testthat").glob("test-*.R"))
RUN = """
library(testthat)
arguments <- commandArgs(TRUE)
Sys.setenv(NOT_CRAN = "true")
results <- test_dir(
  arguments[1], package = "h2o", load_package = "installed", reporter = "check", stop_on_failure = FALSE, filter = arguments[3]
)
results <- as.data.frame(results)
results$problem <- vapply(results$result, function(each) {
  bad <- Filter(function(e) inherits(e, c("expectation_failure", "expectation_error")), each)
  paste(vapply(bad, conditionMessage, ""), collapse = "\\n")
}, "")
write.csv(results[c("file", "test", "nb", "failed", "skipped", "error", "warning", "problem")], arguments[2], row.names = FALSE)
"""


# Files that are tested over bytes, too, by `make test`; all others by `make loopback`.
OVER_BYTES = ["convert", "files", "frame", "import", "metrics", "model", "search", "tables", "writing"]
# Files about sessions of this process, which leave themselves out where all tests run at a node.
NOT_AT_NODE = ["nodes", "remote"]
AT_NODE = os.environ.get("HEAVYWATER_SESSION", "").startswith("http")
Results = dict[str, list[dict[str, str]]]


def run_files(run_r: Run, folder: Path, files: list[str], **more: str) -> Results:
    """Results of testthat tests by file, from one run."""
    shutil.copytree(PACKAGE / "tests" / "testthat", folder / "testthat")
    run_r(RUN, folder / "testthat", folder / "results.csv", f"^({'|'.join(files)})$", **more)
    found: Results = {}
    with open(folder / "results.csv", newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            name = row["file"].removeprefix("test-").removesuffix(".R")
            found.setdefault(name, []).append(row)
    return found


@pytest.fixture(scope="session")
def results(run_r: Run, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Of all files."""
    return run_files(run_r, tmp_path_factory.mktemp("testthat"), FILES)


@pytest.fixture(scope="session")
def results_over_bytes(run_r: Run, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Of some files, with a session whose every request passes through bytes."""
    folder = tmp_path_factory.mktemp("loopback")
    return run_files(run_r, folder, OVER_BYTES, HEAVYWATER_SESSION="loopback")


def test_there_are_tests():
    assert len(FILES) > 8


def check(rows: list[dict[str, str]]) -> None:
    problems = [f"{r['test']}: {r['problem']}" for r in rows if r["error"] == "TRUE" or int(r["failed"])]
    assert problems == []
    assert sum(int(row["nb"]) for row in rows) > 3


@pytest.mark.parametrize("name", FILES)
def test_file(name, results):
    if AT_NODE and name in NOT_AT_NODE:
        pytest.skip("about sessions of this process")
    check(results[name])


@pytest.mark.skipif(
    AT_NODE or os.environ.get("HEAVYWATER_SESSION") == "loopback",
    reason="all files are tested so, or at a node",
)
@pytest.mark.parametrize("name", OVER_BYTES)
@pytest.mark.long
def test_file_over_bytes(name, results_over_bytes):
    check(results_over_bytes[name])


def test_help_pages_and_namespace_are_up_to_date(run_r, tmp_path):
    """What roxygen2 makes of the sources is what is checked in."""
    wanted = re.search(r"RoxygenNote: (\S+)", (PACKAGE / "DESCRIPTION").read_text()).group(1)
    version = run_r('cat(tryCatch(format(packageVersion("roxygen2")), error = function(e) "none"))')
    if version != wanted:
        pytest.skip(f"roxygen2 is {version}, the pages are made with {wanted}")
    copy = tmp_path / "h2o"
    shutil.copytree(PACKAGE, copy)
    run_r("suppressMessages(roxygen2::roxygenise(commandArgs(TRUE)[1]))", copy)
    for path in [copy / "NAMESPACE", *(copy / "man").iterdir()]:
        assert path.read_text() == (PACKAGE / path.relative_to(copy)).read_text(), f"{path.name}: make rdoc"
    assert {p.name for p in (copy / "man").iterdir()} == {p.name for p in (PACKAGE / "man").iterdir()}


def test_every_parameter_is_an_argument_with_help():
    from heavywater.deeplearning.parameters.table import table

    from generators.r_signature import ELSEWHERE

    page = (PACKAGE / "man" / "h2o.deeplearning.Rd").read_text()
    for name in table():
        if name not in ELSEWHERE:
            assert f"\\item{{{name}}}" in page, name


def test_every_operation_has_a_function():
    """An operation is named in the package: by a generated function or by one written by hand."""
    from heavywater.frame.primitives import operation_names

    sources = "".join(p.read_text() for p in (PACKAGE / "R").glob("*.R"))
    table = (PACKAGE / "tools" / "operations.toml").read_text()
    missing = [name for name in operation_names() if f'"{name}"' not in sources and f'"{name}"' not in table]
    assert missing == []


def test_version_is_that_of_the_project():
    import heavywater

    version = re.search(r"^Version: (\S+)", (PACKAGE / "DESCRIPTION").read_text(), re.MULTILINE).group(1)
    assert version == re.sub(r"\.dev\d+$", ".9000", heavywater.__version__)


def test_rpy2_is_for_python_hosts_only():
    core = ROOT / "core" / "heavywater"
    found = [
        p.name
        for p in core.rglob("*.py")
        if re.search(r"^\s*(import|from) rpy2", p.read_text(), re.MULTILINE)
    ]
    assert found == ["r_host.py"]


def test_nothing_is_downloaded_at_install():
    for path in [*(PACKAGE / "R").iterdir(), *PACKAGE.glob("configure*"), *PACKAGE.glob("src/*")]:
        text = Path(path).read_text()
        for word in ("download.file", "py_install", "install_miniconda", "virtualenv_create", "py_require"):
            assert word not in text, path.name


def look_for_r(folder: Path, user: int) -> subprocess.CompletedProcess[str]:
    """Run `.ci/packages r` for a user on a machine whose R has no packages."""
    for name, line in {
        "id": f"echo {user}",
        "Rscript": "exit 1",
        "apt-get": f'echo "$@" >> {folder}/log',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    command = [str(ROOT / ".ci" / "packages"), "r"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_root_installs_what_r_is_missing(tmp_path):
    assert look_for_r(tmp_path, user=0).returncode == 0
    assert "r-cran-reticulate" in (tmp_path / "log").read_text().splitlines()[1].split()


def test_without_root_make_goes_on_but_says_so(tmp_path):
    done = look_for_r(tmp_path, user=1000)
    assert done.returncode == 0
    assert "NOT TESTED" in done.stderr and "r-cran-testthat" in done.stderr
    assert not (tmp_path / "log").exists()
