"""``h2o train``."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from heavywater.errors import InvalidArgument, NotSaved, UnstableModel
from heavywater.files import absolute

from ..data import check_free, frame_of, model_of
from ..options import DATA, FORCE, GENERAL, READING, SESSION, Command, flag, option
from ..output import Answer
from ..sessions import forget, opened
from ..values import PARAMETERS, parameters

_METRICS = ("training_metrics", "validation_metrics", "cross_validation_metrics")

ROLES = (
    option("--response", "what to predict; none for an autoencoder", metavar="COLUMN"),
    option("--predictors", "by default all other columns", metavar="COLUMN", many=True),
    option("--validation", "data to score during training", metavar="DATA"),
)

KEEP = flag("--keep", "with --url: leave the model on the node as well, under its name (--set model_id=NAME)")


def _run(options: Any) -> Answer:
    check_free("--model", options.model, options)
    check_keep(options)
    given = parameters(options)
    check_predictors(options, given)
    h2o = opened(options)
    _check_name(h2o, given.get("model_id"), options)
    for name in ("checkpoint", "pretrained_autoencoder"):
        if getattr(options, name) is not None:
            given[name] = model_of(h2o, getattr(options, name), options)
    model = h2o.H2ODeepLearningEstimator(**given)
    frame = frame_of(h2o, options.data, options)
    validation = None if options.validation is None else frame_of(h2o, options.validation, options)
    model.start(x=options.predictors, y=options.response, training_frame=frame, validation_frame=validation)
    key, unsaved = model._job.destination, ""
    if not options.keep:
        forget(h2o, key, options)
    try:
        model.join()
    except NotSaved as error:
        unsaved = str(error)
    except UnstableModel as error:  # the last good weights would end with this process
        raise UnstableModel(f"{str(error).rstrip('.')}; it is saved as {saved(h2o, key, options)}") from None
    path = saved(h2o, key, options)
    if unsaved:
        raise NotSaved(f"{str(unsaved).rstrip('.')}; it is saved as {path}", key)
    output = model._model_json["output"]
    metrics = {kind: numbers(output[kind]) for kind in _METRICS if output.get(kind) is not None}
    return {"model": path, "model_id": key, **metrics}


def check_predictors(options: Any, given: dict[str, Any]) -> None:
    """Refuse predictors that are named in both ways."""
    if options.predictors is not None and given.get("ignored_columns") is not None:
        raise InvalidArgument(
            "--predictors and --set ignored_columns exclude each other: name the predictors in one of the two ways"
        )


def check_keep(options: Any) -> None:
    """Refuse to keep what ends with this process."""
    if options.keep and options.url is None:
        raise InvalidArgument("--keep belongs to --url: what this process has ends with it")


def _check_name(h2o: Any, name: str | None, options: Any) -> None:
    """Refuse to take the name of what is on a node: it would be replaced, and go with this command."""
    taken = h2o.connection().session.objects.keys() if options.url is not None and not options.force else ()
    if name in taken:
        raise InvalidArgument(
            f"the node at {options.url} has something of the name {name!r}: give another model_id, or --force to replace it"
        )


def saved(h2o: Any, key: str, options: Any) -> str:
    """The file of a model; where it cannot be written, the training is not lost: the model is kept elsewhere."""
    from heavywater.session import fetched  # start-up: the help needs none of it

    session = h2o.connection().session

    def write(path: str, force: bool) -> str:
        return fetched(session, path, lambda there: session.model_files.save(key, there, force), force)

    try:
        return write(absolute(options.model), options.force)
    except InvalidArgument as error:
        kept = write(os.path.join(tempfile.mkdtemp(prefix="h2o_"), os.path.basename(options.model)), False)
        raise NotSaved(f"{str(error).rstrip('.')}; the model is kept as {kept}", key) from error


def numbers(metrics: Any) -> dict[str, float]:
    """The metrics that are single numbers."""
    return {
        name: value
        for name, value in metrics._metric_json.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


TRAIN = Command(
    "train",
    "train a model and save it",
    _run,
    (
        DATA,
        *ROLES,
        *PARAMETERS,
        option("--checkpoint", "saved model whose training is to go on", metavar="FILE"),
        option("--pretrained-autoencoder", "saved autoencoder whose layers this model begins with", metavar="FILE"),
        option("--model", "where the model is saved", metavar="FILE", required=True),
        KEEP,
        FORCE, *READING, *SESSION, *GENERAL,
    ),
    "Train a network, save it, and tell its metrics. Ctrl-C ends the training; what was trained until then is saved.",
    (
        ("Three species", "h2o train iris.csv --response class --set hidden=20,20 --set epochs=50 --model iris.model"),
        ("A network for tables, without tuning", "h2o train iris.csv --response class --preset tabular --model iris.model"),
        ("0 and 1 are classes; folds; parameters from a file", "h2o train a.csv --response y --factors y --set nfolds=5 "
         "--parameters p.toml --model a.model"),
        ("All from a file", "h2o train --config job.toml   # [train] data = 'a.csv', response = 'y', set = { epochs = 5 } ..."),
        ("On a node, which keeps the model, too", "h2o train iris.csv --response class --set model_id=iris --keep --model iris.model "
         "--url http://127.0.0.1:54321"),
        ("An autoencoder", "h2o train a.csv --set autoencoder=true --set hidden=4 --model a.model"),
        ("Go on from where it ended", "h2o train a.csv --response y --checkpoint a.model --set epochs=100 --model b.model"),
    ),
)  # fmt: skip
