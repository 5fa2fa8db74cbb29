"""The parameter table and the check of single values."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from heavywater.deeplearning.parameters.constraints import Choice, ListOf, NotAllowed, Number
from heavywater.deeplearning.parameters.table import Parameter, check_value, defaults, lookup, table
from heavywater.errors import InvalidArgument, InvalidType
from hypothesis import given
from hypothesis import strategies as st

REFERENCE = json.loads((Path(__file__).parents[2] / "data" / "params.json").read_text(encoding="utf-8"))[
    "parameters"
]
ENTRIES = list(table().values())
#: what H2O has otherwise, and why we differ
OTHER_DEFAULT = {
    "shuffle_training_data": "absent means a fresh order in every pass, False the order of the frame"
}
OWN = ["calibrate_model", "calibration_frame", "calibration_method"]  # other algorithms of H2O have them
OWN += [
    "preset",
    "numeric_encoding",
    "numeric_bins",
    "ensemble_size",
    "optimizer",
    "weight_decay",
    "rate_schedule",
]
OWN += ["label_smoothing", "validation_fraction", "epochs_candidates", "epochs_folds"]
OWN += ["l1_candidates", "numeric_bins_candidates", "fit_temperature", "clamp_predictions"]
MORE_VALUES = {"activation": {"ExpRectifier", "ExpRectifierWithDropout"}}
by_name = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


def test_the_table_has_the_parameters_of_h2o_in_its_order() -> None:
    assert list(table()) == [*(each["name"] for each in REFERENCE), *OWN]


@pytest.mark.parametrize("reference", REFERENCE, ids=lambda each: each["name"])
def test_an_entry_agrees_with_h2o(reference: dict) -> None:
    entry = lookup(reference["name"])
    assert (entry.type, entry.level, entry.gridable) == tuple(
        reference[k] for k in ("type", "level", "gridable")
    )
    if entry.name not in OTHER_DEFAULT:
        assert entry.default == reference["default_value"]
    if reference["values"]:
        refused = set(entry.constraint.refused) if isinstance(entry.constraint, Choice) else set()
        assert set(reference["values"]) <= set(entry.values) | refused
        assert set(entry.values) - set(reference["values"]) == MORE_VALUES.get(entry.name, set())


@by_name
def test_help_is_one_to_three_sentences(entry: Parameter) -> None:
    assert entry.help.endswith(".")
    assert 1 <= entry.help.count(". ") + 1 <= 3


@by_name
def test_the_default_is_valid(entry: Parameter) -> None:
    assert check_value(entry.name, None) == entry.default
    if entry.default is not None:
        assert check_value(entry.name, entry.default, effective=True) == entry.default


@by_name
def test_invalid_values_are_refused_with_name_value_and_what_is_allowed(entry: Parameter) -> None:
    for value in entry.constraint.invalid_values():
        with pytest.raises((InvalidType, InvalidArgument)) as failure:
            check_value(entry.name, value, effective=True)
        message = str(failure.value)
        assert message.startswith(f"{entry.name}={value!r} ")
        assert entry.constraint.describe() in message


@by_name
def test_other_keys_of_an_entry_exist(entry: Parameter) -> None:
    assert set(entry.only_with) <= set(table())
    assert not set(entry.aliases) & set(table())


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("hiden", "hidden"), ("learning_rate", "rate"), ("batch_size", "mini_batch_size"), ("EPOCHS", "epochs")],
)
def test_an_unknown_name_leads_to_the_right_one(wrong: str, right: str) -> None:
    with pytest.raises(InvalidType, match=rf"{wrong} is not a parameter.*Did you mean .*\b{right}\b"):
        check_value(wrong, 1)


def test_a_name_like_no_other_leads_to_the_help() -> None:
    with pytest.raises(InvalidType, match="help"):
        lookup("zzzzzz")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("max_w2", 10, 10.0),
        ("max_w2", math.inf, math.inf),
        ("epochs", np.float32(2), 2.0),
        ("hidden", (32.0, np.int64(7)), [32, 7]),
        ("hidden", np.array([3, 4]), [3, 4]),
        ("sparse", np.bool_(True), True),
        ("activation", "rectifier_with_dropout", "RectifierWithDropout"),
        ("stopping_metric", "mse", "MSE"),
        ("categorical_encoding", "one-hot internal", "OneHotInternal"),
        ("seed", 2**63 - 1, 2**63 - 1),
        ("initial_weights", ["frame", None], ["frame", None]),
    ],
)
def test_values_get_their_canonical_form(name: str, value: object, expected: object) -> None:
    converted = check_value(name, value)
    assert converted == expected
    assert type(converted) is type(expected)


def test_long_values_are_cut_in_messages() -> None:
    with pytest.raises(InvalidType) as failure:
        check_value("training_frame", list(range(10_000)))
    assert len(str(failure.value)) < 200


def test_defaults_are_copies() -> None:
    defaults()["hidden"].append(1)
    check_value("hidden", None).append(1)
    assert defaults()["hidden"] == [200, 200]


number = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(number, number, number, st.booleans(), st.booleans())
def test_a_number_is_accepted_exactly_within_its_limits(
    value: float, one: float, other: float, low_open: bool, high_open: bool
) -> None:
    low, high = sorted((one, other))
    constraint = Number(low=low, high=high, low_open=low_open, high_open=high_open)
    inside = (low < value or (low == value and not low_open)) and (
        value < high or (value == high and not high_open)
    )
    if inside:
        assert constraint.convert(value) == value
    else:
        with pytest.raises(NotAllowed):
            constraint.convert(value)


@given(st.lists(st.integers(-3, 3)))
def test_a_list_is_accepted_exactly_when_all_elements_are(values: list[int]) -> None:
    constraint = ListOf(Number(integer=True, low=1))
    if all(value >= 1 for value in values):
        assert constraint.convert(values) == values
    else:
        with pytest.raises(NotAllowed):
            constraint.convert(values)
