"""Models of piecewise-linear numbers say of columns what models of their units, each a column of its own, say of all units."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data import DataSpec
from heavywater.deeplearning.encoding.encoder import Encoder, Scaling
from heavywater.deeplearning.explaining.contribution_options import ContributionOptions
from heavywater.deeplearning.explaining.contributions import contributions
from heavywater.deeplearning.model.fold_ensemble import FoldEnsemble
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...cases.scoring import values
from ...sessions import finished

N = 900


def data() -> Frame:
    random = np.random.default_rng(5)
    a, b = random.normal(size=N), np.where(np.arange(N) % 9 == 0, np.nan, random.normal(size=N))
    c, d, f = random.integers(0, 3, N), np.arange(N) % 2, random.integers(-1, 3, N)
    y = np.sin(3 * a) + np.nan_to_num(b) ** 2 + c + (f == 1) + random.normal(size=N) / 5
    return Frame(
        ["a", "b", "c", "d", "f", "y"],
        [numeric(a), numeric(b), numeric(c), numeric(d), enum(f, ["p", "q", "r"]), numeric(y)],
    )


def trained(session: LocalSession, **parameters: Any) -> DeepLearningModel:
    given = {
        "hidden": [8, 5],
        "epochs": 3,
        "seed": 3,
        "numeric_encoding": "PiecewiseLinear",
        "numeric_bins": 4,
        **parameters,
    }
    started = session.training.train(
        "deeplearning", given, x=["a", "b", "c", "d", "f"], y="y", training_frame_key="data"
    )
    return session.store.get(finished(session, started), DeepLearningModel)


@pytest.fixture(scope="module")
def session() -> LocalSession:
    session = LocalSession(nthreads=1)
    session.store.put_frame(data(), "data")
    return session


def of_units(model: DeepLearningModel) -> DeepLearningModel:
    """The same network, whose inputs are numbers that go in as they are."""
    encoder = model.spec.encoder
    units = encoder.unit_names[encoder.category_units :]
    plain = Encoder(encoder.categories, units, encoder.levels, encoder.offsets, dict.fromkeys(units, Scaling()),
                    encoder.all_levels)  # fmt: skip
    kinds = {**dict.fromkeys(encoder.categories, "enum"), **dict.fromkeys(units, "real")}
    return replace(model, spec=DataSpec(plain, model.spec.response, kinds))


def units_of(model: DeepLearningModel, frame: Frame) -> Frame:
    """A frame with a column for each unit, by NumPy."""
    encoder = model.spec.encoder
    columns = {name: frame.column(name) for name in encoder.categories}
    names = iter(encoder.unit_names[encoder.category_units :])
    for name in encoder.numbers:
        x, edges = frame.column(name).numbers(), encoder.edges[name]
        x = np.where(np.isnan(x), encoder.scaling[name].fill, x)
        for low, high in zip(edges, edges[1:], strict=False):
            columns[next(names)] = numeric(np.clip((x - low) / (high - low), 0, 1))
    return Frame(list(columns), list(columns.values()))


@pytest.mark.parametrize("activation", ["Rectifier", "Maxout"])
@pytest.mark.parametrize("method", ["deep_shap", "integrated_gradients"])
def test_contributions_of_a_column_are_the_sums_of_those_of_its_units(session, activation, method):
    model = trained(session, activation=activation)
    plain = of_units(model)
    model.dtype = plain.dtype = np.float64
    rows, background = data().take(np.arange(12)), data().take(np.arange(30, 50))
    np.testing.assert_allclose(
        values(model.predict(rows)[0]), values(plain.predict(units_of(model, rows))[0]), rtol=1e-9
    )
    found, _ = contributions(model, rows, background, ContributionOptions(method=method))
    of_each, _ = contributions(
        plain, units_of(model, rows), units_of(model, background), ContributionOptions(method=method)
    )
    assert found.names == [*model.spec.encoder.unit_names[:4], "a", "b", "c", "d", "BiasTerm"]
    starts = model.spec.encoder.variable_starts
    each = values(of_each)
    sums = [each[:, lo:hi].sum(axis=1) for lo, hi in zip(starts[4:], starts[5:], strict=False)]
    wanted = [each[:, :4], np.column_stack(sums), each[:, -1:]]
    # what an integral lacks is shared out by the sizes of all
    tolerance = 1e-8 if method == "deep_shap" else 0.01
    np.testing.assert_allclose(values(found), np.hstack(wanted), rtol=1e-6, atol=tolerance)


def test_exact_values_of_columns_add_up_and_agree_where_columns_do_not_meet(session):
    """Without a hidden layer columns do not meet: then all methods give the same."""
    model = trained(session, hidden=[])
    model.dtype = np.float64
    rows, background = data().take(np.arange(12)), data().take(np.arange(30, 50))
    found = [
        values(contributions(model, rows, background, ContributionOptions(method=way, output_format="compact"))[0])
        for way in ("exact", "deep_shap", "integrated_gradients")
    ]  # fmt: skip
    np.testing.assert_allclose(found[1], found[0], atol=1e-8)
    np.testing.assert_allclose(found[2], found[0], atol=1e-8)
    np.testing.assert_allclose(found[0].sum(axis=1), values(model.predict(rows)[0])[:, 0], rtol=1e-9)
    deep = trained(session)
    exact, _ = contributions(
        deep, rows, background, ContributionOptions(method="exact", output_format="compact")
    )
    np.testing.assert_allclose(values(exact).sum(axis=1), values(deep.predict(rows)[0])[:, 0], rtol=1e-5)


def test_models_of_folds_each_with_edges_of_its_own_and_of_members(session):
    whole = trained(session, nfolds=2, model_id="folds")
    folds = session.store.get(session.models.fold_ensemble("folds"), FoldEnsemble)
    assert folds.members[0].spec.encoder.inputs > 4
    assert (
        folds.members[0].spec.encoder.edges["a"].tolist() != folds.members[1].spec.encoder.edges["a"].tolist()
    )
    several = trained(session, ensemble_size=3, mini_batch_size=16)
    rows, background = data().take(np.arange(10)), data().take(np.arange(30, 41))
    for model in (whole, folds, several):
        for options in (
            ContributionOptions(),
            ContributionOptions(output_format="compact", method="integrated_gradients"),
        ):
            found, _ = contributions(model, rows, background, options)
            wanted = model.predict(rows)[0].column("predict").numbers()
            np.testing.assert_allclose(values(found).sum(axis=1), wanted, rtol=1e-6)
            assert {"a", "b", "c", "d"} < set(found.names)
