"""Expressions on frames: ``Rapids``."""

from __future__ import annotations

import logging
import math
from typing import Any

from ...errors import HeavywaterError, InvalidExpression, NameTaken, UnknownName, collected
from ...frame.language.expressions import FunctionText, Ref, Span
from ...frame.language.rapids import parse
from ..node.guarded_session import GuardedSession
from .calls import Call
from .rapids_dialect import plain_form
from .replies import Json, Refused, key, meta
from .sessions import PREFIX

_KNOWN = {"ast", "session_id", "id", "_exclude_fields"}
_ARGUMENT = "java.lang.IllegalArgumentException"
logger = logging.getLogger("h2o.node")


def rapids(call: Call) -> Json:
    """The value of an expression.

    Clients tell the kinds of values by which member is there, so no answer has that of another kind. A frame that the
    expression does not name is stored as a temporary of the client.
    """
    for name in call.values:
        if name not in _KNOWN:
            raise Refused(412, f"Unknown parameter: {name}")
    if call.text("id") is not None:
        raise Refused(
            412, "id cannot be set: name the frame in the expression, (tmp= id ...) or (assign id ...)"
        )
    session = _asking(call)
    with collected() as remarks:
        value = _value(session, str(call.values.get("ast") or ""))
    for text, _ in remarks:
        logger.warning("Rapids: %s", text)
    kind, members = _answer(session, value)
    return {
        "__meta": meta(f"Rapids{kind}V3"),
        "_exclude_fields": call.text("_exclude_fields", "") or "",
        "ast": None,
        "session_id": None,
        "id": None,
        **members,
    }


def _asking(call: Call) -> GuardedSession:
    """The session of who asks: one that is named is there, or begins; who names none shares that of the node."""
    asked = call.text("session_id") or (call.headers or {}).get("session-key")
    return call.node.clients.named(asked.removeprefix("_sid_"), prefix=PREFIX) if asked else call.node.session


def _value(session: GuardedSession, text: str) -> Any:
    """Evaluate; what H2O's clients look for in messages is said in H2O's words."""
    try:
        return session.frames.evaluate(plain_form(parse(text)))
    except InvalidExpression:
        raise
    except UnknownName as error:
        raise Refused(400, f"Name lookup of '{error.key}' failed", _ARGUMENT) from error
    except NameTaken as error:
        raise Refused(400, f"Temp ID {error.key} already exists", _ARGUMENT) from error
    except HeavywaterError as error:
        raise Refused(400, str(error), _ARGUMENT) from error


def _answer(session: GuardedSession, value: Any) -> tuple[str, Json]:
    """What kind of answer a value is, and the members that tell it."""
    if isinstance(value, Ref):
        return "Frame", _frame(session, value.key)
    if isinstance(value, FunctionText):
        return "Function", {"funstr": value.text}
    if isinstance(value, str):
        return "String", {"string": value}
    if isinstance(value, dict):
        frames = [{"__meta": meta("RapidsFrameV3"), **_frame(session, ref.key)} for ref in value.values()]
        return "MapFrame", {"map_keys": {"string": list(value)}, "frames": frames}
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(each, str) for each in value):
            return "Strings", {"string": list(value)}
        return "Numbers", {"scalar": [number for each in value for number in _numbers(each)]}
    return "Number", {"scalar": _number(value)}


def _frame(session: GuardedSession, name: str) -> Json:
    facts = session.frames.facts(name)
    return {"key": key(name, "Frame"), "num_rows": facts["nrow"], "num_cols": len(facts["names"])}


def _numbers(value: Any) -> list[float]:
    """The numbers of an entry of a list: one, or those of a range."""
    if isinstance(value, Span):
        return [float(value.base + i * value.stride) for i in range(int(value.length))]
    return [_number(value)]


def _number(value: Any) -> float:
    """A number; where there is none, as the place of a text among numbers, it is missing."""
    return math.nan if value is None or isinstance(value, str) else float(value)


ROUTES = {"POST /99/Rapids": rapids}
