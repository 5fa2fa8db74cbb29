"""The programs of `docs/guide` run, and the command's lines are understood."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

import pytest
from h2o_command import main

from . import pages
from .tree import ROOT

GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
LINES = [
    (path.stem, line)
    for path in GUIDE
    for text in pages.blocks(path, "sh")
    for line in text.splitlines()
    if re.search(r"(^|\| )h2o ", line)
]
SERVES = [line for _, line in LINES if line.startswith("h2o serve")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("guide")
    shutil.copy(ROOT / "tests" / "data" / "cars.csv", made)
    return made


@pytest.fixture(scope="module")
def printed(folder):
    return pages.python(GUIDE, folder)


def test_there_is_a_page_for_each_topic():
    assert {path.stem for path in GUIDE} >= {
        "quick-start", "data", "training", "tuning", "evaluating", "deploying", "reproducibility", "performance",
    }  # fmt: skip
    for path in GUIDE:
        prose = re.sub(r"^\|.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert len(prose.split()) < 800, f"{path.name} is long: link, do not repeat"


def test_the_programs_run(printed, folder):
    said = dict(re.findall(r"^PAGE (\S+)\n(.*?)(?=^PAGE |\Z)", printed, re.DOTALL | re.MULTILINE))
    assert said.keys() == {path.name for path in GUIDE}
    assert "Grignolino" in said["quick-start.md"]
    assert "'zip': 'enum'" in said["data.md"] and "[30.0]" in said["data.md"]
    assert "did not improve by 0 over 5 scorings" in said["training.md"]
    assert "sizes_model_4" in said["tuning.md"]
    assert "Confusion Matrix" in said["evaluating.md"] and (folder / "curve.png").is_file()
    assert "'predict': 'Iris-versicolor'" in said["deploying.md"]
    assert "rows a second" in said["performance.md"]


@pytest.mark.parametrize(("page", "line"), LINES)
def test_the_command_understands(page, line):
    words = shlex.split(line.split("| ")[-1] if "| h2o" in line else line, comments=True)
    words = words[1 : words.index(">")] if ">" in words else words[1:]
    assert main.understood(words)


def test_the_shell_of_the_quick_start_runs(folder):
    pages.run([sys.executable, "-c", "from sklearn.datasets import load_wine; f = load_wine(as_frame=True).frame; "
               "f['target'] = 'c' + f['target'].astype(str); f.rename(columns={'target': 'cultivar'}).to_csv('wine.csv', index=False)"],
              folder)  # fmt: skip
    (first, *_) = pages.blocks(ROOT / "docs" / "guide" / "quick-start.md", "sh")
    assert "confusion" in pages.shell(first, folder).lower()
    assert len((folder / "predictions.csv").read_text().splitlines()) == 179


@pytest.mark.parametrize("line", SERVES)
def test_what_serves_answers(line, folder, printed):
    words = [*shlex.split(line, comments=True)[1:], "--port", "0", "--json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-m", "h2o", *words], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )  # fmt: skip
    try:
        assert "http://127.0.0.1:" in process.stdout.readline()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
