"""``h2o evaluate``."""

from __future__ import annotations

from typing import Any

from heavywater.errors import InvalidArgument

from ..data import frame_of, model_of
from ..options import DATA, GENERAL, MODEL, READING, SESSION, Command, choice, option
from ..output import Answer
from ..sessions import opened
from .train import numbers


def _run(options: Any) -> Answer:
    h2o = opened(options)
    model = model_of(h2o, options.model, options)
    frame = frame_of(h2o, options.data, options)
    response = model._model_json["response_column_name"]
    if response is not None and response not in frame.names:
        raise InvalidArgument(
            f"{options.data}: there is no column {response!r}, the response of the model; it has {', '.join(frame.names)}"
        )
    performance = model.model_performance(frame, auc_type=options.auc_type)
    if not performance.nobs():
        raise InvalidArgument(
            f"{options.data}: no row has a value of {response!r}, the response, that the model knows"
        )
    answer: dict[str, Any] = {"model": options.model, "rows": frame.nrow, "metrics": numbers(performance)}
    matrix = confusion_matrix(performance)
    return answer | ({} if matrix is None else {"confusion_matrix": matrix})


def confusion_matrix(metrics: Any) -> list[dict[str, Any]] | None:
    """Rows of the confusion matrix; of two classes, at the threshold with the best F1."""
    if not hasattr(metrics, "confusion_matrix"):
        return None
    found = metrics.confusion_matrix()
    table = getattr(found, "table", found)
    head, rows = table.col_header, table.cell_values
    if head[0] == "":  # of two classes: the rows have names
        return [dict(zip(["actual", *head[1:]], row, strict=True)) for row in rows]
    names = [*head[: len(rows) - 1], "Total"]
    return [
        {"actual": name, **dict(zip(head, row, strict=True))} for name, row in zip(names, rows, strict=True)
    ]


EVALUATE = Command(
    "evaluate",
    "metrics of a saved model on data",
    _run,
    (
        MODEL,
        DATA,
        option("--auc-type", "AUC of more than two classes; by default that of the model",
               choice("macro_ovr", "weighted_ovr", "macro_ovo", "weighted_ovo", "none"), "TYPE"),
        *READING, *SESSION, *GENERAL,
    ),
    "Tell how good the predictions of a model are, for data that has the response, too; of an autoencoder the error of "
    "reconstruction.",
    (
        ("Of a model, and of a MOJO", "h2o evaluate iris.model test.csv; h2o evaluate model.zip test.csv"),
        ("One number for a script", "h2o evaluate iris.model test.csv --json | jq .metrics.logloss"),
    ),
)  # fmt: skip
