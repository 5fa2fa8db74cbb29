"""Descriptions of both doors of a node in the form of OpenAPI, for what asks at random."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

from heavywater.server import v3
from heavywater.server.rpc.rpc_document import document

Json = dict[str, Any]
# Names that some of the requests find something under.
KEYS = ["rows", "model", "grid", "job_1", "x.csv", "upload", "", "nfs://x", "0", "_sid_1"]
TEXTS: Json = {
    "anyOf": [
        {"type": "string"},
        {"type": "string", "enum": [*KEYS, "[rows]", '["x","y"]', "{}", "true", "-1", "1e400", "NaN"]},
    ]
}

# what ends the node, or takes away what the others need
LEFT_OUT = ("POST /3/Shutdown", "DELETE /3/DKV", "DELETE /3/Frames", "DELETE /3/Models")


def _document(paths: Json) -> Json:
    return {"openapi": "3.1.0", "info": {"title": "node", "version": "1"}, "paths": paths}


def names_of(handler: Any) -> list[str]:
    """Names of the values that a module of handlers asks for."""
    source = inspect.getsource(inspect.getmodule(handler))
    found = re.findall(
        r"call\.(?:text|texts|needed|flag|whole|wholes|number|numbers|items|mapping)\(\s*\"(\w+)\"", source
    )
    return sorted(set(found))


def of_v3() -> Json:
    """The routes of H2O's clients; those that end the node or what others need are left out."""
    paths: Json = {}
    for module in v3.MODULES:
        for route, handler in module.ROUTES.items():
            method, _, path = route.partition(" ")
            if route in LEFT_OUT:
                continue
            inside = [
                {"name": name, "in": "path", "required": True, "schema": TEXTS}
                for name in re.findall(r"{(\w+)}", path)
            ]
            names = names_of(handler)
            described: Json = {"responses": {"default": {"description": "any"}}, "parameters": inside}
            if method == "POST":
                form = {"type": "object", "properties": dict.fromkeys(names, TEXTS)}
                described["requestBody"] = {
                    "content": {"application/x-www-form-urlencoded": {"schema": form}}
                }
            else:
                described["parameters"] = inside + [
                    {"name": name, "in": "query", "schema": TEXTS} for name in names
                ]
            paths.setdefault(path, {})[method.lower()] = described
    return _document(paths)


def of_rpc() -> Json:
    """The document of our own door, without what takes away what the others need, or waits."""
    found = json.loads(json.dumps(document("/rpc/1")))
    for operation in ("cluster.close", "jobs.wait", "objects.remove_all"):
        del found["paths"][f"/rpc/1/{operation}"]
    return dict(found)


def write_documents(folder: Path) -> dict[str, Path]:
    """Files with both descriptions."""
    found = {}
    for name, described in (("v3", of_v3()), ("rpc", of_rpc())):
        found[name] = folder / f"{name}.json"
        found[name].write_text(json.dumps(described))
    return found
