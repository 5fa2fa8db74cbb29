"""What users do with the genuine client, against a node: that it goes well, and that it gives what the real H2O gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from . import differences
from .session import WHOLE, Answers, agrees, answers, open_node, recorded

# Without make test-genuine: what takes little time, and one of each of the others.
_QUICK = (
    r"connecting\..*", r"data\.(import_of_a_file|upload_of_a_file|as_pandas|description_of_a_frame|export_of_a_file)",
    r"munging\.(groups|splits|missing_cells|functions_of_rows_and_columns)",
    r"training\.(two_classes|cross_validation|an_autoencoder|a_checkpoint|parameters_that_are_refused)",
    r"models\.(printed_model|predictions|importances|partial_dependence|importance_by_permutation)",
    r"metrics\.(of_two_classes|of_predictions)", r"saving\.(saved_at_the_node|a_mojo_that_is_imported)",
    r"grids\.all_combinations",
)  # fmt: skip
NAMES = [name for name in recorded("scenarios") if WHOLE or any(re.fullmatch(each, name) for each in _QUICK)]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    with open_node() as node:
        yield answers(node.url, "scenarios", tmp_path_factory.mktemp("genuine"), NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_scenario(given, name):
    ours, theirs = given[name], recorded("scenarios")[name]
    assert ours.get("error") is None
    differs = any(re.fullmatch(each, name) for each in differences.SCENARIOS)
    assert agrees(ours["value"], theirs["value"]) is not differs, (ours["value"], theirs["value"])
