"""One run of the genuine client against a node, for all tests of the folder."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from .session import PARTS, WHOLE, Answers, answers, recorded

# Without make test-genuine: every sixth call, those that name something of their own, every third expression, and scenarios
# that take little time or stand for others.
_CALLS = ("h2o.", "x=", "fr.split_frame", "ms.")
_SCENARIOS = (
    r"booklet\.a_.*", r"connecting\..*", r"data\.(import_of_a_file|upload_of_a_file|as_pandas|description_of_a_frame)",
    r"munging\.(groups|splits|missing_cells|functions_of_rows_and_columns)",
    r"training\.(two_classes|cross_validation|an_autoencoder|parameters_that_are_refused)",
    r"models\.(printed_model|predictions|importances|partial_dependence|importance_by_permutation|fairness)",
    r"metrics\.(of_two_classes|of_predictions)", r"saving\.(saved_at_the_node|a_mojo_that_is_imported)",
    r"grids\.all_combinations",
)  # fmt: skip


def _quick(part: str, number: int, name: str) -> bool:
    if part == "scenarios":
        return any(re.fullmatch(each, name) for each in _SCENARIOS)
    return number % 3 == 0 if part == "further" else number % 6 == 0 or name.startswith(_CALLS)


NAMES = {
    part: [name for number, name in enumerate(recorded(part)) if WHOLE or _quick(part, number, name)]
    for part in PARTS
}


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Answers]]:
    """What the genuine client got of a node, by part and name; the last scenario ends it."""
    with RunningNode(OpenNode(LocalSession(nthreads=1))) as node:
        yield answers(node.url, tmp_path_factory.mktemp("genuine"), dict(NAMES))
