"""Importances by shuffling columns: a job, since every column is scored anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from ....errors import InvalidArgument
from ....frame.language.rapids import write
from ....session import Ref
from ..basics.addresses import address, key_at
from ..basics.asking import PageCall
from ..charts.bar_chart import bars

METRICS = ("AUC", "pr_auc", "logloss", "mean_per_class_error", "RMSE", "MSE", "mae", "rmsle", "r2")
MOST_ROWS = 10_000  # that are scored if nothing else is said
_PATIENCE = 2.0  # seconds until the page is shown without the result
_LISTED = 100


@dataclass(frozen=True)
class Permutation:
    """What has come of shuffling.

    Parameters
    ----------
    key : str
        Of the frame with the result.
    job : dict or None
        How far the work is; None when it is done.
    picture : Markup
    rows : list
        Column, change of the metric, share of the largest one.
    """

    key: str
    job: dict[str, Any] | None
    picture: Markup
    rows: list[list[Any]]


def permutation(call: PageCall) -> Permutation | None:
    """The result that the address names; None where it names none."""
    key, session = call.text("permutation"), call.session
    if not key:
        return None
    if key in session.objects.keys("frame"):
        names = session.frames.facts(key)["names"]
        if names[:3] != ["Variable", "Relative Importance", "Scaled Importance"]:
            raise InvalidArgument(f"permutation={key!r} is no frame of importances")
        columns = session.frames.cells(key, [0, 1, 2], 0, _LISTED, level_names=True)
        picture = bars("Permutation importances", columns[0], columns[1], most=20)
        return Permutation(key, None, picture, [list(row) for row in zip(*columns, strict=True)])
    jobs = [each for each in session.jobs.known() if each["destination"] == key]
    return Permutation(key, dict(jobs[-1]), Markup(""), []) if jobs else None


def permute(call: PageCall) -> Response:
    """Start to shuffle; the page of the model shows the result, or how far it is."""
    model, session = call.key("model"), call.session
    frame = key_at(call.text("frame"), session.objects.keys("frame"), "frame")
    metric = call.text("metric", "AUTO")
    if metric not in ("AUTO", *METRICS):
        raise InvalidArgument(f"metric={metric!r} must be one of AUTO, {', '.join(METRICS)}")
    rows = call.count("rows", MOST_ROWS, least=1)
    asked: tuple[Any, ...] = ("PermutationVarImp", Ref(model), Ref(frame), metric, rows, 1, [], -1)
    result = session.objects.fresh_key(f"importances_{model}")
    started = session.frames.begin(write(asked), result, f"Permutation importances of {model}")
    state = session.jobs.wait(started["job"], _PATIENCE)
    if state["status"] == "FAILED":
        raise InvalidArgument(str(state["message"]))
    return call.see(f"models/{address(model)}?permutation={address(result)}#importances-heading")
