"""``h2o grid``."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from heavywater.errors import InvalidArgument, warn

from ..configuration import read_mapping
from ..data import check_free, frame_of
from ..options import DATA, FORCE, GENERAL, READING, SESSION, Command, choice, number, option, pairs, whole
from ..output import Answer
from ..sessions import forget, opened
from ..values import PARAMETERS, check, parameters, values_of
from .describe import table_rows
from .train import KEEP, ROLES, check_keep, check_predictors, saved

_CRITERIA = (
    "strategy",
    "max_models",
    "max_runtime_secs",
    "seed",
    "stopping_rounds",
    "stopping_metric",
    "stopping_tolerance",
)


def _run(options: Any) -> Answer:
    check_free("--model", options.model, options)
    check_keep(options)
    fixed, searched = parameters(options), _searched(options)
    check_predictors(options, fixed)
    _check_metric(options.sort_by)
    for name in searched:
        if name in fixed:
            raise InvalidArgument(f"{name} is given by --set and by --hyper: give it once")
    criteria = {name: getattr(options, name) for name in _CRITERIA if getattr(options, name) is not None}
    h2o = opened(options)
    estimator = h2o.H2ODeepLearningEstimator(**fixed)
    frame = frame_of(h2o, options.data, options)
    validation = None if options.validation is None else frame_of(h2o, options.validation, options)
    grid = h2o.H2OGridSearch(
        estimator, searched, search_criteria={"strategy": "Cartesian", **criteria}, parallelism=options.parallelism,
        recovery_dir=options.recovery_dir, grid_id=_name(options.recovery_dir),
    )  # fmt: skip
    grid.start(x=options.predictors, y=options.response, training_frame=frame, validation_frame=validation)
    if not options.keep:
        forget(h2o, grid._job.destination, options)
    grid.join()
    grid = _sorted(grid, options.sort_by)
    best = grid.model_ids[0]
    path = saved(h2o, best, options)
    table = h2o.two_dim_table.H2OTwoDimTable.make(grid._state["summary_table"])
    failed = [
        {**values, "reason": reason}
        for values, reason in zip(grid.failed_params, grid.failure_details, strict=True)
    ]
    return {
        "model": path,
        "model_id": best,
        "sorted_by": grid._state["sort_metric"],
        "models": table_rows(table),
        **({"failed": failed} if failed else {}),
    }


def _name(folder: str | None) -> str | None:
    """The name of a search that can be taken up again: always the same for a folder."""
    return folder and f"grid_{hashlib.sha256(os.path.abspath(folder).encode()).hexdigest()[:12]}"


def _searched(options: Any) -> dict[str, list[Any]]:
    """The values to try of each hyper-parameter, each checked."""
    found: dict[str, Any] = {}
    for source in (options.configured, options.given):
        if (
            source.get("hyper_parameters") == options.hyper_parameters
            and options.hyper_parameters is not None
        ):
            found |= read_mapping(options.hyper_parameters, "a list of values for each parameter")
        found |= source.get("hyper", {})
    if not found:
        raise InvalidArgument("--hyper NAME=VALUES is missing: name a parameter and the values to try")
    searched = {name: values_of(name, given) for name, given in found.items()}
    for name, values in searched.items():
        if not values:
            raise InvalidArgument(f"--hyper {name}: there is no value to try")
        for value in values:
            check(name, value)
    return searched


def _check_metric(sort_by: str | None) -> None:
    """Refuse an unknown metric: before the search, not after it."""
    from heavywater.session.parameters import grid_metrics  # start-up: the help needs none of it

    if sort_by is not None and sort_by.lower() not in grid_metrics():
        raise InvalidArgument(f"--sort-by {sort_by}: must be one of {', '.join(grid_metrics())}")


def _sorted(grid: Any, sort_by: str | None) -> Any:
    try:
        return grid.get_grid(sort_by)
    except InvalidArgument as error:  # the work is done: nothing is lost by another order
        warn(f"--sort-by: {error}; the models stand in the usual order")
        return grid


GRID = Command(
    "grid",
    "train a model for each combination of hyper-parameters, list them and save the best",
    _run,
    (
        DATA,
        pairs("--hyper", "values to try of a parameter, such as --hyper l1=0,1e-4 --hyper 'hidden=[10],[20,20]'; any number of "
              "times", "NAME=VALUES"),
        option("--hyper-parameters", "file with the values to try, TOML or JSON: a list for each parameter; those of --hyper "
               "count more", metavar="FILE"),
        *ROLES,
        *PARAMETERS,
        option("--strategy", "Cartesian (by default): every combination; RandomDiscrete: in random order; Sequential: the n-th "
               "value of each", choice("Cartesian", "RandomDiscrete", "Sequential"), "NAME", group="search"),
        option("--max-models", "models to train at most", whole(1), "N", group="search"),
        option("--max-runtime-secs", "for the whole search", number(0.0, "a number of seconds"), "SECONDS", group="search"),
        option("--seed", "of the random order, and of models without a seed of their own", whole(-(2**63)), "N", group="search"),
        option("--stopping-rounds", "end when so many models in a row have not brought anything", whole(0), "N", group="search"),
        option("--stopping-metric", "by which that is judged", metavar="NAME", group="search"),
        option("--stopping-tolerance", "what counts as better, relative", number(0.0, "a number of at least 0"), "X",
               group="search"),
        option("--parallelism", "models at the same time; 1 by default, 0: as many as there are threads", whole(0), "N",
               default=1, group="search"),
        option("--recovery-dir", "folder that keeps what is finished: the same command goes on there after an interruption; with --url a "
               "folder of the node",
               metavar="FOLDER", group="search"),
        option("--sort-by", "metric that tells the best: logloss, auc, rmse ...; by default as H2O does", metavar="NAME",
               group="search"),
        option("--model", "where the best model is saved", metavar="FILE", required=True),
        KEEP,
        FORCE, *READING, *SESSION, *GENERAL,
    ),
    "Models are judged by cross-validation (--set nfolds=5), else by --validation, else by the training data. Ctrl-C ends the "
    "search; the best of those trained until then is saved.",
    (
        ("Four networks", "h2o grid iris.csv --response class --hyper 'hidden=[10],[20,20]' --hyper activation=Tanh,Rectifier "
         "--set nfolds=3 --model best.model"),
        ("Twenty at random, from a file", "h2o grid a.csv --response y --hyper-parameters space.toml --strategy RandomDiscrete "
         "--max-models 20 --seed 1 --model best.model"),
    ),
)  # fmt: skip
