"""What docs/scikit-learn.md says is so."""

import inspect
import re

import pytest
from h2o.sklearn import H2OAutoEncoder, H2ODeepLearningClassifier, H2ODeepLearningRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor

from ..house.tree import ROOT

PAGE = (ROOT / "docs" / "scikit-learn.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in re.findall(r"^\|.*\|$", PAGE, re.MULTILINE)[2:]
]


def test_its_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    exec(compile(code, "docs/scikit-learn.md", "exec"), {"__name__": "page"})
    assert re.search(r"colour\.", capsys.readouterr().out)


def named(cell: str) -> dict[str, str | None]:
    """Parameters in a cell of the table, with the default that stands there."""
    found = re.findall(r"`([a-z_0-9]+)(?:=([^`]+))?`", cell)
    return {name: default or None for name, default in found}


def test_the_table_has_all_options_of_mlps() -> None:
    here = {name for row in ROWS for name in named(row[0])}
    there = {**MLPClassifier().get_params(), **MLPRegressor().get_params()}
    assert here - {"loss"} == there.keys() - {"loss"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_names_and_defaults_are_right(row: list[str]) -> None:
    given = {**MLPRegressor().get_params(), **MLPClassifier().get_params()}
    ours = {**H2ODeepLearningRegressor().get_params(), **H2ODeepLearningClassifier().get_params()}
    for cell, defaults in ((row[0], given), (row[1], ours)):
        for name, default in named(cell).items():
            assert name in defaults or name == "loss", name  # scikit-learn 1.6 has no losses
            if default is not None and name in defaults:
                assert eval(default) == defaults[name], name


def test_classes_of_the_page_are_documented() -> None:
    for kind in (H2ODeepLearningClassifier, H2ODeepLearningRegressor, H2OAutoEncoder):
        text = inspect.getdoc(kind) or ""
        assert all(f"\n{name} :" in text for name in kind().get_params()), kind
