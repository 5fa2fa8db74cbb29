"""Modules of H2O's client that scripts import and that have no file of that name here.

Some have moved: what they hold is elsewhere in this package. Others belong to algorithms that heavywater does not have;
a script may import them (as H2O's tests do, all at once), and an error says what is missing where one is used.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

_KINDS = (
    "anomaly_detection", "autoencoder", "binomial", "clustering", "coxph", "dim_reduction", "multinomial", "ordinal",
    "word_embedding",
)  # fmt: skip
#: module of H2O's client: the module that holds its names here
MOVED = {
    "h2o.model.models": "h2o.model.kinds",
    "h2o.model.models.regression": "h2o.model.regression",
    **{f"h2o.model.{kind}": "h2o.model.kinds" for kind in _KINDS},
    **{f"h2o.model.models.{kind}": "h2o.model.kinds" for kind in _KINDS},
    "h2o.backend.cluster": "h2o.connection",
    "h2o.backend.server": "h2o.backend",
    "h2o.base": "h2o.frame",
    "h2o.h2o": "h2o",
}
#: module of H2O's client: what a script may import from it, and not use
ABSENT = {
    "h2o.assembly": ("H2OAssembly",),
    "h2o.automl": ("H2OAutoML", "get_automl", "get_leaderboard"),
    "h2o.estimators.adaboost": ("H2OAdaBoostEstimator",),
    "h2o.estimators.aggregator": ("H2OAggregatorEstimator",),
    "h2o.estimators.anovaglm": ("H2OANOVAGLMEstimator",),
    "h2o.estimators.coxph": ("H2OCoxProportionalHazardsEstimator",),
    "h2o.estimators.decision_tree": ("H2ODecisionTreeEstimator",),
    "h2o.estimators.extended_isolation_forest": ("H2OExtendedIsolationForestEstimator",),
    "h2o.estimators.gam": ("H2OGeneralizedAdditiveEstimator",),
    "h2o.estimators.gbm": ("H2OGradientBoostingEstimator",),
    "h2o.estimators.glm": ("H2OGeneralizedLinearEstimator",),
    "h2o.estimators.glrm": ("H2OGeneralizedLowRankEstimator",),
    "h2o.estimators.hglm": ("H2OHGLMEstimator",),
    "h2o.estimators.infogram": ("H2OInfogram",),
    "h2o.estimators.isolation_forest": ("H2OIsolationForestEstimator",),
    "h2o.estimators.isotonicregression": ("H2OIsotonicRegressionEstimator",),
    "h2o.estimators.kmeans": ("H2OKMeansEstimator",),
    "h2o.estimators.model_selection": ("H2OModelSelectionEstimator",),
    "h2o.estimators.naive_bayes": ("H2ONaiveBayesEstimator",),
    "h2o.estimators.pca": ("H2OPrincipalComponentAnalysisEstimator",),
    "h2o.estimators.psvm": ("H2OSupportVectorMachineEstimator",),
    "h2o.estimators.random_forest": ("H2ORandomForestEstimator",),
    "h2o.estimators.rulefit": ("H2ORuleFitEstimator",),
    "h2o.estimators.stackedensemble": ("H2OStackedEnsembleEstimator",),
    "h2o.estimators.svd": ("H2OSingularValueDecompositionEstimator",),
    "h2o.estimators.targetencoder": ("H2OTargetEncoderEstimator",),
    "h2o.estimators.uplift_random_forest": ("H2OUpliftRandomForestEstimator",),
    "h2o.estimators.word2vec": ("H2OWord2vecEstimator",),
    "h2o.estimators.xgboost": ("H2OXGBoostEstimator",),
    "h2o.transforms.decomposition": ("H2OPCA", "H2OSVD"),
    "h2o.tree": ("H2OTree",),
}  # fmt: skip


class _Absent:
    """What belongs to an algorithm that does not exist here."""

    def __new__(cls, *args: Any, **parameters: Any) -> Any:
        raise NotImplementedError(
            f"{cls.__name__}: heavywater has Deep Learning and frames, not the other algorithms of H2O."
        )


def absent(name: str) -> type:
    """Return the stand-in for a class or function of H2O that does not exist here; a call says so."""
    return type(name, (_Absent,), {"__doc__": "Not part of heavywater.", "__module__": "h2o"})


def _moved(name: str, target: str) -> types.ModuleType:
    module = types.ModuleType(name, f"See `{target}`.")

    def __getattr__(attribute: str) -> Any:
        return getattr(importlib.import_module(target), attribute)

    module.__getattr__ = __getattr__  # type: ignore[method-assign]
    return module


def _of_another_algorithm(name: str, names: tuple[str, ...]) -> types.ModuleType:
    module = types.ModuleType(name, "Not part of heavywater.")
    module.__dict__.update({each: absent(each) for each in names})
    return module


def register() -> None:
    """Make the modules known, so that they can be imported."""
    for name, target in MOVED.items():
        sys.modules[name] = _moved(name, target)
    for name, names in ABSENT.items():
        sys.modules[name] = _of_another_algorithm(name, names)
        if name.startswith("h2o.estimators."):
            sys.modules["h2o.estimators"].__dict__.update(
                {each: getattr(sys.modules[name], each) for each in names}
            )
    for name in (*MOVED, *ABSENT):
        parent, _, own = name.rpartition(".")
        if own != "h2o" and parent in sys.modules:
            setattr(sys.modules[parent], own, sys.modules[name])
