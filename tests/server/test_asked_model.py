"""What clients ask models with, in all their spellings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from heavywater.deeplearning.parameters.presets import filled
from heavywater.deeplearning.parameters.table import Parameter, check_value, lookup, table
from heavywater.server.v3.asked_model import asked_model, parameter_value
from heavywater.server.v3.calls import Call
from heavywater.server.v3.replies import Refused
from hypothesis import given
from hypothesis import strategies as st

from ..cases.answers import asked

SPELLINGS = {
    "Python": lambda text: text,
    "R": lambda text: text.upper() if text in ("True", "False") else text,
    "Flow": lambda text: text.lower() if text in ("True", "False") else text,
}


def call(**values: Any) -> Call:
    objects = SimpleNamespace(keys=lambda kind: ["rows"])
    return Call(None, SimpleNamespace(objects=objects), {}, values)  # type: ignore[arg-type]


def written(value: Any, quote: str = '"') -> str:
    """A value as clients write it."""
    if isinstance(value, list):
        return f"[{','.join(written(each, quote) if isinstance(each, str) else str(each) for each in value)}]"
    return f"{quote}{value}{quote}" if isinstance(value, str) and quote else str(value)


def test_pythons_defaults_are_not_given():
    values = {
        **asked("models", "ModelBuilders_deeplearning_POST"),
        "training_frame": "rows",
        "validation_frame": "rows",
    }
    found = asked_model(call(**values))
    assert found.parameters == {
        "model_id": "dl_iris",
        "hidden": [8, 8],
        "epochs": 5,
        "seed": 1,
        "reproducible": True,
    }
    assert (found.response, found.training_frame, found.refused) == ("class", "rows", [])


def test_defaults_of_clients_leave_their_place_to_a_preset():
    values = {
        **asked("models", "ModelBuilders_deeplearning_POST"),
        "training_frame": "rows",
        "validation_frame": "rows",
        "preset": '"Tabular"',
    }
    found = asked_model(call(**values))
    assert found.parameters["preset"] == "Tabular"
    assert {"hidden", "epochs"} <= filled(
        {"preset": "Tabular"}
    ).keys() & found.parameters.keys()  # these were chosen
    assert not {"activation", "mini_batch_size", "rate"} & found.parameters.keys()
    assert "numeric_bins" not in found.idle()


def test_flows_defaults_are_not_given():
    values = {**asked("models", "ModelBuilders_parameters_POST"), "training_frame": "rows"}
    assert set(asked_model(call(**values)).parameters) == {"model_id"}


@pytest.mark.parametrize("client", SPELLINGS)
@pytest.mark.parametrize(
    "entry", [each for each in table().values() if each.default is not None], ids=lambda e: e.name
)
def test_a_default_is_not_given_in_any_spelling(client, entry: Parameter):
    text = SPELLINGS[client](written(entry.default, ""))
    for each in (text, text.lower(), text.replace("_", "")):
        assert asked_model(call(**{entry.name: each})).given == asked_model(call()).given


def spelt(name: str) -> st.SearchStrategy[str]:
    """A name with other cases, and with underscores where a word begins."""
    apart = "".join(f"_{c}" if c.isupper() and i and name[i - 1].islower() else c for i, c in enumerate(name))
    return st.sampled_from([name, name.lower(), name.upper(), apart.lower(), apart.upper()])


ENUMS = [(entry.name, value) for entry in table().values() if entry.type == "enum" for value in entry.values]


@given(st.sampled_from(ENUMS).flatmap(lambda pair: st.tuples(st.just(pair), spelt(pair[1]))))
def test_values_of_enumerations_are_found_in_any_spelling(case):
    (name, value), text = case
    assert check_value(name, parameter_value(lookup(name), text)) == value


NUMBERS = [entry.name for entry in table().values() if entry.type in ("double", "long", "int")]


@given(st.sampled_from(NUMBERS), st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_keep_all_their_digits(name, number):
    assert parameter_value(lookup(name), str(number)) == number


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1))
def test_names_of_columns_come_through(names):
    quoted = (
        "[" + ",".join('"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in names) + "]"
    )
    assert parameter_value(lookup("ignored_columns"), quoted) == names


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("hidden", "[200, 10]", [200, 10]),
        ("hidden", "[]", []),
        ("hidden", '[""]', None),
        ("hidden", 7, [7]),
        ("hidden", [[4]][0], [4]),
        ("ignored_columns", '[""]', None),
        ("ignored_columns", "[]", None),
        ("ignored_columns", "[a b,c]", ["a b", "c"]),
        ("hidden_dropout_ratios", "[0.1,1e-2]", [0.1, 0.01]),
        ("class_sampling_factors", "", None),
        ("autoencoder", "T", True),
        ("autoencoder", "FALSE", False),
        ("autoencoder", True, True),
        ("epochs", "1e3", 1000.0),
        ("nfolds", "3.0", 3),
        ("max_w2", "Infinity", float("inf")),
        ("weights_column", {"column_name": "w", "is_member_of_frames": None}, "w"),
        ("checkpoint", {"name": "m", "type": "Key<Model>"}, "m"),
        ("response_column", '"c"', "c"),
        ("initial_weights", '["a",null]', ["a", None]),
    ],
)
def test_values_as_clients_write_them(name, raw, value):
    assert parameter_value(lookup(name), raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "status"),
    [
        ("epochs", "many", 412),
        ("autoencoder", "2", 412),
        ("hidden", "[a]", 412),
        ("activation", "softplus", 400),
        ("loss", "automatik", 400),
    ],
)
def test_what_is_no_value_is_refused_by_its_name(name, raw, status):
    with pytest.raises(Refused, match=name) as caught:
        asked_model(call(**{name: raw}))
    assert caught.value.status == status


def test_values_that_are_not_allowed_are_all_told():
    found = asked_model(call(epochs="5", rho="2", adaptive_rate="True", hidden="[-1]", distribution="custom"))
    assert [name for name, _ in found.refused] == ["hidden", "distribution"]
    assert found.parameters == {"epochs": 5.0, "rho": 2.0}


def test_a_parameter_that_there_is_not_names_itself():
    with pytest.raises(Refused, match="Unknown parameter: ntrees"):
        asked_model(call(ntrees="50"))
    with pytest.raises(Refused, match="Unknown parameter: grid_id"):
        asked_model(call(grid_id="g"))
    assert asked_model(call(grid_id="g"), ("grid_id",)).parameters == {}
