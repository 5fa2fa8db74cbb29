"""A supervised model whose hidden layers start as those of an autoencoder."""

from __future__ import annotations

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError, NotFound

from .training_helpers import array, boston, iris, output, prostate

SMALL: dict[str, Any] = {
    "hidden": [6, 3],
    "seed": 1,
    "reproducible": True,
    "export_weights_and_biases": True,
    "activation": "Tanh",
}


def autoencoder(frame: h2o.H2OFrame, x: list[str], **parameters: Any) -> H2OAutoEncoderEstimator:
    model = H2OAutoEncoderEstimator(**SMALL | {"epochs": 5, "ignore_const_cols": False} | parameters)
    return model.train(x=x, training_frame=frame)


def supervised(
    frame: h2o.H2OFrame, y: str, x: list[str], start: Any, **parameters: Any
) -> H2ODeepLearningEstimator:
    options: dict[str, Any] = SMALL | {"epochs": 2, "ignore_const_cols": False} | parameters
    return H2ODeepLearningEstimator(pretrained_autoencoder=start, **options).train(
        x=x, y=y, training_frame=frame
    )


@pytest.fixture(scope="module")
def flowers() -> tuple[h2o.H2OFrame, list[str], H2OAutoEncoderEstimator]:
    frame = iris()
    return frame, frame.names[:4], autoencoder(frame, frame.names[:4])


@pytest.mark.parametrize("by_name", [False, True])
def test_hidden_layers_are_those_of_the_autoencoder(flowers: Any, by_name: bool) -> None:
    frame, x, start = flowers
    model = supervised(frame, "class", x, start.model_id if by_name else start, epochs=0)
    fresh = supervised(frame, "class", x, None, epochs=0)
    for layer in range(2):
        np.testing.assert_array_equal(array(model.weights(layer)), array(start.weights(layer)))
        np.testing.assert_array_equal(array(model.biases(layer)), array(start.biases(layer)))
    np.testing.assert_array_equal(
        array(model.weights(2)), array(fresh.weights(2))
    )  # of this seed, as without
    assert (array(model.biases(2)) == 0).all()
    assert model.actual_params["pretrained_autoencoder"] == start.model_id


def test_training_goes_on_from_there_and_leaves_the_autoencoder_alone(flowers: Any) -> None:
    frame, x, start = flowers
    before = array(start.weights(0))
    model = supervised(frame, "class", x, start, epochs=20)
    assert not np.array_equal(array(model.weights(0)), before)
    np.testing.assert_array_equal(array(start.weights(0)), before)
    assert model.logloss() < supervised(frame, "class", x, start, epochs=0).logloss() / 2
    other = supervised(frame, "class", x, None, epochs=20)
    assert not np.array_equal(array(model.weights(0)), array(other.weights(0)))


def test_factors_and_numbers() -> None:
    frame = prostate()
    x = ["AGE", "RACE", "DPROS", "PSA", "VOL"]
    start = autoencoder(frame, x)
    model = supervised(frame, "CAPSULE", x, start, epochs=0)
    np.testing.assert_array_equal(array(model.weights(0)), array(start.weights(0)))
    assert model.weights(0).names == start.weights(0).names


def test_another_activation_is_allowed(flowers: Any) -> None:
    frame, x, start = flowers
    model = supervised(frame, "class", x, start, epochs=0, activation="RectifierWithDropout")
    np.testing.assert_array_equal(array(model.weights(1)), array(start.weights(1)))


def test_every_fold_starts_there(flowers: Any) -> None:
    frame, x, start = flowers
    model = supervised(frame, "class", x, start, epochs=0, nfolds=2)
    for fold in model.cross_validation_models():
        np.testing.assert_array_equal(array(fold.weights(0)), array(start.weights(0)))


def test_through_a_file(flowers: Any, tmp_path: Any) -> None:
    frame, x, start = flowers
    want = array(start.weights(0))
    path = h2o.save_model(start, path=str(tmp_path), filename="autoencoder")
    loaded = h2o.load_model(path)
    assert isinstance(loaded, H2OAutoEncoderEstimator)
    np.testing.assert_array_equal(array(supervised(frame, "class", x, loaded, epochs=0).weights(0)), want)


def test_refused(flowers: Any) -> None:
    frame, x, start = flowers
    weights = [start.weights(0), start.weights(1), None]
    classifier = supervised(frame, "class", x, None, epochs=1)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"hidden": [6, 4]}, r"hidden=\[6, 4\] does not fit pretrained_autoencoder=.* \[6, 3\]"),
        ({"hidden": [6]}, r"hidden=\[6\] does not fit"),
        ({"hidden": [6, 3, 2]}, r"hidden=\[6, 3, 2\] does not fit"),
        ({"activation": "Maxout"}, r"activation='Maxout' does not fit pretrained_autoencoder"),
        ({"start": classifier}, r"pretrained_autoencoder=.* is no autoencoder"),
        ({"initial_weights": weights}, r"initial_weights and pretrained_autoencoder.* exclude each other"),
        (
            {"x": x[:3]},
            r"pretrained_autoencoder=.* has 4 input units, this model 3: 'petal_wid' is missing here",
        ),
        ({"use_all_factor_levels": False}, ""),  # changes nothing without factors
        ({"start": H2OAutoEncoderEstimator()}, "pretrained_autoencoder: the model is not trained"),
    ]
    for changes, message in cases:
        options: dict[str, Any] = {"start": start, "x": x, **changes}
        if not message:
            assert (
                output(supervised(frame, "class", options.pop("x"), options.pop("start"), **options))[
                    "epochs"
                ]
                == 2
            )
            continue
        with pytest.raises(H2OValueError, match=message):
            supervised(frame, "class", options.pop("x"), options.pop("start"), **options)
    with pytest.raises(NotFound, match="pretrained_autoencoder='nowhere': there is no model"):
        supervised(frame, "class", x, "nowhere")
    with pytest.raises(H2OValueError, match="this is an autoencoder itself"):
        autoencoder(frame, x, pretrained_autoencoder=start)


def test_other_columns_are_refused(flowers: Any) -> None:
    _, _, start = flowers
    with pytest.raises(
        H2OValueError, match=r"4 input units, this model 4: 'crim', 'zn', 'indus' and 1 more it does not"
    ):
        supervised(boston(), "medv", boston().names[:4], start)
