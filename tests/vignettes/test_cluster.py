"""The chapter about several machines runs as it stands, for fewer epochs."""

from __future__ import annotations

import h2o
import pytest


@pytest.fixture(scope="module")
def run(run_vignette):
    h2o.shutdown()  # that of a test before has no nodes
    return run_vignette("vignettes.cluster", smaller)


def smaller(parameters, y):
    """Train fewer epochs, but for where a node is lost in the middle."""
    return (
        parameters
        if "stopping_rounds" in parameters
        else parameters | {"epochs": min(4, parameters.get("epochs", 10))}
    )


@pytest.mark.long
def test_networks_have_learned(run):
    assert all(error < 0.5 for error in run.variables["errors"].values())


def test_nodes_meet_as_often_as_is_said(run):
    rows = {samples: line["rows_per_round"] for samples, line in run.variables["meetings"].items()}
    assert (rows[-1], rows[2000]) == (2 * rows[0], 2000)
    assert 15_000 < rows[0] < 17_000
    assert rows[-2] <= rows[0]


def test_a_lost_node_is_told_and_the_other_one_goes_on(run):
    assert any("is lost" in str(each.message) for each in run.variables["told"])
    lost = run.variables["lost"]
    assert lost["nodes"].iloc[-1] == 1
    assert lost["epochs"].iloc[-1] == 30
