"""The estimators: signature, parameters, errors, and the call that they make."""

import inspect
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator, get_model
from h2o.exceptions import H2OTypeError, H2OValueError, NotFound

from .fake_session import FakeSession

REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "params.json").read_text(encoding="utf-8"))[
    "parameters"
]
OWN = {
    "calibrate_model": False,
    "calibration_frame": None,
    "calibration_method": "AUTO",
    "preset": "H2O",
    "numeric_encoding": "Standardized",
    "numeric_bins": 32,
    "ensemble_size": 1,
    "optimizer": "AUTO",
    "weight_decay": 0.0,
    "rate_schedule": "H2O",
    "label_smoothing": 0.0,
    "validation_fraction": 0.0,
    "epochs_candidates": None,
    "epochs_folds": 1,
    "l1_candidates": None,
    "numeric_bins_candidates": None,
    "fit_temperature": False,
    "clamp_predictions": False,
}
DEFAULTS = {each["name"]: each["default_value"] for each in REFERENCE} | OWN


def frame(rows: int = 8, key: str = "data") -> h2o.H2OFrame:
    n = np.arange(rows)
    values = {"a": n, "b": n / 3, "y": n * 2.0, "weight": n + 1, "two": np.where(n % 2, "yes", "no")}
    return h2o.H2OFrame({name: value.tolist() for name, value in values.items()}, destination_frame=key)


def train(fake: FakeSession, **arguments: Any) -> dict[str, Any]:
    """Train with a default estimator and return the call that reached the session."""
    H2ODeepLearningEstimator().train(**{"y": "y", "training_frame": frame(), **arguments})
    return fake.calls[-1]


# --- signature and documentation


@pytest.mark.parametrize("estimator", [H2ODeepLearningEstimator, H2OAutoEncoderEstimator])
def test_the_signature_has_every_parameter_with_its_default(estimator: type) -> None:
    parameters = inspect.signature(estimator).parameters
    assert list(parameters) == list(DEFAULTS)
    for name, parameter in parameters.items():
        shown = list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
        # Row order is the one default that differs: absent means shuffled, see the help.
        assert shown == (None if name == "shuffle_training_data" else DEFAULTS[name])


def test_the_documentation_has_every_parameter() -> None:
    text = H2ODeepLearningEstimator.__doc__ or ""
    for name in DEFAULTS:
        assert f"\n{name} : " in text
    for name in H2ODeepLearningEstimator.__dict__.keys() | {"train", "predict", "mse", "auc", "F1"}:
        assert name.startswith("_") or getattr(H2ODeepLearningEstimator, name).__doc__


# --- parameters


def test_parameters_are_attributes() -> None:
    model = H2ODeepLearningEstimator(hidden=[3], l1=0.5)
    assert (model.hidden, model.l1, model.epochs) == ([3], 0.5, 10.0)
    model.epochs = 2
    assert model.get_params()["epochs"] == 2
    assert model.set_params(rho=0.9, activation="tanh") is model
    assert (model.rho, model.activation) == (0.9, "tanh")


def test_get_params_makes_an_equal_estimator() -> None:
    model = H2ODeepLearningEstimator(hidden=[3], model_id="name", sparse=True)
    again = H2ODeepLearningEstimator(**model.get_params())
    assert again.get_params() == model.get_params()
    assert list(model.get_params()) == list(DEFAULTS)
    for name, value in model.get_params().items():
        assert again.get_params()[name] is value  # what scikit-learn's clone asks for


def test_estimators_do_not_share_their_lists() -> None:
    H2ODeepLearningEstimator().hidden.append(7)  # type: ignore[attr-defined]
    assert H2ODeepLearningEstimator().hidden == [200, 200]


@pytest.mark.parametrize("change", [lambda m, v: setattr(m, "l1", v), lambda m, v: m.set_params(l1=v)])
def test_a_refused_value_changes_nothing(change: Any) -> None:
    model = H2ODeepLearningEstimator(l1=0.25)
    with pytest.raises(H2OValueError, match=r"l1=-1 is not allowed: it must be a number >= 0"):
        change(model, -1)
    assert model.l1 == 0.25


def test_errors_at_construction() -> None:
    with pytest.raises(H2OTypeError, match=r"hiden is not a parameter.*hidden"):
        H2ODeepLearningEstimator(hiden=[3])  # type: ignore[call-arg]
    with pytest.raises(H2OTypeError, match="hidden='50' has the wrong type, str"):
        H2ODeepLearningEstimator(hidden="50")  # type: ignore[arg-type]
    with pytest.raises(H2OValueError, match=r"activation='relu'.*\"Rectifier\""):
        H2ODeepLearningEstimator(activation="relu")  # type: ignore[arg-type]
    with pytest.raises(H2OValueError, match="nfolds=-1 is not allowed"):
        H2ODeepLearningEstimator(nfolds=-1)


def test_a_misspelt_attribute_is_an_error() -> None:
    model = H2ODeepLearningEstimator()
    with pytest.raises(H2OTypeError, match=r"epoch is not a parameter.*epochs"):
        model.epoch = 3


def test_an_autoencoder_is_one_whatever_is_said() -> None:
    assert H2OAutoEncoderEstimator().autoencoder is True
    assert H2OAutoEncoderEstimator(autoencoder=False, hidden=[2]).get_params()["autoencoder"] is True
    assert isinstance(H2OAutoEncoderEstimator(), H2ODeepLearningEstimator)


# --- the call


