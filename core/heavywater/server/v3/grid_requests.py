"""Grids: searches, their models sorted, and grids on disk."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from ...deeplearning.parameters.table import lookup, table
from ...errors import HeavywaterError, NotFound, ParseError
from ...grids.space import Criteria
from .asked_model import GRID, about, asked_model, parameter_value
from .calls import Call
from .grid_json import fixed_parameters, grid_object
from .job_requests import started
from .parameters_json import message, parameters_object
from .replies import Json, Refused, key, meta, not_found


def search(call: Call) -> Json:
    """Train a model for each combination of hyper-parameters."""
    asked = asked_model(call, GRID)
    errors = asked.errors()
    if asked.training_frame is None:
        errors.append(
            message("ERRR", "training_frame", "training_frame is missing: name the frame to train on")
        )
    if errors:
        raise asked.illegal(None, [*errors, *asked.traces()])
    try:
        job = call.session.grids.train(
            hyper_params=_space(call),
            grid_id=call.text("grid_id"),
            search_criteria=_criteria(call),
            parallelism=call.whole("parallelism", 1),
            recovery_dir=call.text("recovery_dir"),
            **asked.request,
        )
    except HeavywaterError as error:
        raise asked.illegal(None, [message("ERRR", *about(error))]) from None
    return _search(call, started(call, job), parameters_object(asked.given))


def _space(call: Call) -> dict[str, Any]:
    """The values of each hyper-parameter; one that cannot be read stays as it is, and its models fail."""
    found = {}
    for name, values in call.mapping("hyper_parameters").items():
        each = values if isinstance(values, list) else [values]
        found[name] = [_value(name, value) for value in each] if name in table() else each
    return found


def _value(name: str, raw: Any) -> Any:
    try:
        return parameter_value(lookup(name), raw)
    except Refused:
        return raw


def _criteria(call: Call) -> dict[str, Any] | None:
    given = {name: value for name, value in call.mapping("search_criteria").items() if value is not None}
    if given and "strategy" not in given:
        given["strategy"] = "Cartesian"
    return given or None


def _search(call: Call, job: Json, parameters: Json | None) -> Json:
    criteria = asdict(Criteria.of(_criteria(call)))
    strategy = criteria["strategy"]
    kind = f"{'RandomDiscreteValue' if strategy == 'RandomDiscrete' else strategy}SearchCriteria"
    if strategy == "Cartesian":
        criteria = {"strategy": strategy}
    return {
        "__meta": meta("GridSearchSchema", "Grid", version=-1),
        "parameters": parameters,
        "hyper_parameters": call.mapping("hyper_parameters") or None,
        "grid_id": key(job["dest"]["name"], "Grid"),
        "search_criteria": {"__meta": meta(f"{kind}V99", kind, version=99), **criteria},
        "parallelism": call.whole("parallelism", 1),
        "recovery_dir": call.text("recovery_dir"),
        "job_id": None,
        "total_models": 0,
        "job": job,
    }


def resume(call: Call) -> Json:
    """Go on with a search."""
    name = _known(call, call.needed("grid_id"))
    job = call.session.grids.resume(name, call.text("recovery_dir"))
    return _search(
        call, started(call, job), parameters_object(fixed_parameters(call.session.grids.describe(name)))
    )


def _known(call: Call, name: str) -> str:
    if name not in call.session.objects.keys("grid"):
        raise not_found(name)
    return name


def grids(call: Call) -> Json:
    """All grids."""
    found = [_told(call, name, None, None) for name in call.session.objects.keys("grid")]
    return {"__meta": meta("GridsV99", "Grids", version=99), "_exclude_fields": "", "grids": found}


def grid(call: Call) -> Json:
    """One grid, its models sorted."""
    name, sort_by = _known(call, call.parts["id"]), call.text("sort_by")
    decreasing = call.flag("decreasing") if call.text("decreasing") is not None else None
    return _told(call, name, sort_by, decreasing)


def _told(call: Call, name: str, sort_by: str | None, decreasing: bool | None) -> Json:
    described = call.session.grids.describe(name, sort_by, decreasing)
    models: list[Mapping[str, Any]] = []
    for each in described["model_ids"]:
        try:
            models.append(call.session.models.describe(each))
        except NotFound:  # removed since
            continue
    down = "decreasing" in described["summary_table"]["description"]
    return grid_object(described, models, down)


def export(call: Call) -> Json | None:
    """Save a grid and its models in a folder of the node."""
    name = _known(call, call.parts["id"])
    call.session.grids.save(
        name,
        call.needed("grid_directory"),
        frames=call.flag("save_params_references"),
        predictions=call.flag("export_cross_validation_predictions"),
    )
    return key(name, "Grid")


def import_grid(call: Call) -> Json | None:
    """Load a grid and its models from a folder of the node."""
    frames = call.flag("load_params_references")
    return key(call.session.grids.load(call.needed("grid_path"), frames=frames), "Grid")


def recover(call: Call) -> Json:
    """Go on with the searches whose grids are in a folder of the node, of frames that are here under their names."""
    folder = call.needed("recovery_dir")
    found = []
    for path in call.session.files.find(folder):
        with suppress(ParseError):  # a model, or something else
            found.append(call.session.grids.load(path))
    if not found:
        raise Refused(
            404, f"recovery_dir={folder!r}: there is no grid", "water.exceptions.H2ONotFoundArgumentException"
        )
    for name in found:
        call.session.grids.resume(name, folder)
    return {"__meta": meta("ResumeV3"), "recovery_dir": folder}


ROUTES = {
    "POST /3/Recovery/resume": recover,
    "POST /99/Grid/deeplearning": search,
    "POST /99/Grid/deeplearning/resume": resume,
    "GET /99/Grids": grids,
    "GET /99/Grids/{id}": grid,
    "POST /3/Grid.bin/{id}/export": export,
    "POST /3/Grid.bin/import": import_grid,
}
