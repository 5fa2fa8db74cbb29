"""What docs/coming-from-other-libraries.md shows runs, and the names on its right side are of this package."""

from __future__ import annotations

import re
from pathlib import Path

from h2o.estimators import H2ODeepLearningEstimator
from heavywater.deeplearning.parameters.table import table

from . import pages
from .tree import ROOT

PAGE = ROOT / "docs" / "coming-from-other-libraries.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_its_program_runs(tmp_path: Path) -> None:
    assert pages.python([PAGE], tmp_path).rstrip().endswith("size")


def test_names_of_the_tables_are_ours() -> None:
    cells = [
        line.strip("|").split("|")[1]
        for line in re.findall(r"^\|.*\|$", TEXT.partition("## Keras")[2], re.MULTILINE)
    ]
    given = [name for cell in cells for name in re.findall(r"\b([a-z]\w*)=", cell)]
    given += [name for cell in cells for name in re.findall(r"`(\w+_\w+|hidden|epochs|l1|l2|rate)`", cell)]
    arguments = {"nthreads", "background_frame"}
    assert len(given) > 30
    assert {name for name in given if name not in table()} <= arguments
    methods = {name for cell in cells for name in re.findall(r"model\.(\w+)\(", cell)}
    assert methods and all(hasattr(H2ODeepLearningEstimator, name) for name in methods)
