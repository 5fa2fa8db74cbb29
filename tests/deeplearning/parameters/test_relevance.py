"""Which parameters matter beside the others, and which one a message is about."""

from __future__ import annotations

import pytest
from heavywater.deeplearning.parameters.relevance import applies, subject_of, without_effect
from heavywater.deeplearning.parameters.table import table


@pytest.mark.parametrize(
    ("values", "hidden", "shown"),
    [
        ({}, {"rate", "max_after_balance_size", "keep_cross_validation_models", "tweedie_power"}, {"rho", "epochs"}),
        ({"adaptive_rate": False}, {"rho", "epsilon"}, {"rate", "momentum_start"}),
        ({"nfolds": 3}, {"fold_column"}, {"keep_cross_validation_models", "fold_assignment"}),
        ({"autoencoder": True}, {"response_column", "use_all_factor_levels"}, {"average_activation"}),
        ({"validation_frame": "v", "category": "Binomial"}, {"regression_stop"}, {"score_validation_samples"}),
        ({"activation": "TanhWithDropout"}, set(), {"hidden_dropout_ratios"}),
        ({"distribution": "huber"}, {"tweedie_power"}, {"huber_alpha"}),
    ],
)  # fmt: skip
def test_fields_that_do_not_matter(values, hidden, shown):
    found = {name for name, _ in without_effect(values, values.pop("category", None))}
    assert hidden <= found and not shown & found


def test_some_matter_where_there_are_nodes():
    assert "single_node_mode" in dict(without_effect({}))
    assert "single_node_mode" not in dict(without_effect({}, nodes=2))


def test_each_reason_is_told_beforehand():
    for values in ({}, {"autoencoder": True}, {"adaptive_rate": False, "nfolds": 2}):
        for name, why in without_effect(values, "Regression"):
            told = [f"it applies {each}" for each in applies(name)]
            assert why in (*told, table()[name].no_effect)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rho=2.0 is not allowed: it must be a number in (0, 1]", "rho"),
        ("y, the column to predict, is missing: name it", "response_column"),
        ("x: no usable predictor is left", "ignored_columns"),
        ("hidden, epochs: nothing", "hidden"),
        ("training_frame has no rows", "training_frame"),
        ("Columns 'a' are not used as predictors", None),
        ("", None),
    ],
)
def test_the_first_word_of_a_message_names_its_parameter(text, name):
    assert subject_of(text) == name
