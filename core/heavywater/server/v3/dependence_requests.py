"""Partial dependence: tables that a job makes, and that are kept until they are asked for."""

from __future__ import annotations

import json
import re
import secrets
import threading
from contextlib import suppress
from typing import Any

from ...errors import NotFound, collected
from ...jobs import Job
from .calls import Call, listed_texts
from .job_requests import started
from .model_requests import known_frame, known_model
from .replies import Json, Refused, key, meta
from .tables_json import table_object

_MOST = 100
_PAIR = re.compile(r"\[([^\[\]]+)\]")


class DependenceTables:
    """The latest tables, by their keys."""

    def __init__(self) -> None:
        self._found: dict[str, Json] = {}
        self._lock = threading.Lock()

    def add(self, name: str, found: Json) -> None:
        """Keep tables; of the oldest, they are forgotten."""
        with self._lock:
            self._found[name] = found
            for old in list(self._found)[: max(0, len(self._found) - _MOST)]:
                del self._found[old]

    def of(self, name: str) -> Json:
        """What was kept under a key."""
        found = self._found.get(name)
        if found is None:
            raise NotFound(f"no partial dependence {name!r}; it never was, or was made long ago")
        return found


def start(call: Call) -> Json:
    """A job that makes the tables."""
    model, frame = call.needed("model_id"), known_frame(call, call.needed("frame_id"))
    described = known_model(call, model)
    pairs = _pairs(call)
    columns = call.texts("cols")
    if not columns and not pairs:
        columns = _predictors(described, call.session.frames.facts(frame)["names"])
    options = _options(call, frame)
    name = call.text("destination_key") or f"_{secrets.token_hex(16)}"
    told = _told(call, model, frame, columns, pairs)

    def work(job: Job) -> str:
        tables: list[Json] = []
        tasks: list[tuple[list[str], list[list[str]]]] = [
            *(([column], []) for column in columns),
            *(([], [pair]) for pair in pairs),
        ]
        with collected() as remarks:
            for number, (one, two) in enumerate(tasks):
                job.stop_if_cancelled()
                job.update(number / len(tasks), f"{', '.join(one or two[0])}")
                tables += call.session.models.partial_dependence(model, frame, one, two, options)
        for number, (text, _) in enumerate(remarks):
            job.remark(f"frame {number}", text)
        call.node.kept(DependenceTables).add(
            name, {**told, "partial_dependence_data": [table_object(each) for each in tables]}
        )
        return name

    found = started(call, call.session.jobs.start("PartialDependence", work, name))
    found["dest"] = {
        "__meta": meta("PartialDependenceKeyV3", "Key<PartialDependence>"),
        "name": name,
        "type": "Key<PartialDependence>",
        "URL": f"/3/PartialDependence/{name}",
    }
    return found


def _predictors(described: Any, names: Any) -> list[str]:
    used = described.get("original_names") or described["names"]
    return [name for name in names if name in used]


def _options(call: Call, frame: str) -> dict[str, Any]:
    row, weights = call.whole("row_index", -1), call.whole("weight_column_index", -1)
    names = call.session.frames.facts(frame)["names"]
    if weights >= len(names):
        raise Refused(400, f"weight_column_index={weights}: the frame has {len(names)} columns")
    return {
        "bins": call.whole("nbins", 20),
        "missing": call.flag("add_missing_na"),
        "values": _values(call),
        "targets": call.texts("targets"),
        "row": row if row >= 0 else None,
        "weights": names[weights] if weights >= 0 else None,
    }


def _values(call: Call) -> dict[str, list[float]]:
    """The values that the client wants for some columns: their names, how many for each, and all one after the other."""
    names, numbers = call.texts("user_cols"), call.numbers("user_splits")
    counts = call.wholes("num_user_splits")
    if min(counts, default=0) < 0 or len(counts) != len(names) or sum(counts) != len(numbers):
        raise Refused(400, "user_cols, num_user_splits and user_splits do not fit each other")
    found, position = {}, 0
    for name, count in zip(names, counts, strict=True):
        found[str(name)] = numbers[position : position + count]
        position += count
    return found


def _pairs(call: Call) -> list[list[str]]:
    """Pairs of columns, which are not in quotes if they come from Python."""
    value = call.values.get("col_pairs_2dpdp") or []
    with suppress(ValueError):
        value = json.loads(value) if isinstance(value, str) else value
    found = _PAIR.findall(value) if isinstance(value, str) else value
    return [listed_texts(each) for each in found]


def _told(call: Call, model: str, frame: str, columns: list[str], pairs: list[list[str]]) -> Json:
    given: Json = {name: call.texts(name) or None for name in ("user_cols", "targets")}
    given |= {name: call.items(name) or None for name in ("user_splits", "num_user_splits")}
    return {
        "__meta": meta("PartialDependenceV3", "PartialDependence"),
        "model_id": key(model, "Model"),
        "frame_id": key(frame, "Frame"),
        "row_index": call.whole("row_index", -1),
        "cols": columns or None,
        "weight_column_index": call.whole("weight_column_index", -1),
        "add_missing_na": call.flag("add_missing_na"),
        "nbins": call.whole("nbins", 20),
        **given,
        "col_pairs_2dpdp": pairs or None,
        "destination_key": None,
        "partial_dependence_data": None,
    }


def fetch(call: Call) -> Json:
    """The tables."""
    return call.node.kept(DependenceTables).of(call.parts["id"])


ROUTES = {"POST /3/PartialDependence": start, "GET /3/PartialDependence/{id}": fetch}
