"""The models of the segments of a frame."""

from __future__ import annotations

from ..backend.connection import session
from ..frame.h2oframe import H2OFrame

__all__ = ["H2OSegmentModels"]


class H2OSegmentModels:
    """What `H2OEstimator.train_segments` has trained.

    Parameters
    ----------
    segment_models_id : str
        Name of the result in the session.

    Examples
    --------
    >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
    >>> segments = net.train_segments(x=["sepal_len"], y="petal_len", training_frame=iris, segments=["class"])
    >>> segments.as_frame().nrow
    3
    """

    def __init__(self, segment_models_id: str) -> None:
        self.segment_models_id = segment_models_id

    def as_frame(self) -> H2OFrame:
        """A row for each segment.

        Returns
        -------
        H2OFrame
            The columns of the segments; ``model``, the name of the model (see `h2o.get_model`); ``status``: SUCCEEDED, FAILED,
            CANCELLED or PENDING; ``errors`` and ``warnings``.

        Examples
        --------
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        >>> segments = net.train_segments(x=["sepal_len"], y="petal_len", training_frame=iris, segments=["class"])
        >>> segments.as_frame()["status"].as_data_frame()["status"].tolist()
        ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']
        """
        return H2OFrame._wrap(session().training.segment_models(self.segment_models_id), own=True)

    def __repr__(self) -> str:
        return f"H2OSegmentModels({self.segment_models_id!r})"
