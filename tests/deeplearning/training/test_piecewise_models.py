"""Models whose numbers are encoded piecewise linearly: trained, scored, saved, trained further, cross-validated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data import DataSpec
from heavywater.deeplearning.encoding.data_statistics import DataStatistics
from heavywater.deeplearning.encoding.encoder import Encoder
from heavywater.deeplearning.explaining.varimp import gedeon
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.model_inputs import inputs_of
from heavywater.errors import InvalidArgument, ParseError
from heavywater.export.model_file import model_bytes, model_of_bytes
from heavywater.frame.columns.makers import enum, integers, numeric, reals
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...sessions import finished

N, X = 700, ["a", "b", "c", "f"]
ASKED = {
    "hidden": [7, 6],
    "epochs": 4,
    "seed": 3,
    "reproducible": True,
    "numeric_encoding": "PiecewiseLinear",
}


def data(n: int = N, seed: int = 5) -> Frame:
    random = np.random.default_rng(seed)
    a, b = random.normal(size=n), np.where(np.arange(n) % 9 == 0, np.nan, random.normal(size=n))
    c, f = random.integers(0, 3, n), random.integers(-1, 3, n)
    y = np.sin(4 * a) + np.nan_to_num(b) ** 2 + c + (f == 1) + random.normal(size=n) / 5
    return Frame(
        [*X, "y", "two", "w"],
        [numeric(a), numeric(b), numeric(c), enum(f, ["p", "q", "r"]), numeric(y), enum((y > 1.5) * 1, ["no", "yes"]),
         numeric(random.integers(0, 3, n) / 2)],
    )  # fmt: skip


@pytest.fixture(scope="module")
def session() -> LocalSession:
    session = LocalSession(nthreads=2)
    session.store.put_frame(data(), "data")
    return session


def trained(session: LocalSession, y: str = "y", key: str = "data", **parameters: Any) -> DeepLearningModel:
    started = session.training.train(
        "deeplearning", {**ASKED, **parameters}, x=X, y=y, training_frame_key=key
    )
    return session.store.get(finished(session, started), DeepLearningModel)


def by_numpy(model: DeepLearningModel, frame: Frame) -> np.ndarray:
    """What the network gives, by the definition of the units."""
    encoder, parts = model.spec.encoder, []
    for k, name in enumerate(encoder.categories):
        width = encoder.offsets[k + 1] - encoder.offsets[k]
        parts.append(np.eye(width)[frame.column(name).values])  # -1, a missing cell, is the last one
    for name in encoder.numbers:
        x, edges = frame.column(name).numbers(), encoder.edges[name]
        x = np.where(np.isnan(x), encoder.scaling[name].fill, x)[:, None]
        with np.errstate(over="ignore"):
            parts.append(np.clip((x - edges[:-1]) / np.diff(edges), 0, 1))
    h = np.hstack(parts)
    for w, b, kind, keep in zip(
        *(getattr(model.network, each) for each in ("weights", "biases", "kinds", "keep")), strict=True
    ):
        z = np.einsum("rn,kun->rku", h, w.astype(float)) + b
        h = {"Maxout": z.max(axis=1), "Rectifier": np.maximum(z[:, 0], 0)}.get(kind, z[:, 0]) * keep
    return h


@pytest.mark.parametrize("parameters", [
    {}, {"activation": "Maxout"}, {"mini_batch_size": 16}, {"activation": "MaxoutWithDropout", "mini_batch_size": 16},
    {"activation": "RectifierWithDropout", "input_dropout_ratio": 0.2}, {"hidden": []}, {"weights_column": "w"},
    {"use_all_factor_levels": True, "numeric_bins": 3, "missing_values_handling": "Skip"},
])  # fmt: skip
def test_predictions_are_those_of_the_definition(session, parameters):
    model = trained(session, **parameters)
    assert model.spec.encoder.edges and model.topology.inputs == model.spec.encoder.inputs
    rows = data(60, 8)
    far = np.where(
        np.arange(60) % 7 == 0, np.inf, np.where(np.arange(60) % 7 == 1, -1e308, rows.column("a").numbers())
    )
    frame = Frame(X, [reals(far), rows.column("b"), integers(np.arange(60) % 3 - 1), rows.column("f")])
    response = model.spec.response
    assert response is not None
    wanted = by_numpy(model, frame)[:, 0] / response.mul + response.sub
    for dtype, exact in ((np.float32, 1e-4), (np.float64, 1e-11)):
        model.dtype = dtype
        found, warnings = model.predict(frame)
        assert not warnings
        np.testing.assert_allclose(found.column(0).numbers(), wanted, rtol=exact, atol=exact)


def test_steps_and_waves_are_learned_better_than_by_one_unit_for_each_number(session):
    errors = [
        trained(session, epochs=20, hidden=[16], numeric_encoding=encoding).training_metrics["RMSE"]
        for encoding in ("PiecewiseLinear", "Standardized")
    ]
    assert errors[0] < 0.7 * errors[1]


def test_the_types_of_columns_change_no_bit(session):
    random = np.random.default_rng(1)
    ranges = {"a": (0, 200), "b": (-90, 90), "c": (0, 2)}
    columns = {name: integers(random.integers(low, high, N)) for name, (low, high) in ranges.items()}
    others = {"f": data().column("f"), "y": data().column("y")}
    session.store.put_frame(Frame([*columns, *others], [*columns.values(), *others.values()]), "narrow")
    wide = [reals(each.numbers()) for each in columns.values()]
    session.store.put_frame(Frame([*columns, *others], [*wide, *others.values()]), "wide")
    manners: list[dict[str, Any]] = [{}, {"mini_batch_size": 8}]
    for more in manners:
        one, other = (trained(session, key=key, **more) for key in ("narrow", "wide"))
        for w, v in zip(one.network.weights, other.network.weights, strict=True):
            assert w.tobytes() == v.tobytes()


def test_a_missing_column_is_the_mean(session):
    model, rows = trained(session), data(30, 2)
    found, warnings = model.predict(rows.select([0, 2, 3]))
    assert "'b'" in warnings[0]
    mean = numeric(np.full(30, model.spec.encoder.scaling["b"].fill))
    expected, _ = model.predict(Frame(X, [rows.column("a"), mean, rows.column("c"), rows.column("f")]))
    np.testing.assert_array_equal(found.column(0).numbers(), expected.column(0).numbers())


def test_files_and_checkpoints_carry_the_edges(session):
    model = trained(session, "two", model_id="first")
    again = model_of_bytes(model_bytes(model))
    rows = data(50, 4)
    assert again.spec.encoder.unit_names == model.spec.encoder.unit_names
    for one, other in zip(model.predict(rows)[0].columns, again.predict(rows)[0].columns, strict=True):
        np.testing.assert_array_equal(one.numbers(), other.numbers())
    shifted = data(300, 9)
    columns = [
        reals(each.numbers() + 2) if name in "ab" else each
        for name, each in zip(shifted.names, shifted.columns, strict=True)
    ]
    session.store.put_frame(Frame(shifted.names, columns), "shifted")
    on = trained(session, "two", "shifted", checkpoint="first", epochs=9)
    for name, edges in model.spec.encoder.edges.items():
        np.testing.assert_array_equal(on.spec.encoder.edges[name], edges)
    assert on.network.weights[0].tobytes() != model.network.weights[0].tobytes()
    with pytest.raises(InvalidArgument, match="numeric_bins=5"):
        trained(session, "two", checkpoint="first", epochs=9, numeric_bins=5)
    with pytest.raises(InvalidArgument, match="numeric_encoding='Standardized'"):
        trained(session, "two", checkpoint="first", epochs=9, numeric_encoding="Standardized")


def test_going_on_gives_what_one_run_gives(session):
    trained(session, model_id="half", epochs=3, train_samples_per_iteration=0)
    given: dict[str, Any] = {
        "epochs": 6,
        "train_samples_per_iteration": 0,
        "overwrite_with_best_model": False,
    }
    whole, on = trained(session, **given), trained(session, checkpoint="half", **given)
    assert on.network.weights[0].tobytes() == whole.network.weights[0].tobytes()


def test_each_fold_has_edges_of_its_own_training_rows(session):
    model = trained(session, nfolds=3, fold_assignment="Modulo", keep_cross_validation_models=True)
    frame, seen = data(), set()
    for k, entry in enumerate(model.cross_validation["cross_validation_models"]):
        fold = session.store.get(entry["name"] if isinstance(entry, dict) else entry, DeepLearningModel)
        rows = frame.take(np.flatnonzero(np.arange(N) % 3 != k))
        wanted = DataSpec.of(DataStatistics.of(rows, fold.parameters), fold.parameters).encoder.edges
        assert {name: each.tobytes() for name, each in wanted.items()} == {
            name: each.tobytes() for name, each in fold.spec.encoder.edges.items()
        }
        seen.add(fold.spec.encoder.edges["a"].tobytes())
    assert len(seen) == 3


def test_what_is_said_of_the_model(session):
    model = trained(session, "two", balance_classes=True)
    description = model.description()
    assert description["normmul"] is None and description["normsub"] is None
    inputs = {each["name"]: each for each in inputs_of(model)}
    assert inputs["b"]["mean"] == pytest.approx(np.nanmean(data().column("b").numbers()))
    assert 0 < inputs["a"]["importance"] <= 1 and max(each["importance"] for each in inputs.values()) == 1
    assert inputs["a"]["low"] == data().column("a").numbers().min()
    assert model.varimp is not None
    shares = {row[0]: row[3] for row in model.varimp["rows"]}
    assert list(shares) == sorted(shares, key=lambda name: -shares[name])
    encoder = model.spec.encoder
    each = gedeon(model.network.weights[0][0], model.network.weights[1][0])
    lo, hi = encoder.category_units + encoder.number_spans[:2]
    assert encoder.numbers[0] == "a" and shares["a"] == pytest.approx(each[lo:hi].sum() / each.sum())
    assert set(shares) == {"f.p", "f.q", "f.r", "f.missing(NA)", "a", "b", "c"}
    weights = model.weights_frame(0)
    assert len(weights.names) == model.spec.encoder.inputs == len(set(weights.names))
    remarks = trained(session, standardize=False).warnings
    assert any(each.startswith("standardize=False has no effect on the predictors") for each in remarks)


def test_an_autoencoder_is_no_start(session):
    started = session.training.train(
        "deeplearning", {"autoencoder": True, "hidden": [7, 6], "activation": "Rectifier", "epochs": 0.1, "model_id": "coder"},
        x=X, y=None, training_frame_key="data",
    )  # fmt: skip
    finished(session, started)
    with pytest.raises(InvalidArgument, match="not possible with pretrained_autoencoder"):
        trained(session, pretrained_autoencoder="coder")


@pytest.mark.parametrize("change", [
    lambda e: e.edges.pop("a"),
    lambda e: e.edges.update(more=np.array([0.0, 1])),
    lambda e: e.edges.update(a=e.edges["a"][::-1].copy()),
    lambda e: e.edges.update(a=np.where(np.arange(len(e.edges["a"])) == 2, np.nan, e.edges["a"])),
    lambda e: e.edges.update(a=e.edges["a"].astype(np.float32)),
    lambda e: e.edges.update(a=e.edges["a"][:1]),
    lambda e: e.edges.update(a=e.edges["a"][None]),
    lambda e: e.edges.update(a=np.zeros(0)),
    lambda e: e.edges.clear(),
    lambda e: e.unit_names.pop(),
])  # fmt: skip
def test_files_with_edges_that_do_not_fit_are_refused(session, change):
    model = model_of_bytes(model_bytes(trained(session)))
    encoder: Encoder = model.spec.encoder
    change(encoder)
    with pytest.raises(ParseError, match="damaged"):
        model_of_bytes(model_bytes(model))
