"""Models beside each other: a leaderboard, and which models an argument names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..backend.connection import session
from ..estimators.loading import get_model
from ..exceptions import H2OTypeError, H2OValueError
from ..frame.accepting import rows_for_all
from ..frame.h2oframe import H2OFrame, evaluated

__all__ = ["make_leaderboard"]


def make_leaderboard(
    object: Any,
    leaderboard_frame: Any = None,
    sort_metric: str = "AUTO",
    extra_columns: str | Sequence[str] = (),
    scoring_data: str = "AUTO",
) -> H2OFrame:
    """Make a table of models and how good they are, the best first.

    Parameters
    ----------
    object : model, grid, name of a model, or list of those
        Models of one kind, with a response.
    leaderboard_frame : H2OFrame or data frame, optional
        Rows to score all models on; by default what was scored in training is told.
    sort_metric : str
        A column of the table; AUTO: auc of two classes, mean_per_class_error of more, rmse of numbers.
    extra_columns : str or list of str
        ``training_time_ms``, ``predict_time_per_row_ms`` (needs the frame), ``algo``, or ``ALL``.
    scoring_data : str
        Without a frame: ``xval``, ``valid`` or ``train``; AUTO takes the first of them that every model has.

    Returns
    -------
    H2OFrame
        ``model_id``, the measures, the extra columns.

    Examples
    --------
    >>> iris = h2o.import_file("iris.csv")
    >>> models = [h2o.H2ODeepLearningEstimator(hidden=[n], epochs=1, seed=1) for n in (2, 8)]
    >>> board = make_leaderboard([each.train(y="class", training_frame=iris) for each in models], iris)
    >>> board.names
    ['model_id', 'mean_per_class_error', 'logloss', 'rmse', 'mse']
    """
    keys = model_keys("object", object)
    frame = leaderboard_frame
    if frame is not None and not isinstance(frame, H2OFrame):
        frame = rows_for_all([get_model(key)._trained for key in keys], "leaderboard_frame", frame)
    extra = [extra_columns] if isinstance(extra_columns, str) else list(extra_columns)
    arguments = (
        keys,
        "" if frame is None else frame,
        sort_metric,
        extra,
        scoring_data,
    )
    found: H2OFrame = evaluated("makeLeaderboard", *arguments)
    return found


def model_keys(argument: str, models: Any) -> list[str]:
    """The names of models, given as models, grids, their names, or a table with the column ``model_id``; each once."""
    found: list[str] = []
    if isinstance(models, H2OFrame):
        if "model_id" not in models.names:
            raise H2OValueError(
                f"{argument}: a frame with the column model_id is needed, this one has {models.names}"
            )
        found = [row[0] for row in models["model_id"].as_data_frame(use_pandas=False, header=False)]
    elif isinstance(models, str):
        found = _named(argument, models)
    elif hasattr(models, "model_ids"):
        found = list(models.model_ids)
    elif hasattr(models, "_model_key"):
        found = [models._model_key()]
    elif isinstance(models, list | tuple):
        found = [key for i, each in enumerate(models) for key in model_keys(f"{argument}[{i}]", each)]
    else:
        raise H2OTypeError(
            f"{argument} must be a model, a grid, a list of those, or a leaderboard; it is of type {type(models).__name__}"
        )
    if not found:
        raise H2OValueError(f"{argument} has no models")
    return list(dict.fromkeys(found))


def _named(argument: str, name: str) -> list[str]:
    here = session()
    if name in here.objects.keys("model"):
        return [name]
    if name in here.objects.keys("grid"):
        return list(here.grids.describe(name)["model_ids"])
    raise H2OValueError(
        f"{argument}={name!r} is the name of no model and of no grid; h2o.models() lists the models"
    )
