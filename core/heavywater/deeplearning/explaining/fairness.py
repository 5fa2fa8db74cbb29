"""How a model of two classes treats groups of rows, beside a group of reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ...frame.columns.makers import enum, numeric
from ...frame.frame import Frame
from ..encoding.adaptation import class_codes
from ..metrics import binomial_metrics
from ..model.model import DeepLearningModel

_RATES = {  # of counts of true and false, positive and negative ones: what is divided, and by what
    "accuracy": ("tp tn", "tp fp tn fn"),
    "precision": ("tp", "tp fp"),
    "f1": ("tp tp", "tp tp fp fn"),
    "tpr": ("tp", "tp fn"),
    "tnr": ("tn", "tn fp"),
    "fpr": ("fp", "tn fp"),
    "fnr": ("fn", "tp fn"),
}
_COMPARED = ("tp", "fp", "tn", "fn", *_RATES, "auc", "aucpr", "gini", "selected", "selectedRatio", "logloss")


def fairness_metrics(
    model: DeepLearningModel,
    frame: Frame,
    protected_columns: Sequence[str],
    reference: Sequence[str],
    favorable_class: str,
) -> dict[str, Frame]:
    """Metrics of each group of rows that share the levels of some factors.

    Parameters
    ----------
    model : DeepLearningModel
        Of two classes.
    frame : Frame
        With the response, the columns of the model and the protected ones.
    protected_columns : sequence of str
        Factors. Rows in which one is missing, or the response, do not count.
    reference : sequence of str
        A level of each: the group that others are compared with. None: the largest group.
    favorable_class : str
        The class to be hoped for; rows predicted to be of it are selected.

    Returns
    -------
    dict
        ``overview``: the groups that have rows, with counts, rates, and as ``AIR_...`` what these are of the reference's;
        ``p.value`` of Fisher's exact test, whether a group is selected as often as the reference.
        ``thresholds_and_metrics_LEVELS``: metrics by threshold in each group.

    Raises
    ------
    InvalidArgument, InvalidType
        The model has not two classes, or a column, a level or the class is not there.
    """
    domain = _domain_of(model, favorable_class)
    levels = [_levels_of(frame, name) for name in protected_columns]
    favorable = domain.index(favorable_class)
    actual, selected, chance = _judged(model, frame, domain, favorable)
    group = _groups(frame, protected_columns, levels)
    known = (group >= 0) & (actual >= 0) & ~np.isnan(chance)
    present = [int(number) for number in np.unique(group[known])]
    if not present:
        raise InvalidArgument("fairness_metrics: no row has a response and all protected columns")
    compared_with = _reference(levels, reference, group[known], protected_columns)
    found = {n: _of_group(actual, selected, chance, known & (group == n), int(known.sum())) for n in present}
    names = {number: _names(number, levels) for number in present}
    tables = {",".join(names[number]): each.pop("table") for number, each in found.items()}
    frames = {"overview": _overview(found, compared_with, names, protected_columns, levels)}
    return frames | {f"thresholds_and_metrics_{key}": _thresholds(each) for key, each in tables.items()}


def _domain_of(model: DeepLearningModel, favorable_class: str) -> tuple[str, ...]:
    if model.parameters.category != "Binomial" or model.spec.response is None:
        raise InvalidArgument(
            f"fairness_metrics: {model.key} is of the kind {model.parameters.category}; a model of two classes is needed"
        )
    domain = tuple(model.spec.response.domain or ())
    if favorable_class not in domain:
        raise InvalidArgument(
            f"fairness_metrics: favorable_class={favorable_class!r} must be one of {', '.join(domain)}"
        )
    return domain


def _levels_of(frame: Frame, name: str) -> tuple[str, ...]:
    levels = frame.column(name).levels
    if levels is None:
        raise InvalidType(f"fairness_metrics: {name!r} is no factor; convert it with asfactor")
    return tuple(levels)


def _judged(
    model: DeepLearningModel, frame: Frame, domain: tuple[str, ...], favorable: int
) -> tuple[Array, Array, Array]:
    """Whether rows are of the favorable class (-1: not known), are predicted to be, and how probably."""
    name = str(model.parameters.response)
    codes = class_codes(name, frame.column(name), domain)
    predicted, _ = model.predict(frame)
    actual = np.where(codes < 0, -1, codes == favorable)
    return actual, predicted.columns[0].numbers() == favorable, predicted.columns[1 + favorable].numbers()


def _groups(frame: Frame, columns: Sequence[str], levels: Sequence[tuple[str, ...]]) -> Array:
    """Number of the group of each row, the first column changing fastest; -1 where a level is missing."""
    group, size = np.zeros(frame.nrow), 1
    for name, known in zip(columns, levels, strict=True):
        group = group + size * frame.column(name).numbers()
        size *= len(known)
    return np.where(np.isnan(group), -1, np.nan_to_num(group)).astype(int)


def _names(number: int, levels: Sequence[tuple[str, ...]]) -> list[str]:
    found = []
    for known in levels:
        number, code = divmod(number, len(known))
        found.append(known[code])
    return found


def _reference(
    levels: Sequence[tuple[str, ...]], reference: Sequence[str], group: Array, columns: Sequence[str]
) -> int:
    """Number of the group that others are compared with."""
    if not reference:
        return int(np.bincount(group).argmax())
    if len(reference) != len(levels):
        raise InvalidArgument(
            f"fairness_metrics: reference has {len(reference)} levels for {len(levels)} protected columns"
        )
    number, size = 0, 1
    for level, known, name in zip(reference, levels, columns, strict=True):
        if level not in known:
            raise InvalidArgument(f"fairness_metrics: reference={level!r} is no level of {name!r}")
        number, size = number + size * known.index(level), size * len(known)
    if number not in group:
        raise InvalidArgument(
            f"fairness_metrics: the group {', '.join(reference)} has no rows to compare others with"
        )
    return number


def _of_group(actual: Array, selected: Array, chance: Array, rows: Array, total: int) -> dict[str, Any]:
    """Counts and rates of a group, and its table of thresholds."""
    truth, chosen = actual[rows] == 1, selected[rows]
    counts = {
        "tp": int((truth & chosen).sum()),
        "fp": int((~truth & chosen).sum()),
        "tn": int((~truth & ~chosen).sum()),
        "fn": int((truth & ~chosen).sum()),
    }
    scores = binomial_metrics(truth.astype(float), chance[rows])
    size = int(rows.sum())
    found: dict[str, Any] = {**counts, "total": size, "relativeSize": size / total}
    for name, (part, whole) in _RATES.items():
        above, below = (sum(counts[each] for each in names.split()) for names in (part, whole))
        found[name] = above / below if below else np.nan
    found |= {"auc": scores["AUC"], "aucpr": scores["pr_auc"], "gini": scores["Gini"]}
    picked = int(chosen.sum())
    found |= {"selected": picked, "selectedRatio": picked / size, "logloss": scores["logloss"]}
    return {**found, "table": scores["thresholds_and_metric_scores"]}


def _overview(
    found: dict[int, dict[str, Any]],
    reference: int,
    names: dict[int, list[str]],
    columns: Sequence[str],
    levels: Sequence[tuple[str, ...]],
) -> Frame:
    """One row for each group."""
    from scipy.stats import fisher_exact  # heavy, and needed for nothing else here

    base = found[reference]
    parts: dict[str, Any] = {
        name: enum(np.array([levels[k].index(each[k]) for each in names.values()]), levels[k])
        for k, name in enumerate(columns)
    }
    parts |= {name: _numbers([each[name] for each in found.values()]) for name in base}
    for name in _COMPARED:
        with np.errstate(all="ignore"):
            ratios = [
                float(np.divide(np.float64(each[name]), np.float64(base[name]))) for each in found.values()
            ]
        parts[f"AIR_{name}"] = _numbers(ratios)
    pairs = [[[s["selected"], s["total"] - s["selected"]] for s in (each, base)] for each in found.values()]
    parts["p.value"] = _numbers([float(fisher_exact(pair)[1]) for pair in pairs])
    return Frame(list(parts), list(parts.values()))


def _thresholds(table: dict[str, Any]) -> Frame:
    """A table of thresholds as a frame."""
    cells = zip(*table["rows"], strict=True)
    names = [name.capitalize() if name == "threshold" else name for name in table["columns"]]
    return Frame(names, [_numbers(list(each)) for each in cells])


def _numbers(values: list[Any]) -> Any:
    return numeric(np.array([np.nan if each is None else float(each) for each in values]))
