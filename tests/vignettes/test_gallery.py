"""The examples of the gallery run, and what `make gallery` has written has their code and their pictures."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from ..house import pages
from ..house.tree import ROOT

SOURCES = ROOT / "vignettes" / "gallery"
SCRIPTS = sorted(path for path in SOURCES.glob("*.py") if path.stem != "__init__")
R_PAGES = sorted(SOURCES.glob("*.Rmd"))
WRITTEN = ROOT / "docs" / "gallery"
RENEW = "run make gallery NAMES={}"
TOGETHER = """
import os, runpy, sys
os.environ["OMP_NUM_THREADS"] = "1"
import h2o
import matplotlib.pyplot as plt
sys.path[:0] = {path!r}
for path in {scripts!r}:
    print("PAGE", path, flush=True)
    runpy.run_path(path)
    print("FIGURES", len(plt.get_fignums()))
    plt.close("all")
    h2o.remove_all()
"""


LONGER = {"classification", "pipeline", "text"}  # with models of scikit-learn, and two thousand texts
NODES = {"cluster"}  # ends the session


def printed(scripts, folder):
    """What each script prints, all run in one process."""
    program = TOGETHER.format(path=[str(ROOT), *sys.path], scripts=[str(path) for path in scripts])
    text = pages.run([sys.executable, "-c", program], folder)
    said = dict(re.findall(r"^PAGE \S*?(\w+)\.py\n(.*?)(?=^PAGE |\Z)", text, re.DOTALL | re.MULTILINE))
    assert said.keys() == {path.stem for path in scripts}
    drawn = {name: int(re.findall(r"FIGURES (\d+)", each)[0]) for name, each in said.items()}
    assert {name for name, figures in drawn.items() if figures == 0} <= {"deployment"}
    return said


def number(pattern, text):
    """The first number behind a pattern."""
    return float(re.findall(pattern + r"\s*([\d.e+-]+)", text)[0])


def test_they_show_what_they_say(tmp_path):
    said = printed([path for path in SCRIPTS if path.stem not in LONGER | NODES], tmp_path)
    assert 85 < number("within the interval of 0.9:", said["regression"]) < 95
    known, strange = map(int, re.findall(r"(\d+)% of the", said["anomalies"]))
    assert known <= 6 and strange > 50
    assert number("hour as a number", said["times"]) > number("milliseconds since 1970", said["times"]) + 0.05
    assert number("weights", said["imbalanced"]) > 1.5 * number("as it is", said["imbalanced"])
    assert all(float(each) < 1e-5 for each in re.findall(r"\d\.\de-\d+", said["deployment"]))


@pytest.mark.long
def test_the_longer_ones_show_what_they_say(tmp_path):
    said = printed([path for path in SCRIPTS if path.stem in LONGER], tmp_path)
    assert number("tabular", said["classification"]) > 0.95
    assert number("right:", said["text"]) > 80
    assert number("stack    R2", said["pipeline"]) > 0.75


@pytest.mark.long
def test_nodes_train_together_and_one_is_lost(tmp_path):
    said = printed([path for path in SCRIPTS if path.stem in NODES], tmp_path)["cluster"]
    assert re.search(r"\d +2\.0 +\d+\.0 +0\.\d+ +0\.\d+\n", said)
    assert said.count("is lost: ") == 1
    assert "3 beside this process, 1 of them lost" in said


@pytest.mark.parametrize("path", R_PAGES, ids=lambda path: path.stem)
def test_what_is_written_is_of_the_page_in_r(path):
    """Texts as they are, and the code of all chunks that are shown; without what an error or a warning says."""
    source, text = path.read_text(encoding="utf-8"), (WRITTEN / f"{path.stem}.md").read_text(encoding="utf-8")
    chunks = re.findall(r"^```\{r ([^}]*)\}\n(.*?)^```$", source, re.MULTILINE | re.DOTALL)
    shown = [code for options, code in chunks if "include = FALSE" not in options]
    prose = re.split(r"^```\{r .*?^```$", source, flags=re.MULTILINE | re.DOTALL)
    assert len(shown) > 4
    for code in (line for each in shown for line in each.splitlines()):
        assert code in text, RENEW.format(path.stem)
    assert [each for each in prose if each.strip() not in text] == [], RENEW.format(path.stem)
    assert text.count("![") == sum("fig.alt" in options for options, _ in chunks)
    assert not re.search(r"^(Error|Warning)", text, re.MULTILINE)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_what_is_written_is_of_the_script(path):
    page = WRITTEN / f"{path.stem}.md"
    text = page.read_text(encoding="utf-8")
    for cell in re.split(r"^# %%.*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        code = cell.strip("\n")
        if code and not all(line.startswith("#") for line in code.splitlines()):
            assert code in text, RENEW.format(path.stem)
        else:
            prose = "\n".join(line.removeprefix("#").removeprefix(" ") for line in code.splitlines())
            assert prose.strip() in text, RENEW.format(path.stem)
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert all((WRITTEN / name).stat().st_size < 150_000 for name in pictures)
    assert "Traceback" not in text and "Warning" not in text


def test_nothing_is_left_over():
    there = {path.stem for path in WRITTEN.glob("*.md")}
    assert there == {path.stem for path in SCRIPTS + R_PAGES}
    used = {
        name
        for page in WRITTEN.glob("*.md")
        for name in re.findall(r"\]\(([^)]+\.png)\)", page.read_text(encoding="utf-8"))
    }
    assert used == {path.relative_to(WRITTEN).as_posix() for path in WRITTEN.rglob("*.png")}
    assert (
        subprocess.run(
            ["make", "--dry-run", "gallery"], cwd=ROOT, capture_output=True, check=False
        ).returncode
        == 0
    )
