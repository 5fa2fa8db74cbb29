"""What docs/faq.md shows runs, its answers are short, and its links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .tree import ROOT

DOCS = ROOT / "docs"
PAGE = (DOCS / "faq.md").read_text(encoding="utf-8")
QUESTIONS = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[str]:
    return [text for name, text in FENCE.findall(PAGE) if name == language]


def anchors(page: str) -> set[str]:
    """What headings are called in addresses, as GitHub does it."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_thirty_questions_each_with_a_short_answer() -> None:
    assert len(QUESTIONS) == 30
    for question in QUESTIONS:
        title, asked, answer, *_ = FENCE.sub("", question).split("\n\n")
        assert title.endswith("?")
        assert asked.startswith("Asked: ") and re.findall(r"\]\(https?://\S+\)", asked), title
        assert len(answer.strip().splitlines()) <= 6, title
        assert re.search(r"\]\([^)]+\.md(#[^)]+)?\)", answer), f"{title}: no page has more"


def test_links_lead_to_pages_and_headings() -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", PAGE):
        path = DOCS / target if target else DOCS / "faq.md"
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path.read_text(encoding="utf-8")), f"{target}#{anchor}"
    contents = PAGE.split("```", 1)[0]
    listed = set(re.findall(r"\]\(#([^)]+)\)", contents))
    assert listed == anchors(PAGE) - {"questions-that-people-ask"}, "the table of contents has all"


def test_the_programs_run(tmp_path: Path) -> None:
    script = tmp_path / "answers.py"
    script.write_text("\n".join(blocks("python")), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, check=False, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done

    done = run(sys.executable, script)
    assert "levels that were not in the training data: 'Jena'" in done.stderr
    for shown in (
        "H2O_cluster_allowed_cores",
        "['predict', 'p0', 'p1']",
        "['yes' 'no']",
        "training became unstable: layer",
        "did not improve by 0 over 5 scorings",
        "did not improve by 0 over 20 scorings",
        "\nTrue\n",
    ):
        assert shown in done.stdout, shown
    (commands,) = blocks("sh")
    shell = f'set -e\nh2o() {{ "{sys.executable}" -m h2o "$@"; }}\n{commands}'
    own, mojo = run("bash", "-c", shell).stdout.split('"predict","no","yes"\n')[1:]
    assert own == mojo and len(own.splitlines()) == 3


def test_the_programs_in_r_can_be_read(tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is missing")
    (program,) = blocks("r")
    (tmp_path / "answer.R").write_text(program, encoding="utf-8")
    command = ["Rscript", "--vanilla", "-e", "parse('answer.R')"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
