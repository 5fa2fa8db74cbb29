"""The parameters of models as H2O's JSON: what there are, what they are set to, and which do not matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...deeplearning.parameters.table import Parameter, defaults, table
from .replies import Json, key, meta

_COLUMNS = ("response_column", "weights_column", "ignored_columns", "offset_column", "fold_column")
_FRAMES = ("training_frame", "validation_frame")
# what H2O's parameters have beside those of the table
_FURTHER = {
    "parallelize_cross_validation": True,
    "max_categorical_levels": 10,
    "custom_distribution_func": None,
}


def parameter_object(entry: Parameter, actual: Any = None, given: Any = None) -> Json:
    """One parameter: what it is, what it was set to, and what it is used as."""
    name, column = entry.name, entry.name in _COLUMNS
    member = _FRAMES[: 1 if name == "fold_column" else 2] if column else ()
    return {
        "__meta": meta("ModelParameterSchemaV3"),
        "name": name,
        "label": name,
        "help": entry.help,
        "required": False,
        "type": entry.type,
        "default_value": _default(entry),
        "actual_value": wrapped(actual, entry.type),
        "input_value": wrapped(given, entry.type),
        "level": entry.level,
        "values": list(entry.values),
        "is_member_of_frames": list(member),
        "is_mutually_exclusive_with": [each for each in _COLUMNS if column and each != name],
        "gridable": entry.gridable,
    }


def _default(entry: Parameter) -> Any:
    """The default as H2O tells it: that nothing is said about a switch means off."""
    return False if entry.type == "boolean" and entry.default is None else wrapped(entry.default, entry.type)


def wrapped(value: Any, kind: str) -> Any:
    """A value as H2O tells it: names of frames, models and columns as objects."""
    if value is None or not kind.startswith(("Key", "Vec")):
        return value
    if kind.endswith("[]"):
        return [wrapped(each, kind.removesuffix("[]")) for each in value]
    if kind == "VecSpecifier":
        return {
            "__meta": meta("ColSpecifierV3", "VecSpecifier"),
            "column_name": value,
            "is_member_of_frames": None,
        }
    return key(value, kind.removeprefix("Key<").removesuffix(">"))


def described_parameters(described: Mapping[str, Mapping[str, Any]]) -> list[Json]:
    """The parameters of a model, from its description."""
    return [
        parameter_object(
            entry, _used(name, described[name]), None if name == "model_id" else described[name]["input"]
        )
        for name, entry in table().items()
    ]


def _used(name: str, values: Mapping[str, Any]) -> Any:
    """What a parameter was used as; an AUC of several classes that nobody asked for has the name of its default, as in H2O."""
    asked_for = name != "auc_type" or values["input"] != values["default"]
    return values["actual"] if asked_for else values["default"]


def asked_parameters(given: Mapping[str, Any]) -> list[Json]:
    """The parameters of a model that is asked for."""
    values = {**defaults(), **given}
    return [parameter_object(entry, values[name]) for name, entry in table().items()]


def parameters_object(given: Mapping[str, Any]) -> Json:
    """All parameters as the members of one object."""
    values = {**defaults(), **given}
    found = {name: wrapped(values[name], entry.type) for name, entry in table().items()}
    found |= {
        name: False for name, entry in table().items() if entry.type == "boolean" and found[name] is None
    }
    return {
        "__meta": meta("DeepLearningParametersV3", "DeepLearningParameters"),
        **found,
        **{name: values.get(name, otherwise) for name, otherwise in _FURTHER.items()},
    }


def message(kind: str, field: str | None, text: str) -> Json:
    """What is said about a parameter.

    Parameters
    ----------
    kind : str
        ``ERRR``, ``WARN``, ``INFO``, or ``TRACE``: the parameter does not matter, and forms hide it.
    field : str, optional
    text : str
    """
    return {
        "__meta": meta("ValidationMessageV3", "ValidationMessage"),
        "message_type": kind,
        "field_name": field,
        "message": text,
    }
