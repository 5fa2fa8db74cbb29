"""What is inside of a model: importances, layers, units that are dead, first-layer weights, how it answers to one column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from ....errors import HeavywaterError, NotFound, collected
from ..basics.asking import PageCall
from ..charts.bar_chart import bars
from ..charts.histogram_chart import spark
from .model_dependence import dependence
from .permuted_columns import METRICS, MOST_ROWS, permutation, permute
from .weight_pictures import weight_pictures, weight_sheet

_MOST_BARS = 20
_MOST_LISTED = 100  # importances in the table, but for who asks for all
_MOST_AT_ONCE = 200  # input units up to which activities are measured without being asked for
_SHARES = 20  # bins of activities


def insides(call: PageCall, told: Mapping[str, Any], fitting: Sequence[str]) -> dict[str, Any]:
    """What ``model/insides.html`` takes.

    Parameters
    ----------
    call : PageCall
    told : mapping
        The description of the model.
    fitting : sequence of str
        Frames that the model can be asked about, the nearest one first.
    """
    encoder = told["model_category"] == "AutoEncoder"
    return {
        "fitting_frames": fitting,
        "importances": _importances(call, told),
        "permutation": None if encoder else permutation(call),
        "permutation_metrics": [each for each in METRICS if each in (told["training_metrics"] or {})],
        "permutation_rows": MOST_ROWS,
        "layer_table": told["model_summary"],
        "activities": _activities(call, told, fitting),
        "weights": weight_pictures(call, told),
        "dependence": None if encoder else dependence(call, told, fitting),
        "link": lambda **changes: link(call, **changes),
    }


def link(call: PageCall, **changes: Any) -> str:
    """The query of this page with other values of some fields."""
    kept = [(name, value) for name, value in call.request.query_params.multi_items() if name != "note"]
    return "?" + urlencode([*((n, v) for n, v in kept if n not in changes), *changes.items()])


def _importances(call: PageCall, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Those by the weights (Gedeon); None where the model was trained without."""
    table = told["variable_importances"]
    if not table or not table["rows"]:
        return None
    rows = table["rows"]
    shown = rows if call.text("importances") == "all" else rows[:_MOST_LISTED]
    return {
        "picture": bars("Variable importances", [r[0] for r in rows], [r[2] for r in rows], most=_MOST_BARS),
        "rows": shown,
        "count": len(rows),
    }


def _activities(call: PageCall, told: Mapping[str, Any], fitting: Sequence[str]) -> dict[str, Any] | None:
    """How often units are active, of rows of a frame; None where there is none to ask about."""
    if not fitting:
        return None
    asked = call.text("activity")
    small = int(told["model_summary"]["rows"][0][1]) <= _MOST_AT_ONCE
    frame = asked if asked in fitting else fitting[0]
    found: dict[str, Any] = {"frame": frame, "layers": None, "error": "", "warnings": []}
    if not (small or asked):
        return found
    with collected() as remarks:
        try:
            answer = call.session.models.unit_activity(told["model_id"], frame)
        except HeavywaterError as error:
            return {**found, "error": str(error)}
    layers = [_activity(number, each) for number, each in enumerate(answer["layers"], 1)]
    return {**found, "rows": answer["rows"], "layers": layers, "warnings": [text for text, _ in remarks]}


def _activity(number: int, layer: Mapping[str, Any]) -> dict[str, Any]:
    active = [share for share in layer["active"] if share is not None]
    counts = [0] * _SHARES
    for share in active:
        counts[min(int(share * _SHARES), _SHARES - 1)] += 1
    dead = [unit for unit, is_dead in enumerate(layer["dead"], 1) if is_dead]
    return {
        "number": number,
        "type": layer["type"],
        "units": len(layer["dead"]),
        "dead": dead,
        "share": len(dead) / max(1, len(layer["dead"])),
        "always": sum(share == 1 for share in active) if active else None,
        "mean": sum(active) / len(active) if active else None,
        "picture": spark(f"Units of layer {number} by how often they are active", counts),
    }


def weights_picture(call: PageCall) -> Response:
    """The weights of some units of the first layer as a PNG."""
    told = call.session.models.describe(call.key("model"))
    found = weight_pictures(call, told)
    if found is None:
        raise NotFound("the inputs of this model form no picture")
    return Response(weight_sheet(call.session, told["model_id"], found), media_type="image/png")


ROUTES = {"GET /models/{key}/weights.png": weights_picture, "POST /models/{key}/permutation": permute}
