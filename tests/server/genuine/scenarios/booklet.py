"""The Python examples of the booklet *Deep Learning with H2O*, in order, on few digits and for few epochs.

The code is the booklet's; in brackets behind it is what it gives. What the client of this version refuses (a Java model) is left out.
"""

from __future__ import annotations

from typing import Any

from ..library import Autoencoder, DeepLearning, GridSearch, h2o
from .world import DATA, World, printed

_TRIAL: dict[str, Any] = {
    "distribution": "multinomial",
    "activation": "RectifierWithDropout",
    "hidden": [32, 32, 32],
    "input_dropout_ratio": 0.2,
    "sparse": True,
    "l1": 1e-5,
}
_SEARCH: dict[str, Any] = {
    "distribution": "multinomial",
    "epochs": 2,  # the booklet: 1000, which early stopping ends
    "score_interval": 2,
    "stopping_rounds": 3,
    "stopping_tolerance": 0.05,
    "stopping_metric": "misclassification",
}


class _Digits:
    """What one example leaves to the next."""

    train: Any = None
    test: Any = None
    x: list[str]
    y = "C785"
    model: Any = None
    model_cv: Any = None
    grid: Any = None


def _frames() -> tuple[Any, Any]:
    if _Digits.train is None:
        _Digits.train = h2o.import_file(str(DATA / "mnist" / "train.csv.gz"))
        _Digits.test = h2o.import_file(str(DATA / "mnist" / "test.csv.gz"))
        _Digits.x = _Digits.train.names[0:784]
        _Digits.train[_Digits.y] = _Digits.train[_Digits.y].asfactor()
        _Digits.test[_Digits.y] = _Digits.test[_Digits.y].asfactor()
    return _Digits.train, _Digits.test


def _trained(epochs: float = 2, **more: Any) -> Any:
    train, test = _frames()
    model = DeepLearning(**{**_TRIAL, "epochs": epochs, **more})
    model.train(x=_Digits.x, y=_Digits.y, training_frame=train, validation_frame=test)
    return model


def a_quantile_regression(world: World) -> Any:
    train = h2o.import_file(str(DATA / "iris_wheader.csv"))
    splits = train.split_frame(ratios=[0.75], seed=1234)
    dl = DeepLearning(distribution="quantile", quantile_alpha=0.8)
    dl.train(x=list(range(2)), y="petal_len", training_frame=splits[0])
    return [dl.predict(splits[1]).names, "predict" in printed(lambda: print(dl.predict(splits[1])))]


def b_summary_of_the_data(world: World) -> Any:
    train, test = _frames()
    texts = [printed(train.describe), printed(test.describe)]
    return [train.shape, test.shape, ["C784" in text or "C1" in text for text in texts]]


def c_trial_run(world: World) -> Any:
    _Digits.model = _trained()
    return _Digits.model._model_json["output"]["model_category"]


def d_cross_validation(world: World) -> Any:
    train, _ = _frames()
    _Digits.model_cv = DeepLearning(**_TRIAL, epochs=1, nfolds=5)
    _Digits.model_cv.train(x=_Digits.x, y=_Digits.y, training_frame=train)
    return len(_Digits.model_cv.cross_validation_models())


def e_results(world: World) -> Any:
    model, model_cv = _Digits.model, _Digits.model_cv
    text = printed(lambda: print(model))
    return [
        sorted(model.params)[:5],
        "Scoring History" in text,
        type(model.model_performance(train=True)).__name__,
        type(model.model_performance(valid=True)).__name__,
        isinstance(model.mse(valid=True), float),
        isinstance(model_cv.mse(xval=True), float),
    ]


def f_predictions(world: World) -> Any:
    pred = _Digits.model.predict(_Digits.test)
    return [pred.names, pred.head().shape]


def g_variable_importances(world: World) -> Any:
    model_vi = _trained(epochs=1, variable_importances=True)
    return [len(model_vi.varimp()[0]), model_vi.varimp()[0][2], model_vi.varimp_plot(server=True) is not None]


def h_grid_search(world: World) -> Any:
    train, test = _frames()
    hyper_parameters = {"hidden": [[32, 32], [32, 16, 8], [100]], "l1": [1e-4, 1e-3]}
    _Digits.grid = GridSearch(DeepLearning, hyper_params=hyper_parameters)
    _Digits.grid.train(x=_Digits.x, y=_Digits.y, training_frame=train, validation_frame=test, **_SEARCH)
    texts = [model.model_id + " mse: " + str(model.mse()) for model in _Digits.grid]
    return [len(texts), "hidden" in printed(lambda: print(_Digits.grid))]


def i_random_grid_search(world: World) -> Any:
    train, test = _frames()
    hidden_opt = [[17, 32], [8, 19], [32, 16, 8], [100], [10, 10, 10, 10]]
    hyper_parameters = {"hidden": hidden_opt, "l1": [s / 1e6 for s in range(1, 1001)]}
    search_criteria = {
        "strategy": "RandomDiscrete",
        "max_models": 10,
        "max_runtime_secs": 100,
        "seed": 123456,
    }
    grid = GridSearch(DeepLearning, hyper_params=hyper_parameters, search_criteria=search_criteria)
    grid.train(x=_Digits.x, y=_Digits.y, training_frame=train, validation_frame=test, **_SEARCH)
    return len(grid.model_ids)


def j_checkpoint(world: World) -> Any:
    model_chkp = _trained(epochs=4, checkpoint=_Digits.model)
    return model_chkp.actual_params["checkpoint"]["name"] == _Digits.model.model_id


def k_saving_and_loading(world: World) -> Any:
    model_path = h2o.save_model(model=_Digits.model, path=str(world.folder), force=True)
    saved_model = h2o.load_model(model_path)
    found = h2o.get_model(model_id=_Digits.model._id)
    return [saved_model.model_id == _Digits.model.model_id, found.model_id == _Digits.model.model_id]


def l_world_record(world: World) -> Any:
    # the booklet: hidden=[1024, 1024, 2048], and max_w2=10, a whole number, which the client refuses
    model = _trained(
        epochs=0.1, distribution="AUTO", sparse=False, hidden=[64, 64, 128],
        max_w2=10.0, train_samples_per_iteration=-1, classification_stop=-1, stopping_rounds=0,
    )  # fmt: skip
    return model.actual_params["hidden"]


def m_anomalies(world: World) -> Any:
    train_ecg = h2o.import_file(str(DATA / "ecg_discord_train.csv"))
    test_ecg = h2o.import_file(str(DATA / "ecg_discord_test.csv"))
    anomaly_model = Autoencoder(
        activation="Tanh", hidden=[50, 50, 50], sparse=True, l1=1e-4, epochs=100, seed=1
    )
    anomaly_model.train(x=train_ecg.names, training_frame=train_ecg)
    recon_error = anomaly_model.anomaly(test_ecg)
    largest = recon_error.as_data_frame()["Reconstruction.MSE"].nlargest(3)
    test_recon = anomaly_model.predict(test_ecg)
    return [recon_error.names, sorted(int(row) for row in largest.index), test_recon.shape]
