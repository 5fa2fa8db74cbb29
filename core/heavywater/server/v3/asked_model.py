"""What a client asks a model with: its parameters in H2O's spellings, as the session takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from ...deeplearning.parameters.constraints import OneOrSeveral
from ...deeplearning.parameters.relevance import subject_of
from ...deeplearning.parameters.table import Parameter, check_value, lookup, table
from ...errors import HeavywaterError
from ..node.model_request import ModelRequest
from .calls import Call, listed, listed_texts, unquoted
from .parameters_json import asked_parameters, message, parameters_object
from .replies import Json, Refused, meta

# the fields of a request that are no parameters of a model
SEGMENTS = ("segments", "segment_columns", "segment_models_id", "parallelism")
GRID = ("hyper_parameters", "grid_id", "search_criteria", "parallelism", "recovery_dir", "job_id")
_COMMON = (
    "session_id",
    "session_key",
    "_exclude_fields",
    "_rest_version",
    "max_categorical_levels",
    "parallelize_cross_validation",
)
_FRAMES = ("training_frame", "validation_frame")


class AskedModel(ModelRequest):
    """What a model, or each of several, is asked for with; and what is said of that."""

    def told(self) -> list[Json]:
        """The parameters as objects."""
        return asked_parameters(self.given)

    def traces(self, category: str | None = None) -> list[Json]:
        """Messages about the parameters that do not matter."""
        return [
            message("TRACE", name, f"{name} has no effect: {why}")
            for name, why in self.idle(category).items()
        ]

    def errors(self) -> list[Json]:
        """Messages about the values that are not allowed."""
        return [message("ERRR", name, text) for name, text in self.refused]

    def illegal(self, model: str | None, found: list[Json]) -> Refused:
        """The answer that says why there will be no model: H2O's error with messages for each field."""
        errors = [each for each in found if each["message_type"] == "ERRR"]
        details = "".join(
            f"ERRR on field: _{each['field_name'] or 'parms'}: {each['message']}\n" for each in errors
        )
        return Refused(
            412,
            f"Illegal argument(s) for DeepLearning model: {model or 'without a name'}.  Details: {details}",
            "water.exceptions.H2OModelBuilderIllegalArgumentException",
            {
                "__meta": meta("H2OModelBuilderErrorV3", "H2OModelBuilderError"),
                "parameters": parameters_object(self.given),
                "messages": found,
                "error_count": len(errors),
            },
        )


def asked_model(call: Call, further: tuple[str, ...] = ()) -> AskedModel:
    """The model, or the models, that a request asks for.

    Parameters
    ----------
    call : Call
    further : tuple of str
        Fields of the request that are something else.

    Raises
    ------
    Refused
        A field is no parameter, a value has the wrong form, or a frame does not exist.
    """
    found: dict[str, Any] = {}
    refused: list[tuple[str, str]] = []
    for name, raw in call.values.items():
        if name in further or name in _COMMON:
            continue
        if name not in table():
            raise Refused(412, f"Unknown parameter: {name}")
        try:
            value = parameter_value(lookup(name), raw)
            checked = None if value is None else check_value(name, value)
        except HeavywaterError as error:
            refused.append((name, str(error)))
            continue
        if not _is_default(lookup(name), checked):
            found[name] = checked
    frames = {name: found.pop(name, None) for name in _FRAMES}
    for name, value in frames.items():
        if value is not None and value not in call.session.objects.keys("frame"):
            raise Refused(400, f"{name}: there is no frame {value!r}", "java.lang.IllegalArgumentException")
    return AskedModel(found, found.pop("response_column", None), **frames, refused=refused)


def _is_default(entry: Parameter, value: Any) -> bool:
    """Whether a value says nothing: it is the default, or one by which clients say that nothing was said about a switch.

    H2O's clients send all parameters, so that a default leaves its place to a preset.
    """
    return entry.is_default(value) or (entry.type == "boolean" and entry.default is None and value is False)


def about(error: Exception | str) -> tuple[str | None, str]:
    """Which parameter an error of the session is about, and what it says."""
    return subject_of(str(error)), str(error)


def parameter_value(entry: Parameter, raw: Any) -> Any:
    """A value as clients write it, as the table has it; None where there is none.

    Parameters
    ----------
    entry : Parameter
    raw : str, or a value of JSON

    Raises
    ------
    Refused
        It cannot be read as a value of the type.
    """
    if raw is None or raw == "":
        return None
    if entry.type.endswith("[]"):
        read = listed_texts if entry.type == "string[]" else partial(listed, about=entry.name)
        items = raw if isinstance(raw, list) else read(raw) if isinstance(raw, str) else [raw]
        found = [_single(entry, each, entry.type.removesuffix("[]")) for each in items]
        return found if found or (entry.name == "hidden" and raw in ("[]", [])) else None
    if isinstance(entry.constraint, OneOrSeveral) and (isinstance(raw, list) or str(raw).startswith("[")):
        items = raw if isinstance(raw, list) else listed(str(raw), about=entry.name)
        return [_single(entry, each, entry.type) for each in items] or None
    return _single(entry, raw, entry.type)


def _single(entry: Parameter, raw: Any, kind: str) -> Any:
    if isinstance(raw, Mapping):  # a key or a column as an object
        raw = raw.get("name", raw.get("column_name"))
    if raw is None:
        return None
    text = unquoted(str(raw))
    if kind in ("int", "long", "float", "double"):
        return _number(entry, text, kind)
    if kind == "boolean":
        if text.lower() in ("true", "t", "1"):
            return True
        if text.lower() in ("false", "f", "0"):
            return False
        raise _unreadable(entry, text, kind)
    if kind == "enum":
        _check_known(entry, text)
    return text or None


def _number(entry: Parameter, text: str, kind: str) -> float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        raise _unreadable(entry, text, kind) from None
    return int(value) if kind in ("int", "long") and value == value // 1 and abs(value) < 2**63 else value


def _unreadable(entry: Parameter, text: str, kind: str) -> Refused:
    return Refused(412, f"{entry.name}={text!r} is no value of the type {kind}")


def _check_known(entry: Parameter, text: str) -> None:
    """H2O does not know a name that is no value of an enumeration, whatever else is wrong with the request."""
    refused = getattr(entry.constraint, "refused", {})
    known = {_squeezed(name) for name in (*entry.values, *refused)}
    if _squeezed(text) not in known:
        raise Refused(
            400,
            f"{entry.name}={text!r} must be one of {', '.join(entry.values)}",
            "java.lang.IllegalArgumentException",
        )


def _squeezed(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()
