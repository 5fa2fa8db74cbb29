"""Parameters as texts, and results as texts."""

from __future__ import annotations

import io
import json
import math

import pytest
from h2o_command.options import Written
from h2o_command.output import shown, write
from h2o_command.values import value_of, values_of
from h2o_command.wording import worded
from heavywater.session.parameters import check_value, told_parameters
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hidden", "20,20", [20, 20]),
        ("hidden", "[20, 20]", [20, 20]),
        ("hidden", "20", [20]),
        ("hidden", " 20 , 20 ", [20, 20]),
        ("epochs", "1e-1", 0.1),
        ("seed", "-1", -1),
        ("standardize", "False", False),
        ("standardize", "TRUE", True),
        ("activation", "Tanh", "Tanh"),
        ("activation", '"Tanh"', "Tanh"),
        ("fold_column", "2020", "2020"),
        ("fold_column", "null", None),
        ("fold_column", '"null"', "null"),
        ("weights_column", "true", "true"),
        ("ignored_columns", "a,1,true", ["a", "1", "true"]),
        ("ignored_columns", '["a,b"]', ["a,b"]),
        ("model_id", "a=b", "a=b"),
        ("hidden_dropout_ratios", "0,0.5", [0, 0.5]),
        ("max_w2", "Infinity", math.inf),
        ("quantile_alpha", "0.3", 0.3),
        ("quantile_alpha", "0.1, 0.9", [0.1, 0.9]),
        ("quantile_alpha", "[0.1, 0.9]", [0.1, 0.9]),
        ("epochs", "many", "many"),
    ],
)
def test_what_a_text_means_depends_on_the_parameter(name, text, value):
    assert value_of(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("l1", "0,1e-4", [0, 1e-4]),
        ("l1", "[0, 1e-4]", [0, 1e-4]),
        ("l1", "0", [0]),
        ("quantile_alpha", "0.1,0.5", [0.1, 0.5]),
        ("quantile_alpha", "[0.1,0.9],0.5", [[0.1, 0.9], 0.5]),
        ("hidden", "[10],[20,20]", [[10], [20, 20]]),
        ("hidden", "[[10],[20,20]]", [[10], [20, 20]]),
        ("hidden", "[10,20]", [[10, 20]]),
        ("hidden", "10,20", [[10], [20]]),
        ("activation", "Tanh, Maxout", ["Tanh", "Maxout"]),
        ("activation", '["Tanh"]', ["Tanh"]),
        ("standardize", "true,False", [True, False]),
        ("seed", "1,2,3", [1, 2, 3]),
    ],
)
def test_values_of_hyper_parameters(name, text, values):
    assert values_of(name, Written(text)) == values


@given(st.sampled_from([each["name"] for each in told_parameters()]), st.text(max_size=20))
def test_any_text_is_taken_or_refused_by_the_table(name, text):
    try:
        check_value(name, value_of(name, text))
    except OSError as refused:  # as H2O's client has it
        assert str(refused).startswith(name)


def test_results_as_text_and_as_json():
    answer = {"n": 1, "x": 0.123456789, "bad": math.nan, "yes": True, "names": ["a", "b"], "layers": [[1], [2, 3]], "none": None,
              "t": "two\nlines", "m": {"a": 1.0}, "rows": [{"name": "ä", "n": 1}, {"name": "longer", "n": None}], "empty": []}  # fmt: skip
    text = shown(answer, False)
    assert text.splitlines() == [
        "n: 1", "x: 0.123457", "bad: ", "yes: true", "names: a, b", "layers: [[1], [2, 3]]", "none: ", "t: two lines", "m:",
        "  a: 1", "rows:", "  name    n", "  ä       1", "  longer", "empty: ",
    ]  # fmt: skip
    found = json.loads(shown(answer, True))
    assert found["bad"] is None and found["rows"] == answer["rows"] and found["x"] == 0.123456789


def test_letters_that_the_terminal_does_not_have():
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    write(out, "größe \udc80")
    assert out.buffer.getvalue() == b"gr\\xf6\\xdfe \\udc80\n"


def test_messages_speak_of_options():
    text = "/tmp_x/stdin: 'C1' ... Give col_types={'C1': 'string'} or na_strings= or fill=True"
    assert worded(text, {"/tmp_x/stdin": "standard input"}) == (
        "standard input: 'C1' ... Give --types 'C1=string' or --missing or --fill"
    )
