"""The schemas of answers, of which clients make their classes, and the routes."""

from __future__ import annotations

from .calls import Call, takes
from .replies import Json, Refused, meta

_INPUT, _OUTPUT = "INPUT", "OUTPUT"

# schema -> field -> type, and what it holds; clients drop members that are not named here
SCHEMAS: dict[str, dict[str, tuple[str, str]]] = {
    "CloudV3": {
        "skip_ticks": ("boolean", "Whether the figures of processors may be those of an earlier request."),
        "version": ("string", "Version of the interface."),
        "branch_name": ("string", "Line of versions."),
        "last_commit_hash": ("string", "Version of what answers."),
        "describe": ("string", "Name and version of what answers."),
        "compiled_by": ("string", "Who has built it."),
        "compiled_on": ("string", "When it was installed."),
        "build_number": ("string", "Last part of the version of the interface."),
        "build_age": ("string", "Time since it was installed."),
        "build_too_old": ("boolean", "Whether it should be renewed."),
        "node_idx": ("int", "Number of the node that answers."),
        "cloud_name": ("string", "Name of the session."),
        "cloud_size": ("int", "Number of nodes."),
        "cloud_uptime_millis": ("long", "Milliseconds since the start."),
        "cloud_internal_timezone": ("string", "Time zone in which parts of times are told."),
        "datafile_parser_timezone": ("string", "Time zone in which times of files are meant."),
        "cloud_healthy": ("boolean", "Whether all nodes answer."),
        "bad_nodes": ("int", "Number of nodes that do not."),
        "consensus": ("boolean", "Whether all nodes know of each other."),
        "locked": ("boolean", "Whether no further node joins."),
        "is_client": ("boolean", "Whether the node holds no data."),
        "hadoop_version": ("string", "Version of Hadoop; none."),
        "telemetry_enabled": ("boolean", "Whether anything is reported to others: never."),
        "nodes": ("Iced[]", "The nodes."),
        "internal_security_enabled": ("boolean", "Whether nodes talk to each other in secret."),
        "leader_idx": ("int", "Number of the node that leads."),
        "web_ip": ("string", "Address under which it was asked."),
    },
    "H2OErrorV3": {
        "timestamp": ("long", "Milliseconds since 1970."),
        "error_url": ("string", "What was asked for."),
        "msg": ("string", "What is wrong."),
        "dev_msg": ("string", "The same."),
        "http_status": ("int", "Status of the answer."),
        "values": ("Map", "Values that the message names."),
        "exception_type": ("string", "Kind of the error."),
        "exception_msg": ("string", "What is wrong."),
        "stacktrace": ("string[]", "Where it was found."),
    },
}
SCHEMAS["H2OModelBuilderErrorV3"] = {
    **SCHEMAS["H2OErrorV3"],
    "parameters": ("Iced", "Parameters of the model."),
    "messages": ("ValidationMessage[]", "What is wrong with which parameter."),
    "error_count": ("int", "Number of messages that are errors."),
}
_KINDS = {"CloudV3": "Iced", "H2OErrorV3": "H2OError", "H2OModelBuilderErrorV3": "H2OModelBuilderError"}
_SCHEMAS_WITHIN = {
    "nodes": "NodeV3",
    "parameters": "ModelParametersSchemaV3",
    "messages": "ValidationMessageV3",
}


def _field(name: str, kind: str, text: str, direction: str = _OUTPUT) -> Json:
    given = False if direction == _INPUT else None
    return {
        "__meta": meta("FieldMetadataV3", "FieldMetadata"),
        "name": name,
        "type": kind,
        "is_schema": name in _SCHEMAS_WITHIN,
        "schema_name": _SCHEMAS_WITHIN.get(name),
        "value": given,
        "help": text,
        "label": name,
        "required": given,
        "level": "critical",
        "direction": direction,
        "is_inherited": False,
        "inherited_from": None,
        "is_gridable": given,
        "values": [],
        "json": True,
        "is_member_of_frames": [],
        "is_mutually_exclusive_with": [],
    }


def _schema(name: str) -> Json:
    fields = SCHEMAS[name]
    inputs = {"skip_ticks": _INPUT}
    described = [_field(each, kind, text, inputs.get(each, _OUTPUT)) for each, (kind, text) in fields.items()]
    described.append(_field("_exclude_fields", "string", "Members that are left out.", _INPUT))
    return {
        "__meta": meta("SchemaMetadataV3", "SchemaMetadata"),
        "version": 3,
        "name": name,
        "label": name,
        "superclass": "RequestSchemaV3" if name == "CloudV3" else "SchemaV3",
        "type": _KINDS[name],
        "fields": [_field("__meta", "Meta", "Name and version of the schema."), *described],
        "markdown": None,
    }


def _metadata(schemas: list[Json] | None, routes: list[Json] | None) -> Json:
    return {
        "__meta": meta("MetadataV3"),
        "_exclude_fields": "",
        "routes": routes,
        "schemas": schemas,
        "markdown": None,
    }


@takes("")
def schema(call: Call) -> Json:
    """The fields of one schema."""
    name = call.parts["name"]
    if name not in SCHEMAS:
        raise Refused(
            404,
            f"no schema {name!r} is described here; those that are: {', '.join(SCHEMAS)}",
            "water.exceptions.H2ONotFoundArgumentException",
        )
    return _metadata([_schema(name)], None)


@takes("")
def schemas(call: Call) -> Json:
    """The fields of all schemas that are described."""
    return _metadata([_schema(name) for name in SCHEMAS], None)


@takes("")
def endpoints(call: Call) -> Json:
    """The routes; only browsers of the interface read them."""
    return _metadata(None, [])


ROUTES = {
    "GET /3/Metadata/schemas/{name}": schema,
    "GET /3/Metadata/schemas": schemas,
    "GET /3/Metadata/endpoints": endpoints,
}
