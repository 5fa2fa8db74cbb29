"""Recorded calls of the genuine client, against a node: what it sends, of what kind the answers are, and their values."""

from __future__ import annotations

import re
from typing import Any

import pytest

from . import differences
from .conftest import NAMES
from .session import agrees, recorded


def _within(name: str, patterns: Any) -> bool:
    return any(re.fullmatch(pattern, name, re.DOTALL) for pattern in patterns)


def _kinds(name: str, kinds: list[str]) -> list[str]:
    """Kinds of answers, without what is random in them."""
    return [kind.split()[0] if _within(name, differences.SIZES) else kind for kind in kinds]


def _named_as(ours: Any, theirs: Any) -> Any:
    """H2O's value, with our names of columns where it has none of its own."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and "names" in ours and "names" in theirs:
        pairs = zip(ours["names"], theirs["names"], strict=False)
        return {**theirs, "names": [our if re.fullmatch(r"C\d+", their) else their for our, their in pairs]}
    return theirs


@pytest.mark.parametrize("name", NAMES["calls"])
def test_call(given, name):
    ours, theirs = given["calls"][name], recorded("calls")[name]
    assert ours.get("error") == theirs.get("error")
    assert ours["sent"] == theirs["sent"]
    assert _kinds(name, ours["kinds"]) == _kinds(name, theirs["kinds"])
    same = agrees(ours.get("value"), _named_as(ours.get("value"), theirs.get("value")))
    assert same is not _within(name, differences.CALLS), (ours.get("value"), theirs.get("value"))


@pytest.mark.parametrize("name", NAMES["further"])
def test_expression(given, name):
    ours, theirs = given["further"][name], recorded("further")[name]
    assert _kinds(name, ours["kinds"]) == _kinds(name, theirs["kinds"])
    assert (ours.get("status"), ours.get("type")) == (theirs.get("status"), theirs.get("type"))
    same = agrees(ours.get("value"), _named_as(ours.get("value"), theirs.get("value")))
    assert same is not _within(name, differences.FURTHER), (ours.get("value"), theirs.get("value"))
