"""What docs/tabular.md shows runs, and its tables are those of the preset and of the measurements."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from heavywater.deeplearning.parameters.presets import FILLED, PRESETS, filled
from heavywater.deeplearning.parameters.table import defaults
from heavywater.server.pages.building.form_texts import text_of

from ..benchmarks.tabular.parts import PARTS_FILE, parts_table
from ..benchmarks.tabular.results import Results
from .tree import ROOT

PAGE = (ROOT / "docs" / "tabular.md").read_text(encoding="utf-8")
# what a preset only switches off, and what the page has in the line of something else
NOT_LISTED = {
    "train_samples_per_iteration", "overwrite_with_best_model", "stopping_rounds", "classification_stop", "regression_stop", "epochs",
    "hidden_dropout_ratios",
}  # fmt: skip


def test_the_examples_run(tmp_path: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) >= 4
    script = tmp_path / "examples.py"
    script.write_text("\n".join([f"import sys; sys.path[:0] = {sys.path!r}", *examples]), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[0]) > 0.8
    assert "is for models with a response, not for an autoencoder" in done.stdout


def test_what_parts_are_worth_is_what_was_measured() -> None:
    measured = parts_table(Results.read(PARTS_FILE))
    assert len(measured.splitlines()) > 8
    assert measured in PAGE
    assert measured in PARTS_FILE.with_suffix(".md").read_text(encoding="utf-8")


def test_the_table_of_parameters_is_that_of_the_presets() -> None:
    found = {
        name: values
        for name, *values in re.findall(r"^\| `(\w+)` \| `(.*?)` \| `(.*?)` \|", PAGE, re.MULTILINE)
    }
    for i, preset in enumerate(("Tabular", "TabularBest")):
        there = {name: value for name, value in PRESETS[preset].items() if name not in NOT_LISTED}
        assert {name: values[i] for name, values in found.items()} == {
            name: text_of(there.get(name, defaults()[name])) for name in found
        }
        assert there.keys() <= found.keys() <= FILLED
    ratios, small, few = (filled({"preset": "Tabular"}, n) for n in (None, 3999, 999))
    assert f"`hidden_dropout_ratios` of {ratios['hidden_dropout_ratios'][0]:g}" in PAGE
    assert f"| {small['mini_batch_size']} below 4,000 rows, {few['mini_batch_size']} below 1,000 |" in PAGE
