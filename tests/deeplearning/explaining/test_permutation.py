"""Permutation importances: their sign, runs and errors, and columns of all kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.explaining.permutation import PermutationOptions, permutation_importance
from heavywater.deeplearning.model.custom_metric import CustomMetric
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import InvalidArgument
from heavywater.frame.frame import Frame
from heavywater.frame.primitives.sampling import generator
from heavywater.session import LocalSession

from ...cases.scoring import values
from ...export import model_cases

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")


@pytest.fixture(scope="module")
def session() -> LocalSession:
    return model_cases.new_session()


def asked(model: DeepLearningModel, custom: CustomMetric | None = None, **options: Any) -> Frame:
    return permutation_importance(model, model_cases.data(), PermutationOptions.of(options), custom)[0]


def names_in(found: Frame) -> list[str]:
    return list(found.column("Variable").values)


@pytest.mark.parametrize(
    ("name", "metric"),
    [("regression with weights and offset", "mae"), ("hashed", "AUC"), ("Binary", "logloss"), ("sparse", "RMSE"),
     ("three classes", "mean_per_class_error"), ("SortByResponse", "Gini"),
     ("piecewise-linear", "mae"), ("piecewise-linear Maxout of digits", "mean_per_class_error")],
)  # fmt: skip
def test_they_are_the_metrics_of_shuffled_frames(session, name, metric):
    """Whatever the encoded rows are like: shuffled there, and put back for the next column."""
    name = "balanced classes" if name == "three classes" else name
    model, data = model_cases.train(session, name), model_cases.data()
    found = asked(model, metric=metric, seed=5, features=["d", "a", "c"])
    random = generator(5)
    before = model.metrics(data)[0][metric]
    expected = {}
    for column in ("d", "a", "c"):
        order = random.permutation(data.nrow)
        columns = [c.take(order) if n == column else c for n, c in zip(data.names, data.columns, strict=True)]
        after = model.metrics(Frame(data.names, columns))[0][metric]
        expected[column] = before - after if metric in ("AUC", "Gini") else after - before
    by_name = dict(zip(names_in(found), found.column("Relative Importance").numbers(), strict=True))
    assert by_name == pytest.approx(expected, abs=1e-6)
    assert names_in(found) == sorted(expected, key=lambda each: -expected[each])


def test_noise_lies_around_nothing_within_its_error(session):
    """The last columns of a net that was not trained to use them."""
    model = model_cases.train(session, "regression", epochs=200)
    places = slice(
        model.spec.encoder.offsets[0], model.spec.encoder.offsets[1]
    )  # the units of the first factor
    model.network.weights[0][:, :, places] = 0
    name = model.spec.encoder.categories[0]
    found = asked(model, n_repeats=4, seed=2)
    assert found.names == ["Variable", "Run 1", "Run 2", "Run 3", "Run 4", "Mean", "Standard Error"]
    cells = values(found.select(list(range(1, 7))))
    np.testing.assert_allclose(cells[:, 4], cells[:, :4].mean(axis=1), atol=1e-12)
    np.testing.assert_allclose(cells[:, 5], cells[:, :4].std(axis=1, ddof=1) / 2, atol=1e-12)
    row = names_in(found).index(name)
    assert (cells[row] == 0).all() and cells[0, 4] > 3 * cells[0, 5] > 0


def test_shares_are_of_what_is_above_nothing(session):
    found = asked(model_cases.train(session, "untrained"), seed=3)
    changes, shares = found.column("Relative Importance").numbers(), found.column("Percentage").numbers()
    assert (changes < 0).any()  # a net that knows nothing gets better by chance
    assert shares.sum() == pytest.approx(1.0 if (changes > 0).any() else 0.0) and (shares >= 0).all()


def test_of_several_quantiles_a_metric_of_all_can_be_asked_for(session):
    parameters = {"distribution": "quantile", "quantile_alpha": [0.1, 0.5], "epochs": 50}
    found = asked(
        model_cases.train(session, "regression", **parameters), metric="mean_residual_deviance", seed=1
    )
    assert names_in(found)[0] == "a" and found.column("Relative Importance").numbers()[0] > 0


def test_metrics_of_the_users_own_have_no_sign(session):
    model = model_cases.train(session, "regression")
    mean = CustomMetric(lambda actual, predicted: -np.abs(actual - predicted).mean(), "minus")
    own, known = asked(model, mean, seed=4), asked(model, metric="MAE", seed=4)
    by_name = dict(zip(names_in(known), np.abs(known.column("Relative Importance").numbers()), strict=True))
    found = dict(zip(names_in(own), own.column("Relative Importance").numbers(), strict=True))
    assert found == pytest.approx(by_name, rel=1e-5)


def test_wrong_options_are_refused(session):
    model = model_cases.train(session, "regression")
    with pytest.raises(InvalidArgument, match="metric='AUC' must be one of AUTO, MSE, RMSE"):
        asked(model, metric="AUC")
    with pytest.raises(InvalidArgument, match="repeats"):
        asked(model, repeats=3)
    with pytest.raises(InvalidArgument, match="features='number'"):
        asked(model, features=["number"])
