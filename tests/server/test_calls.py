"""Lists and maps as genuine clients write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.server.v3.calls import Call, listed, listed_texts, mapped
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
        (r'[["\N","a\b"],[]]', [[r"\N", r"a\b"], []]),
    ],
)
def test_lists_without_quotes(text: str, value: list[Any]) -> None:
    assert listed(text) == value


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=","), min_size=1).map(
    str.strip
)


@given(st.lists(NAMES.filter(lambda name: name and name[0] + name[-1] not in ('""', "''", "[]")), min_size=1))
def test_texts_without_quotes_are_taken_as_they_are(names: list[str]) -> None:
    assert listed_texts(f"[{','.join(names)}]") == names


@given(st.lists(st.text()))
def test_texts_with_quotes_are_read_as_json(names: list[str]) -> None:
    assert listed_texts(json.dumps(names)) == ([] if names == [""] else names)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[007,1e5,True,null]", ["007", "1e5", "True", "null"]),
        ("[s3://bucket/year=2020/x.csv]", ["s3://bucket/year=2020/x.csv"]),
        ("[it's,x[1],{y}]", ["it's", "x[1]", "{y}"]),
        ('["a,b",c d]', ["a,b", "c d"]),
        (r'["c"d","e,f","g\h","\N"]', ['c"d', "e,f", r"g\h", r"\N"]),
        ("[0,1]", ["0", "1"]),
        ("AGE", ["AGE"]),
        ("[]", []),
        ('[""]', []),
    ],
)
def test_texts_that_look_like_something_else(text: str, value: list[str]) -> None:
    assert listed_texts(text) == value


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


@pytest.mark.parametrize(
    "text", ["%", "[a]", "[1,%]", "[1e400]", "[nan]", "[" + "9" * 400 + "]", "[[1]]", "{}"]
)
def test_lists_of_numbers_are_finite(text: str) -> None:
    call = Call(None, None, {}, {"given": text, "good": "[1, 2.0]", "half": [0.5]})
    with pytest.raises(InvalidArgument, match="given"):
        call.numbers("given")
    assert call.wholes("good") == [1, 2]
    with pytest.raises(InvalidArgument, match="half"):
        call.wholes("half")
    assert call.wholes("absent") == []
