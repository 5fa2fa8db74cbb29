"""What is trained: each takes a `Cut`, the kind of the table, a number of threads and a seed, and gives predictions of the test rows.

Predictions are numbers for regression, and for classes probabilities (rows, classes), the classes in the order of their
texts. The function for training and the one for predicting are called apart, so that each has its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .tables import Cut

Predict = Callable[[], Any]
Fit = Callable[[Cut, str, int, int], Predict]


@dataclass(frozen=True)
class Method:
    """A name for the page, the environment that it needs ("" for the project's own), how it is trained.

    `imports` are the modules that are imported before the clock starts.
    """

    title: str
    environment: str
    fit: Fit
    imports: tuple[str, ...] = ()


def _scikit(model: Any, cut: Cut, kind: str) -> Predict:
    """Train an estimator that follows scikit-learn, and give what predicts."""
    model.fit(cut.train, cut.train_answer if kind == "regression" else cut.train_answer.cat.codes.to_numpy())
    return lambda: model.predict(cut.test) if kind == "regression" else model.predict_proba(cut.test)


def _hgb(cut: Cut, kind: str, threads: int, seed: int) -> Predict:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    made = HistGradientBoostingRegressor if kind == "regression" else HistGradientBoostingClassifier
    return _scikit(made(random_state=seed), cut, kind)


def _lightgbm(cut: Cut, kind: str, threads: int, seed: int) -> Predict:
    import lightgbm

    made = lightgbm.LGBMRegressor if kind == "regression" else lightgbm.LGBMClassifier
    return _scikit(made(random_state=seed, n_jobs=threads, verbose=-1), cut, kind)


def _xgboost(cut: Cut, kind: str, threads: int, seed: int) -> Predict:
    import xgboost

    made = xgboost.XGBRegressor if kind == "regression" else xgboost.XGBClassifier
    return _scikit(made(random_state=seed, n_jobs=threads, enable_categorical=True), cut, kind)


def _mlp(cut: Cut, kind: str, threads: int, seed: int) -> Predict:
    from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), make_column_selector(dtype_include="number")),
        (
            OneHotEncoder(handle_unknown="ignore", sparse_output=False),
            make_column_selector(dtype_include="category"),
        ),
    )
    if kind != "regression":
        return _scikit(make_pipeline(columns, MLPClassifier(random_state=seed)), cut, kind)
    net = make_pipeline(columns, MLPRegressor(random_state=seed))
    return _scikit(TransformedTargetRegressor(net, transformer=StandardScaler()), cut, kind)


def _pytabkit(name: str) -> Fit:
    def fit(cut: Cut, kind: str, threads: int, seed: int) -> Predict:
        from pytabkit.models.sklearn import sklearn_interfaces

        made = getattr(sklearn_interfaces, f"{name}_{'Regressor' if kind == 'regression' else 'Classifier'}")
        means = cut.train.mean(numeric_only=True)  # it takes no missing numbers
        whole = replace(cut, train=cut.train.fillna(means), test=cut.test.fillna(means))
        return _scikit(made(device="cpu", n_threads=threads, random_state=seed), whole, kind)

    return fit


def ours(parameters: dict[str, Any]) -> Fit:
    """`H2ODeepLearningEstimator` with these parameters."""

    def fit(cut: Cut, kind: str, threads: int, seed: int) -> Predict:
        import h2o
        from h2o.estimators import H2ODeepLearningEstimator

        h2o.init(nthreads=threads)
        h2o.no_progress()
        frame = h2o.H2OFrame(cut.train.assign(answer=cut.train_answer))
        model = H2ODeepLearningEstimator(seed=seed, **parameters)
        model.train(y="answer", training_frame=frame)

        def predict() -> Any:
            found = model.predict(h2o.H2OFrame(cut.test)).as_data_frame()
            if kind == "regression":
                return found["predict"].to_numpy()
            return found[list(cut.train_answer.cat.categories)].to_numpy()

        return predict

    return fit


_H2O, _TORCH = ("h2o.estimators",), ("pytabkit.models.sklearn.sklearn_interfaces", "torch")
OURS = {
    "default": Method("heavywater, H2O's defaults", "", ours({}), _H2O),
    "tabular": Method("heavywater, preset Tabular", "", ours({"preset": "Tabular"}), _H2O),
    "best": Method("heavywater, preset TabularBest", "", ours({"preset": "TabularBest"}), _H2O),
}
RIVALS = {
    "hgb": Method("HistGradientBoosting", "tables", _hgb, ("sklearn.ensemble",)),
    "lightgbm": Method("LightGBM", "tables", _lightgbm, ("lightgbm",)),
    "xgboost": Method("XGBoost", "tables", _xgboost, ("xgboost",)),
    "mlp": Method(
        "scikit-learn's MLP", "tables", _mlp, ("sklearn.compose", "sklearn.impute", "sklearn.neural_network")
    ),
    "realmlp": Method("RealMLP-TD", "tables", _pytabkit("RealMLP_TD"), _TORCH),
    "tabm": Method("TabM", "tables", _pytabkit("TabM_D"), _TORCH),
}
METHODS = OURS | RIVALS
