"""Questions to trained models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from ..arrays import Array
from ..deeplearning.encoding.plain_rows import columns_of
from ..deeplearning.explaining.chosen_rows import spread_rows
from ..deeplearning.explaining.contribution_options import ContributionOptions
from ..deeplearning.explaining.contributions import contributions
from ..deeplearning.explaining.partial_dependence import DependenceOptions, PartialDependence
from ..deeplearning.explaining.permutation import PermutationOptions, permutation_importance
from ..deeplearning.explaining.unit_activity import unit_activity
from ..deeplearning.explaining.varimp import column_importances
from ..deeplearning.metrics.better import optimum_of, pareto_front
from ..deeplearning.model.evaluation import metrics_of_frames
from ..deeplearning.model.fold_ensemble import FoldEnsemble
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.model.model_inputs import inputs_of
from ..deeplearning.model.row_scoring import row_scorer
from ..errors import InvalidArgument, warn
from ..frame.frame import Frame
from .metrics import Metrics
from .model_listing import listed_models
from .model_protocol import Models
from .store import Store
from .values import Description

T = TypeVar("T")
BACKGROUND_ROWS = 100  # of the training frame, where no others are given


def warned(found: tuple[T, list[str]]) -> T:
    """The result alone, its remarks given as warnings to who asked."""
    value, remarks = found
    for remark in remarks:
        warn(remark, RuntimeWarning)
    return value


class ModelService(Models):
    """Asks the models of a store.

    Parameters
    ----------
    store : Store
    metrics : Metrics
        Those of the user's own.
    """

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store, self._metrics = store, metrics

    def _model(self, key: str) -> DeepLearningModel:
        return self._store.get(key, DeepLearningModel)

    def describe(self, key: str) -> Description:
        model = self._model(key)
        return {**model.description(), "column_importances": column_importances(model)}

    def listed(self) -> list[Description]:
        return listed_models(self._store.values(DeepLearningModel))

    def inputs(self, model_key: str, most_levels: int | None = None) -> list[Description]:
        return [*inputs_of(self._model(model_key), most_levels)]

    def fold_ensemble(self, model_key: str, key: str | None = None) -> str:
        model = self._model(model_key)
        names = model.cross_validation.get("cross_validation_models") or []
        kept = self._store.keys(DeepLearningModel)
        if not names or not all(name in kept for name in names):
            raise InvalidArgument(
                f"fold_ensemble: the models of the folds of {model_key!r} are not there. Train it with nfolds (or fold_column) and "
                "keep_cross_validation_models=True"
            )
        if key is not None:
            self._store.check_kind(key, DeepLearningModel)
        key = key or self._store.fresh_key(f"{model_key}_folds")
        return self._store.put(FoldEnsemble.of(key, model, [self._model(name) for name in names]), key)

    def reset_threshold(self, model_key: str, threshold: float) -> float:
        model = self._model(model_key)
        if model.parameters.category != "Binomial":
            raise InvalidArgument(
                f"reset_threshold: {model_key} is of the kind {model.parameters.category}; models of two classes have one"
            )
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
            raise InvalidArgument(
                f"reset_threshold: threshold={threshold!r} must be a number between 0 and 1"
            )
        before, model.label_threshold = model.threshold, float(threshold)
        return before

    def predict(self, model_key: str, frame_key: str, interval: float | None = None) -> str:
        frame = self._store.frame(frame_key)
        return self._store.put_frame(warned(self._model(model_key).predict(frame, interval)))

    def score_rows(
        self, model_key: str, rows: Sequence[Mapping[str, Any]], interval: float | None = None
    ) -> list[dict[str, Any]]:
        model = self._model(model_key)
        found = row_scorer(model).score(columns_of(rows), len(rows), interval)
        return warned((found.rows(), found.warnings))

    def metrics(
        self, model_key: str, frame_key: str, auc_type: str | None = None, custom_metric: Any = None
    ) -> Description:
        own = None if custom_metric is None else self._metrics.find(custom_metric, model_key)
        return warned(self._model(model_key).metrics(self._store.frame(frame_key), auc_type, own))

    def make_metrics(
        self,
        predicted_key: str,
        actual_key: str,
        *,
        domain: Sequence[str] | None = None,
        distribution: str | None = None,
        weights_key: str | None = None,
        auc_type: str = "NONE",
    ) -> Description:
        store = self._store
        return metrics_of_frames(
            store.frame(predicted_key),
            store.frame(actual_key),
            store.frame_or_none(weights_key),
            domain=domain,
            distribution=distribution,
            auc_type=auc_type,
        )

    def partial_dependence(
        self,
        model_key: str,
        frame_key: str,
        columns: Sequence[str],
        pairs: Sequence[Sequence[str]] = (),
        options: Mapping[str, Any] | None = None,
    ) -> list[Description]:
        model, frame = self._model(model_key), self._store.frame(frame_key)
        dependence = PartialDependence(model, frame, DependenceOptions(**(options or {})))
        return [dict(each) for each in dependence.tables(columns, pairs)]

    def contributions(
        self,
        model_key: str,
        frame_key: str,
        background_key: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        model, frame = self._model(model_key), self._store.frame(frame_key)
        background = self._background(model) if background_key is None else self._store.frame(background_key)
        asked = ContributionOptions.of(options or {})
        return self._store.put_frame(warned(contributions(model, frame, background, asked)))

    def _background(self, model: DeepLearningModel) -> Frame:
        """Rows of the training frame."""
        name = model.facts.get("training_frame")
        if name is None or name not in self._store.keys(Frame):
            raise InvalidArgument(
                f"background_frame is missing, and the training frame of {model.key!r} is not here, which would take its "
                "place. Give rows to compare with: some dozens that are typical"
            )
        return spread_rows(self._store.frame(name), BACKGROUND_ROWS)

    def permutation_importance(
        self,
        model_key: str,
        frame_key: str,
        options: Mapping[str, Any] | None = None,
        custom_metric: Any = None,
    ) -> str:
        model, frame = self._model(model_key), self._store.frame(frame_key)
        own = None if custom_metric is None else self._metrics.find(custom_metric, model_key)
        asked = PermutationOptions.of(options or {})
        return self._store.put_frame(warned(permutation_importance(model, frame, asked, own)))

    def pareto_front(
        self, frame_key: str, x_metric: str, y_metric: str, optimum: str = "AUTO"
    ) -> Description:
        frame = self._store.frame(frame_key)
        x, y = _measure(frame, "x_metric", x_metric), _measure(frame, "y_metric", y_metric)
        where = optimum_of(x_metric, y_metric, optimum)
        return {"optimum": where, "rows": pareto_front(x, y, where)}

    def weights(self, model_key: str, layer: int) -> str:
        return self._store.put_frame(self._model(model_key).weights_frame(layer))

    def biases(self, model_key: str, layer: int) -> str:
        return self._store.put_frame(self._model(model_key).biases_frame(layer))

    def deep_features(self, model_key: str, frame_key: str, layer: int | str) -> str:
        frame = self._store.frame(frame_key)
        return self._store.put_frame(warned(self._model(model_key).deep_features(frame, layer)))

    def unit_activity(self, model_key: str, frame_key: str, most_rows: int = 1000) -> Description:
        return warned(unit_activity(self._model(model_key), self._store.frame(frame_key), most_rows))

    def anomaly(self, model_key: str, frame_key: str, per_feature: bool = False) -> str:
        frame = self._store.frame(frame_key)
        return self._store.put_frame(warned(self._model(model_key).anomaly(frame, per_feature)))


def _measure(frame: Frame, argument: str, name: str) -> Array:
    """The numbers of a column."""
    if name not in frame.names:
        raise InvalidArgument(f"{argument}={name!r} must be a column of the frame: {', '.join(frame.names)}")
    column = frame.column(name)
    if not column.is_numeric:
        raise InvalidArgument(f"{argument}={name!r} is of type {column.kind}; numbers are needed")
    return column.numbers()
