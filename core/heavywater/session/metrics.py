"""Metrics of the user's own, by the names that parameters have for them."""

from __future__ import annotations

from typing import Any

from ..deeplearning.model.custom_metric import CustomMetric
from ..deeplearning.model.model import DeepLearningModel
from ..errors import InvalidArgument, NotFound
from .store import Store


def metric_key(reference: str | None) -> str:
    """Key in the store of a metric by what `Metrics.put` returned."""
    return (reference or "").removeprefix("python:").partition("=")[0]


class Metrics:
    """The metrics of a store.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, function: Any, key: str | None = None) -> str:
        """Store a metric; see `heavywater.session.model_protocol.Training.put_metric`."""
        name = getattr(function, "__name__", type(function).__name__)
        metric = CustomMetric(function, key or name)
        with self._store.lock:
            key = self._store.put(metric, key or self._store.fresh_key(f"metrics_{name}"))
        return f"python:{key}={getattr(function, '__module__', None) or 'metrics'}.{name}"

    def find(self, given: Any, model_key: str | None = None) -> CustomMetric:
        """The metric that a function or class makes, or that `put` stored under the name it returned.

        Raises
        ------
        NotFound
            There is none of this name.
        InvalidArgument
            The model for which it is meant is an autoencoder.
        """
        if model_key is not None and self._store.get(model_key, DeepLearningModel).spec.response is None:
            raise InvalidArgument(
                f"custom_metric_func={given!r}: a metric compares predictions with a response, and {model_key} is an "
                "autoencoder, which has none"
            )
        if not isinstance(given, str):
            return CustomMetric(given, getattr(given, "__name__", type(given).__name__))
        try:
            return self._store.get(metric_key(given), CustomMetric)
        except NotFound:
            raise NotFound(
                f"custom_metric_func={given!r}: no metric was uploaded under this name. Give the function itself, or "
                "what h2o.upload_custom_metric returned"
            ) from None

    def of_parameters(self, given: Any) -> tuple[str, CustomMetric] | None:
        """The metric that custom_metric_func stands for, and its name in the session."""
        if given is None:
            return None
        reference = given if isinstance(given, str) else self.put(given)
        return reference, self.find(reference)