def test_only_what_was_changed_is_sent(fake: FakeSession) -> None:
    data = frame()
    model = H2ODeepLearningEstimator(hidden=[4], epochs=10, seed=3, model_id="mine", training_frame=data)
    model.train(x=["a"], y="y")
    assert fake.calls == [
        {
            "algo": "deeplearning",
            "parameters": {"model_id": "mine", "hidden": [4], "seed": 3},
            "x": ["a"],
            "y": "y",
        }
    ]
    assert (model.model_id, model.key) == ("mine", "mine")


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (["b", "a"], ["b", "a"]),
        ([0, 1], ["a", "b"]),
        (range(2), ["a", "b"]),
        ([np.int64(0), -2], ["a", "weight"]),
        ("a", ["a"]),
        (0, ["a"]),
        (None, None),
    ],
)
def test_predictors_by_name_or_position(fake: FakeSession, x: Any, expected: Any) -> None:
    assert train(fake, x=x)["x"] == expected


def test_predictors_as_a_frame(fake: FakeSession) -> None:
    assert train(fake, x=frame(key="other")[["a", "b"]])["x"] == ["a", "b"]


def test_other_columns_by_position(fake: FakeSession) -> None:
    call = train(fake, x=[0], y=2, weights_column=3, offset_column="b")
    assert call["y"] == "y"
    assert call["parameters"] == {"weights_column": "weight", "offset_column": "b"}


def test_arguments_of_train_come_before_those_of_the_constructor(fake: FakeSession) -> None:
    model = H2ODeepLearningEstimator(max_runtime_secs=5, model_id="old")
    model.train(y="y", training_frame=frame(), max_runtime_secs=7, model_id="new", ignored_columns=["b"])
    assert fake.calls[-1]["parameters"] == {
        "max_runtime_secs": 7,
        "model_id": "new",
        "ignored_columns": ["b"],
    }
    assert model.max_runtime_secs == 5
    assert model.model_id == "new"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"x": ["nowhere"]}, NotFound, "x='nowhere'"),
        ({"y": "Y"}, NotFound, "y='Y'"),
        ({"y": 17}, H2OValueError, "y=17.*5 columns"),
        ({"x": [1.5]}, H2OTypeError, "x=1.5"),
        ({"x": 1.5}, H2OTypeError, "x=1.5 must be a list"),
        ({"x": ["a"], "ignored_columns": ["b"]}, H2OValueError, "exclude each other"),
        ({"y": None}, H2OValueError, "y, the column to predict, is missing"),
        ({"training_frame": None}, H2OValueError, "training_frame is missing"),
        ({"training_frame": 5}, H2OTypeError, "training_frame: int cannot become a frame"),
        ({"max_runtime_secs": -1}, H2OValueError, "max_runtime_secs=-1"),
        ({"fold_column": "nowhere"}, NotFound, "fold_column='nowhere'"),
        ({"fold_column": 17}, H2OValueError, "fold_column=17.*5 columns"),
    ],
)
def test_errors_of_train(fake: FakeSession, arguments: dict[str, Any], error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        train(fake, **arguments)


def test_warnings_reach_the_caller(fake: FakeSession) -> None:
    with pytest.warns(RuntimeWarning, match="rate=0.1 has no effect"):
        H2ODeepLearningEstimator(rate=0.1).train(x=["a"], y="y", training_frame=frame())


def test_start_and_join(fake: FakeSession) -> None:
    model = H2ODeepLearningEstimator()
    with pytest.raises(H2OValueError, match="no training was started"):
        model.join()
    model.start(["a"], "y", frame())
    assert model.type is None
    model.join()
    assert model.type == "regressor"


def test_a_failed_training_reaches_the_caller_and_keeps_the_model_before(fake: FakeSession) -> None:
    model = H2ODeepLearningEstimator(model_id="first")
    model.train(x=["a"], y="y", training_frame=frame())
    with pytest.raises(NotFound):
        model.train(x=["nowhere"], y="y", training_frame=frame())
    assert model.type == "regressor"


def test_verbose_prints_the_history(fake: FakeSession, capsys: pytest.CaptureFixture[str]) -> None:
    train(fake, x=["a"], verbose=True)
    assert "training_rmse" in capsys.readouterr().out


def test_a_model_can_be_fetched_by_name(fake: FakeSession) -> None:
    model = H2ODeepLearningEstimator(hidden=[4, 5], activation="Tanh", model_id="kept")
    model.train(x=["a"], y="y", training_frame=frame())
    fetched = get_model("kept")
    assert isinstance(fetched, H2ODeepLearningEstimator)
    assert (fetched.hidden, fetched.activation, fetched.model_id) == ([4, 5], "Tanh", "kept")
    assert fetched.mse() == model.mse()
    H2OAutoEncoderEstimator(model_id="coder").train(x=["a"], training_frame=frame())
    assert isinstance(get_model("coder"), H2OAutoEncoderEstimator)


def test_an_untrained_estimator_says_so(fake: FakeSession) -> None:
    model = H2ODeepLearningEstimator()
    assert "not trained yet" in repr(model)
    assert "not trained yet" in model._repr_html_()
    for use in (model.mse, model.summary, model.scoring_history, lambda: model.predict(None)):
        with pytest.raises(H2OValueError, match="not trained yet"):
            use()


def test_the_estimators_are_light_to_import() -> None:
    heavy = ["pandas", "pyarrow", "scipy", "tqdm", "matplotlib", "tomllib", "heavywater.engine._net32"]
    code = f"import sys, h2o.estimators; print([name for name in {heavy} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_no_warning_without_reason(fake: FakeSession) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(fake, x=["a", "b"])
