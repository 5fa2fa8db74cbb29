"""Data, and what is done where a package is not here."""

from __future__ import annotations

import importlib.util
import os

import h2o
import pytest


def need(package: str) -> None:
    """Skip without a package; where all tests of trackers are to run it must be there."""
    if importlib.util.find_spec(package) is None and os.environ.get("HEAVYWATER_TRACKERS") != "all":
        pytest.skip(f"{package} is not installed: make test-trackers runs this", allow_module_level=True)


@pytest.fixture(scope="module")
def rows() -> h2o.H2OFrame:
    n = list(range(60))
    values = {"a": n, "b": ["u", "v", "w"] * 20, "o": [0.5] * 60, "y": [i % 5 * 1.0 for i in n]}
    return h2o.H2OFrame(values, column_types={"b": "enum"})
