"""What users do with the genuine client, against a node: that it goes well, and that it gives what the real H2O gives."""

from __future__ import annotations

import re

import pytest

from . import differences
from .conftest import NAMES
from .session import agrees, recorded


@pytest.mark.parametrize("name", NAMES["scenarios"])
def test_scenario(given, name):
    ours, theirs = given["scenarios"][name], recorded("scenarios")[name]
    assert ours.get("error") is None
    differs = any(re.fullmatch(each, name) for each in differences.SCENARIOS)
    assert agrees(ours["value"], theirs["value"]) is not differs, (ours["value"], theirs["value"])
