"""Imported models in the front end."""

from __future__ import annotations

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OGenericEstimator
from h2o.exceptions import H2OTypeError, H2OValueError, ParseError
from h2o.model.metrics import H2OBinomialModelMetrics

from ..cases.scoring import NAMES, Case, values


@pytest.fixture(autouse=True)
def fresh():
    h2o.init(verbose=False)
    h2o.remove_all()
    yield
    h2o.remove_all()


def frame_of(case: Case) -> h2o.H2OFrame:
    return h2o.import_file(str(case.input_path), header=1, col_types=case.column_types())


@pytest.mark.parametrize(
    "load",
    [
        h2o.import_mojo,
        h2o.upload_mojo,
        H2OGenericEstimator.from_file,
        lambda path: H2OGenericEstimator(path=path).train(),
        lambda path: H2OGenericEstimator(model_key=path).train(),
        lambda path: H2OGenericEstimator(model_key=h2o.import_file(path, parse=False)).train(),
        lambda path: H2OGenericEstimator(model_key=h2o.import_mojo(path)).train(),
        lambda path: H2OGenericEstimator(model_key=h2o.import_mojo(path, model_id="mine").model_id).train(),
        lambda path: h2o.get_model(h2o.import_mojo(path).model_id),
    ],
)
@pytest.mark.filterwarnings("ignore:Column")
def test_every_way_to_load_one(load):
    case = Case("s07_binomial_airlines_maxoutdropout")
    model = load(str(case.path))
    assert isinstance(model, H2OGenericEstimator)
    header, rows = case.cells("predictions")
    found = model.predict(frame_of(case)).as_data_frame()
    assert found.columns.tolist() == header
    assert found["predict"].tolist() == [row[0] for row in rows]
    np.testing.assert_allclose(
        found[header[1:]].to_numpy(float), [[float(c) for c in row[1:]] for row in rows], atol=1e-12
    )


def test_names_of_models():
    path = str(Case("s02_multinomial_tanh").path)
    first, second, named = (
        h2o.import_mojo(path),
        h2o.import_mojo(path),
        h2o.import_mojo(path, model_id="my_model"),
    )
    assert named.model_id == named.key == "my_model"
    assert len({first.model_id, second.model_id, named.model_id}) == 3
    assert {"my_model", first.model_id} <= set(h2o.ls()["key"])
    h2o.remove(first)
    with pytest.raises(KeyError, match=first.model_id):
        h2o.get_model(first.model_id)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore:Column")
def test_what_an_imported_model_answers(name):
    case = Case(name)
    model, frame = h2o.import_mojo(str(case.path)), frame_of(case)
    category = case.summary["model_category"]
    kinds = {"Binomial": "classifier", "Multinomial": "classifier", "Regression": "regressor"}
    assert model.type == kinds.get(category, "unsupervised")
    assert model.predict(frame).nrow == model.deepfeatures(frame, 0).nrow == frame.nrow
    assert model.weights(0).shape == (model.biases(0).nrow, model.weights(0).ncol)
    assert model.catoffsets() == (case.summary["catoffsets"] or [0])
    assert len(model.summary().cell_values) == len(model.actual_params["hidden"]) + 2
    if category == "AutoEncoder":  # trained without
        with pytest.warns(UserWarning, match="no variable importances"):
            assert model.varimp() is None
    else:
        assert len(model.varimp()) == model.weights(0).ncol
    assert len(model.scoring_history()) > 1
    assert model.model_performance().mse() == model.mse() > 0
    assert model.model_performance(frame).nobs() > 0
    for part in ("Status of Neuron Layers", "Scoring History", f"ModelMetrics{category}", model.model_id):
        assert part in model.to_str("full")
    assert model.model_id in repr(model)
    assert "<table" in model._repr_html_()


def test_metrics_are_those_of_the_predictions():
    case = Case("s01_binomial_rectifier")
    model, frame = h2o.import_mojo(str(case.path)), frame_of(case)
    with pytest.warns(RuntimeWarning, match="never_seen"):
        performance = model.model_performance(frame)
    assert isinstance(performance, H2OBinomialModelMetrics)
    with pytest.warns(RuntimeWarning, match="never_seen"):
        predicted = model.predict(frame)
    again = h2o.make_metrics(predicted["p1"], frame["CAPSULE"])
    assert performance.auc() == pytest.approx(again.auc(), rel=1e-12)
    assert performance.logloss() == pytest.approx(again.logloss(), rel=1e-12)
    assert model.default_threshold() == case.summary["default_threshold"]


def test_anomaly_needs_an_autoencoder():
    case = Case("s13_autoencoder_numeric_deep")
    model, frame = h2o.import_mojo(str(case.path)), frame_of(case)
    found = model.anomaly(frame).as_data_frame()["Reconstruction.MSE"].to_numpy()
    np.testing.assert_allclose(found, case.numbers("anomaly")[:, 0], rtol=1e-9)
    assert model.model_performance(frame).mse() == pytest.approx(found.mean())
    other = h2o.import_mojo(str(Case("s02_multinomial_tanh").path))
    with pytest.raises(H2OValueError, match="autoencoder"):
        other.anomaly(frame)


def test_frames_that_do_not_fit_are_refused():
    case = Case("s04_poisson_offset")
    model, frame = h2o.import_mojo(str(case.path)), frame_of(case)
    with pytest.raises(H2OValueError, match="offset_column='log_days'"):
        model.predict(frame.drop("log_days"))
    with pytest.raises(H2OValueError, match="none of the 6 predictors"):
        model.predict(frame[["log_days", "claims"]])


def test_wrong_arguments(tmp_path):
    for wrong in (None, 3):
        with pytest.raises(H2OTypeError, match="path"):
            h2o.import_mojo(wrong)
    with pytest.raises(ParseError, match=r"absent\.zip: there is no such file"):
        h2o.upload_mojo(str(tmp_path / "absent.zip"))
    with pytest.raises(H2OValueError, match="one of model_key and path"):
        H2OGenericEstimator().train()
    with pytest.raises(H2OValueError, match="one of model_key and path"):
        H2OGenericEstimator(model_key="a", path="b").train()
    with pytest.raises(H2OTypeError, match="model_key=3"):
        H2OGenericEstimator(model_key=3).train()
    with pytest.raises(H2OValueError, match="not trained"):
        H2OGenericEstimator(path="a").summary()
    with pytest.raises(H2OValueError, match="cannot name an object"):
        h2o.import_mojo(str(Case("s02_multinomial_tanh").path), model_id="two words")


def test_several_models_do_not_disturb_each_other():
    models = [h2o.import_mojo(str(Case(name).path)) for name in NAMES[:3]]
    for name, model in zip(NAMES, models, strict=False):
        case = Case(name)
        expected = values(case.model().predict(case.input())[0])
        with pytest.warns(RuntimeWarning) if name != NAMES[1] else np.errstate():
            found = model.predict(frame_of(case))
        numbers = found.as_data_frame().iloc[:, -1].to_numpy(float)
        np.testing.assert_array_equal(numbers, expected[:, -1])
