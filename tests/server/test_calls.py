"""Lists and maps as genuine clients write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.server.v3.calls import listed, mapped
from hypothesis import given
from hypothesis import strategies as st

PLAIN = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.lists(PLAIN))
def test_json_is_read_as_json(value: list[Any]) -> None:
    if value not in ([""], [None]):
        assert listed(json.dumps(value, ensure_ascii=False)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[/data/a file.csv]", ["/data/a file.csv"]),
        ("[AGE,'x,y',\"z\"]", ["AGE", "x,y", "z"]),
        ("[]", []),
        ('[""]', []),
        ("[[4],[5, 5]]", [[4], [5, 5]]),
        ("200", [200]),
    ],
)
def test_lists_without_quotes(text: str, value: list[Any]) -> None:
    assert listed(text) == value


def test_maps_of_both_languages() -> None:
    wanted = {"strategy": "RandomDiscrete", "max_models": 2}
    assert mapped('{"strategy": RandomDiscrete, "max_models": 2}') == wanted
    assert mapped('{"strategy"="RandomDiscrete", "max_models"=2}') == wanted


@pytest.mark.parametrize("text", ["[1", "{a}", '{"a": }', "[1]]", "]"])
def test_what_is_not_well_formed_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument):
        listed(text, "paths")
    with pytest.raises(InvalidArgument):
        mapped(text, "paths")
