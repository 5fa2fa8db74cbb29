"""Presets: what they fill, and what they leave alone."""

import pytest
from heavywater.deeplearning.parameters.presets import FILLED, PRESETS, filled
from heavywater.deeplearning.parameters.table import check_value, defaults, table
from heavywater.deeplearning.parameters.validation import validate
from heavywater.errors import InvalidArgument

from ..example_frames import context


def test_presets_are_those_of_the_table():
    assert tuple(PRESETS) == table()["preset"].values
    assert defaults().keys() - {"preset"} >= FILLED


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "H2O"])
def test_what_is_filled_is_allowed(preset):
    for name, value in filled({"preset": preset}, 10).items():
        assert name in FILLED
        assert check_value(name, value) == value, name


def test_h2o_fills_nothing():
    assert filled({}, 10) == filled({"preset": "H2O", "hidden": [3]}, 10) == {}


@pytest.mark.parametrize("name", sorted(FILLED))
def test_what_is_given_stays_though_it_is_the_default(name):
    value = defaults()[name]
    given = {"preset": "Tabular", name: [0.5, 0.5] if name == "hidden_dropout_ratios" else value}
    assert name not in filled(given)


@pytest.mark.parametrize(
    ("given", "without"),
    [
        ({"epochs": 7.0}, {"epochs_candidates", "epochs_folds", "validation_fraction"}),
        ({"epochs": 0.0}, {"epochs_candidates", "epochs_folds", "validation_fraction"}),
        ({"epochs_candidates": []}, {"epochs_candidates", "epochs_folds", "validation_fraction"}),
        ({"validation_fraction": 0.3}, {"epochs_folds"}),
        ({"epochs": 3}, {"l1_candidates", "numeric_bins_candidates"}),
        ({"l1": 0}, {"l1_candidates"}),
        ({"numeric_bins": 9}, {"numeric_bins_candidates"}),
        ({"l1_candidates": [0, 1, 2]}, {"numeric_bins_candidates"}),
        ({"numeric_bins_candidates": [3]}, {"l1_candidates"}),
        ({"activation": "Tanh"}, {"numeric_bins_candidates"}),
        ({"pretrained_autoencoder": "model"}, {"numeric_encoding", "numeric_bins", "ensemble_size"}),
        ({"checkpoint": "model"}, {"epochs_candidates", "epochs_folds", "validation_fraction"}),
        ({"stopping_rounds": 3}, {"epochs_candidates", "epochs_folds", "overwrite_with_best_model"}),
        ({"adaptive_rate": True}, {"optimizer", "rate", "rate_schedule"}),
        ({"mini_batch_size": 1}, {"optimizer", "rate", "rate_schedule"}),
        ({"activation": "Tanh"}, {"numeric_encoding", "hidden_dropout_ratios"}),
        ({"activation": "Rectifier"}, {"hidden_dropout_ratios"}),
    ],
)
def test_what_goes_with_something_else_stays_away_from_it(given, without):
    found = filled({"preset": "TabularBest", **given})
    assert found and not without & found.keys()


def test_few_rows_get_smaller_batches_and_each_layer_its_dropout():
    sizes = (1, 20, 999, 1000, 3999, 4000, None)
    few = filled({"preset": "Tabular", "hidden": [9, 8, 7]}, 999)
    assert [filled({"preset": "Tabular"}, rows)["mini_batch_size"] for rows in sizes] == [
        2,
        20,
        32,
        128,
        128,
        256,
        256,
    ]
    assert "mini_batch_size" not in filled({"preset": "Tabular", "mini_batch_size": 7}, 10)
    assert len(few["hidden_dropout_ratios"]) == 3


def test_few_rows_get_a_longer_training_and_folds_but_no_temperature():
    few, some, many = (filled({"preset": "Tabular"}, rows) for rows in (999, 3999, 4000))
    assert few["epochs_candidates"] == some["epochs_candidates"] == [*many["epochs_candidates"], 80]
    assert (few["epochs_folds"], some["epochs_folds"], many["epochs_folds"]) == (3, 3, 1)
    assert filled({"preset": "TabularBest"}, 10)["epochs_folds"] == 5
    assert "fit_temperature" not in few and some["fit_temperature"] and many["fit_temperature"]
    assert [filled({"preset": "Tabular"}, rows)["weight_decay"] for rows in (9999, 10_000, None)] == [
        1,
        0.1,
        0.1,
    ]
    assert "weight_decay" not in filled({"preset": "Tabular", "optimizer": "AUTO"}, 10)
    assert PRESETS["Tabular"]["epochs_candidates"] == many["epochs_candidates"]


def test_few_rows_get_a_plainer_network_to_choose():
    few, many = (filled({"preset": "Tabular"}, rows) for rows in (9999, 10_000))
    assert few["l1_candidates"][0] == 0 and few["numeric_bins_candidates"][0] == few["numeric_bins"]
    assert len(few["l1_candidates"]) == len(few["numeric_bins_candidates"]) == 2
    assert not {"l1_candidates", "numeric_bins_candidates"} & many.keys()


def test_a_preset_goes_through_validation():
    whole = context("three")
    p = validate({"preset": "tabular-best", "hidden": [7], "seed": 1}, whole)
    told = p.description()
    assert told["hidden"] == {"default": [200, 200], "input": [7], "actual": [7]}
    assert told["ensemble_size"] == {"default": 1, "input": 1, "actual": 8}
    assert p.given == {"preset": "TabularBest", "hidden": [7], "seed": 1}
    assert not [text for text in p.warnings if "has no effect" in text]
    with pytest.raises(InvalidArgument, match="preset='Tabular' is for models with a response"):
        validate({"preset": "TABULAR", "autoencoder": True}, whole)
