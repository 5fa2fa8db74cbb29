"""The form of a model whose training is to go on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ....deeplearning.parameters.relevance import subject_of
from ....deeplearning.parameters.table import table
from ....errors import HeavywaterError
from ...node.guarded_session import GuardedSession
from .asked_form import asked_form
from .filled_form import LEFT_OUT, USED, FilledForm
from .form_texts import text_of, text_of_list

# what a restart does not take, or takes from the model
_OF_THE_FIRST_RUN = (
    "model_id", "checkpoint", "nfolds", "fold_column", "fold_assignment", "keep_cross_validation_models",
    "keep_cross_validation_predictions", "keep_cross_validation_fold_assignment", "initial_weights", "initial_biases",
    "initial_weight_distribution", "initial_weight_scale", "pretrained_autoencoder", "epochs", "ignored_columns",
)  # fmt: skip


def continued(session: GuardedSession, form: FilledForm) -> FilledForm:
    """A form that names a checkpoint and little else, with all that its training had, and more epochs.

    Parameters
    ----------
    session : GuardedSession
    form : FilledForm
        What it says itself stays as it is.
    """
    key = form.text("checkpoint")
    if key not in session.objects.keys("model"):
        return form
    described = session.models.describe(key)
    given = described["parameters"]
    texts = {name: text for name, text in _texts(given).items() if name not in _OF_THE_FIRST_RUN}
    texts["epochs"] = text_of(math.ceil(described["epochs"] or 0) + max(given["epochs"]["input"], 1.0))
    ignored = given["ignored_columns"]["input"]
    if ignored:
        texts |= {"columns": text_of_list(ignored), "columns_are": LEFT_OUT}
    found = form.with_texts(**{**texts, **form.texts})
    return found if form.text("columns") else _with_predictors(session, found, described)


def _texts(given: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Texts of all parameters that differ from their defaults; functions of a metric have none."""
    return {
        name: text_of(given[name]["input"])
        for name, entry in table().items()
        if not entry.is_default(given[name]["input"]) and not callable(given[name]["input"])
    }


def _with_predictors(session: GuardedSession, form: FilledForm, described: Mapping[str, Any]) -> FilledForm:
    """The same; with the names of the predictors, if the frame has other columns that would be taken for some."""
    request = asked_form(form).model
    if request.training_frame not in session.objects.keys("frame"):
        return form
    try:
        error = session.training.check(**request.request)["error"]
    except HeavywaterError:  # said where the form is judged
        return form
    if error is None or subject_of(error) != "ignored_columns":
        return form
    names = described["original_names"] or described["names"]
    return form.with_texts(columns=text_of_list(names), columns_are=USED)
