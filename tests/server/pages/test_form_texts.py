"""Values of parameters as people write them into a form."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from heavywater.deeplearning.parameters.constraints import OneOrSeveral
from heavywater.deeplearning.parameters.table import Parameter, check_value, lookup, table
from heavywater.errors import HeavywaterError, InvalidArgument
from heavywater.server.pages.building.form_texts import (
    name_of,
    text_of,
    text_of_list,
    text_of_name,
    value_of,
    values_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.sampled_from(
    [
        "null",
        '"',
        '"a"',
        "[",
        "[a]",
        "a,b",
        " a",
        "a\nb",
        "\u202e",
        "1",
        "0,5",
        "true",
        "<img src=x onerror=y>",
    ]
)


def allowed(kind: str, entry: Parameter) -> st.SearchStrategy[Any]:
    """Values that may be given to a parameter, some of which it refuses."""
    if kind.endswith("[]"):
        item = allowed(kind.removesuffix("[]"), entry)
        return st.lists(item | st.none() if kind == "Key<Frame>[]" else item, max_size=4)
    if kind in ("int", "long"):
        return st.integers(-(2**63) + 1, 2**63 - 1)
    if isinstance(entry.constraint, OneOrSeveral):
        one = st.floats(allow_nan=False) | st.floats(0, 2)
        return one | st.lists(one, max_size=3)
    if kind in ("float", "double"):
        return st.floats(allow_nan=False) | st.floats(0, 2)
    if kind == "boolean":
        return st.booleans()
    return st.sampled_from(entry.values) if kind == "enum" else TEXTS


ENTRIES = list(table().values())
VALUES = st.sampled_from(ENTRIES).flatmap(lambda e: st.tuples(st.just(e), allowed(e.type, e)))


def taken(entry: Parameter, value: Any) -> Any:
    try:
        return check_value(entry.name, value)
    except HeavywaterError:
        return None


@settings(max_examples=200)
@given(VALUES)
def test_every_value_that_is_allowed_survives_its_text(case):
    entry, value = case
    checked = taken(entry, value)
    text = text_of(checked)
    assert check_value(entry.name, value_of(entry, text)) == (
        checked if checked is not None else entry.default
    )
    assert text == text_of(value_of(entry, text))


@pytest.mark.parametrize(
    "entry", [each for each in ENTRIES if each.default is not None], ids=lambda e: e.name
)
def test_a_default_survives_its_text(entry):
    assert check_value(entry.name, value_of(entry, text_of(entry.default))) == entry.default


TRIED = st.one_of(
    [st.tuples(st.just(each), st.lists(allowed(each.type, each), min_size=1, max_size=4)) for each in ENTRIES if each.gridable]
)  # fmt: skip


def text_of_values(values: list[Any]) -> str:
    """What has to be written for the values of a hyper-parameter."""
    if any(isinstance(each, list | tuple) for each in values):
        lists = [each if isinstance(each, list | tuple) else [each] for each in values]
        text = ", ".join(json.dumps(each, ensure_ascii=False) for each in lists)
        return (
            f"[{text}]" if len(lists) == 1 else text
        )  # "[0.1, 0.9]" are two numbers, where there may be one
    return text_of_list(values)


@settings(max_examples=150)
@given(TRIED)
def test_values_to_try_survive_their_text(case):
    entry, values = case
    checked: list[Any] = []
    for each in values:
        value = taken(entry, each)
        if value is not None and value not in checked:
            checked.append(value)
    boxes = entry.type in ("boolean", "enum")
    texts = [text_of(each) for each in checked] if boxes else [text_of_values(checked)] if checked else []
    assert [check_value(entry.name, each) for each in values_of(entry, texts)] == checked


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_name_survives_its_text(name):
    assert name_of(text_of_name(name)) == name
    assert "\n" not in text_of_name(name)


@given(st.sampled_from(ENTRIES), st.text(max_size=20) | st.text("0123456789.,eE+-[] ;", max_size=12))
def test_any_text_is_read_or_refused_by_the_name_of_its_parameter(entry, text):
    for read in (lambda: value_of(entry, text), lambda: values_of(entry, [text])):
        try:
            read()
        except InvalidArgument as refused:
            assert str(refused).startswith(entry.name)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hidden", "200, 200", [200, 200]),
        ("hidden", "[200,200]", [200, 200]),
        ("hidden", "7", [7]),
        ("hidden", "[]", []),
        ("epochs", "1E3", 1000.0),
        ("epochs", ".5", 0.5),
        ("epochs", "\u221210\u202f000", -10000),
        ("seed", "9007199254740993", 9007199254740993),
        ("max_w2", "Infinity", math.inf),
        ("max_w2", "∞", math.inf),
        ("adaptive_rate", "no", False),
        ("ignored_columns", "a b, c", ["a b", "c"]),
        ("ignored_columns", "a\nb\r\n\n c ", ["a", "b", "c"]),
        ("ignored_columns", '"a,b", "c\\nd"', ["a,b", "c\nd"]),
        ("ignored_columns", '["a", "b"]', ["a", "b"]),
        ("initial_weights", "w1, null", ["w1", None]),
        ("response_column", '"C1"', "C1"),
        ("response_column", '"', '"'),
        ("epochs", "  ", None),
        ("quantile_alpha", "0.3", 0.3),
        ("quantile_alpha", "0.1, .9", [0.1, 0.9]),
        ("quantile_alpha", "[0.1,0.9]", [0.1, 0.9]),
    ],
)
def test_what_a_text_means(name, text, value):
    assert value_of(lookup(name), text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("epochs", "0,5", "epochs='0,5': decimals have a point and no comma, 0.5"),
        ("epochs", "many", "epochs='many' is no number"),
        ("epochs", "1_000", "is no number"),
        ("epochs", "0x10", "is no number"),
        ("seed", "9" * 5000, "is no number"),
        ("hidden", "200 200", "hidden='200 200' is no number"),
        ("hidden", "200,", "there is nothing between two commas, or behind the last"),
        ("adaptive_rate", "maybe", "must be true or false"),
        ("ignored_columns", "a, null", "null is no name"),
    ],
)
def test_what_cannot_be_read_is_refused_clearly(name, text, words):
    with pytest.raises(InvalidArgument) as caught:
        value_of(lookup(name), text)
    assert words in str(caught.value)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize(
    ("name", "texts", "values"),
    [
        ("l1", ["0, 1e-4"], [0, 1e-4]),
        ("l1", ["[0, 1e-4, 0]"], [0, 1e-4]),
        ("quantile_alpha", ["0.1, 0.9"], [0.1, 0.9]),
        ("quantile_alpha", ["[0.1, 0.9]"], [0.1, 0.9]),
        ("quantile_alpha", ["[0.1, 0.9], [0.5]"], [[0.1, 0.9], 0.5]),
        ("hidden", ["[10], [20,20]"], [[10], [20, 20]]),
        ("hidden", ["[[10],[20,20]]"], [[10], [20, 20]]),
        ("hidden", ["[10]; [20, 20]"], [[10], [20, 20]]),
        ("hidden", ["[10, 20]"], [[10, 20]]),
        ("hidden", ["10, 20"], [[10], [20]]),
        ("hidden", ["[], [5]"], [[], [5]]),
        ("hidden", [""], []),
        ("activation", ["Tanh", "Maxout"], ["Tanh", "Maxout"]),
        ("standardize", ["true", "false"], [True, False]),
        ("weights_column", ['w, "a,b"'], ["w", "a,b"]),
        ("initial_weights", ['["a"], ["b", null]'], [["a"], ["b", None]]),
    ],
)
def test_what_the_texts_of_several_values_mean(name, texts, values):
    assert values_of(lookup(name), texts) == values


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hidden", "[10], 20"),
        ("hidden", "[10"),
        ("initial_weights", "a, b"),
        ("quantile_alpha", "[0.1, 0.9], 0.5"),
        ("quantile_alpha", "[0.1"),
    ],
)
def test_lists_that_cannot_be_told_apart_are_refused(name, text):
    with pytest.raises(InvalidArgument, match=name):
        values_of(lookup(name), [text])
