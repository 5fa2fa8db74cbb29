"""What is wrong with what the form asks for, what is to be known before it starts, and which fields do not matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ....deeplearning.parameters.presets import filled
from ....deeplearning.parameters.relevance import subject_of
from ....deeplearning.parameters.resolution import AUTOENCODER, MULTINOMIAL, REGRESSION
from ....errors import HeavywaterError
from ...node.guarded_session import GuardedSession
from .asked_form import AskedForm

_SHOWN = 4  # names of fields in a sentence
_COLUMNS = "columns"  # the field of what the session calls x and ignored_columns


@dataclass
class Judgement:
    """What there is to say of a form.

    Parameters
    ----------
    errors : dict of str to str
        What is not allowed, by field.
    missing : dict of str to str
        What has to be chosen before anything can start.
    warnings : dict of str to list of str
        What is to be known, by field.
    remarks : list of str
        The same, about no field.
    idle : dict of str to str
        Parameters that do not matter and are not given, and why.
    category : str, optional
        The kind of model, where it is known.
    left : dict
        What a preset makes of parameters that are not given.
    models : int
        How many there will be at most.
    combinations : int
        How many combinations a grid has.
    """

    errors: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    idle: dict[str, str] = field(default_factory=dict)
    category: str | None = None
    left: dict[str, Any] = field(default_factory=dict)
    models: int = 1
    combinations: int = 1

    @property
    def can_start(self) -> bool:
        """Whether what is asked for would be begun."""
        return not self.errors and not self.missing

    @property
    def status(self) -> str:
        """That in a sentence."""
        if self.errors:
            names = list(self.errors)
            shown = ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
            return f"Not yet: {shown} {'needs' if len(names) == 1 else 'need'} another value"
        if self.missing:
            return f"Not yet: {next(iter(self.missing.values()))}"
        what = f"{self.category} model" if self.category else "model"
        if self.combinations == 1:
            return f"Ready: {'an' if what[0] == 'A' else 'a'} {what}"
        if self.models < self.combinations:
            return f"Ready: at most {self.models} of {self.combinations} combinations"
        return f"Ready: {self.models} combinations"

    @property
    def said(self) -> list[str]:
        """All that is to be known."""
        return [*self.remarks, *(text for texts in self.warnings.values() for text in texts)]

    def say(self, text: str) -> None:
        """Add what is to be known, beside the field that it is about."""
        name = field_of(text)
        if name is None:
            self.remarks.append(text)
        else:
            self.warnings.setdefault(name, []).append(text)


def field_of(text: str, asked: AskedForm | None = None) -> str | None:
    """The field that an error or a warning of the session is about; None where it is about none."""
    if text.startswith(("grid_id", "parallelism")):
        return "grid_id" if text.startswith("grid_id") else "grid_parallelism"
    names = (
        {}
        if asked is None
        else {"grid_id": asked.grid_id, "model_id": asked.model.parameters.get("model_id")}
    )
    for field_name, key in names.items():
        if key is not None and text.startswith(f"{key!r} "):  # a name that something else has
            return field_name
    name = subject_of(text)
    return _COLUMNS if name == "ignored_columns" else name


def judged(session: GuardedSession, asked: AskedForm) -> Judgement:
    """What there is to say of a form; nothing is begun."""
    found = Judgement(dict(asked.errors), models=asked.models)
    if asked.space is not None:
        found.combinations = asked.space.steps(asked.strategy)
    if asked.space is not None and "model_id" in asked.model.parameters:
        found.errors["model_id"] = "model_id is the name of one model: leave it out, and name the grid"
    kind = _kind_of_response(session, asked, found)
    found.left = _left(session, asked)
    found.idle = _idle(asked, kind, len(session.cluster.status()["nodes"]))
    if found.can_start:
        _ask(session, asked, found)
    if found.can_start:
        _known_names(session, asked, found)
    return found


def _kind_of_response(session: GuardedSession, asked: AskedForm, found: Judgement) -> str | None:
    """Look for the frames and the response; which kind of model there will be, as far as that is seen without a look at the data."""
    frames, model = session.objects.keys("frame"), asked.model
    for name in ("training_frame", "validation_frame"):
        key = getattr(model, name)
        if key is not None and key not in frames:
            found.errors.setdefault(name, f"{name}={key!r}: there is no frame of this name")
    if model.training_frame is None:
        found.missing["training_frame"] = "choose the frame to train on"
    if model.parameters.get("autoencoder"):
        return AUTOENCODER
    if model.response is None:
        if "response_column" not in found.errors:
            found.missing["response_column"] = "choose the column to predict, or autoencoder"
        return None
    if model.training_frame not in frames:
        return None
    facts = session.frames.facts(str(model.training_frame))
    kinds = dict(zip(facts["names"], facts["types"], strict=True))
    kind = kinds.get(model.response)
    return None if kind is None else MULTINOMIAL if kind == "enum" else REGRESSION


def _left(session: GuardedSession, asked: AskedForm) -> dict[str, Any]:
    key = asked.model.training_frame
    if key not in session.objects.keys("frame"):
        return filled(asked.model.parameters)
    outline = session.frames.outline(str(key))
    return filled(asked.model.parameters, outline["rows"], sharded=bool(outline["parts"]))


def _idle(asked: AskedForm, kind: str | None, nodes: int) -> dict[str, str]:
    given = asked.model.given
    return {
        name: why
        for name, why in asked.idle(kind, nodes).items()
        if given.get(name) is None and name not in asked.errors
    }


def _ask(session: GuardedSession, asked: AskedForm, found: Judgement) -> None:
    """Let the session say what it thinks: of a grid about the first and the last combination, which have most in common with none."""
    space = asked.space
    if space is None:
        reply = _reply(session, asked, {})
        if reply["error"] is not None:
            found.errors[field_of(reply["error"], asked) or "training_frame"] = reply["error"]
            return
        found.category = reply["model_category"]
    else:
        replies = {n: _reply(session, asked, space.combination(n)) for n in {0, space.size - 1}}
        wrong = [each["error"] for each in replies.values() if each["error"] is not None]
        if len(wrong) == len(replies):
            found.errors[field_of(wrong[0], asked) or "training_frame"] = wrong[0]
            return
        found.remarks += [f"some combinations will fail: {text}" for text in wrong]
        reply = next(each for each in replies.values() if each["error"] is None)
        found.category = reply["model_category"]
    for text in reply["warnings"]:
        found.say(text)


def _reply(session: GuardedSession, asked: AskedForm, combination: Mapping[str, Any]) -> Mapping[str, Any]:
    request = asked.model.request
    request["parameters"] = {**request["parameters"], **combination}
    try:
        return session.training.check(**request)
    except HeavywaterError as error:  # the guard of files
        return {"error": str(error), "model_category": None, "warnings": []}


def _known_names(session: GuardedSession, asked: AskedForm, found: Judgement) -> None:
    name = asked.model.parameters.get("model_id")
    if name is not None and asked.space is None and name in session.objects.keys("model"):
        found.say(f"model_id={name!r}: there is a model of this name, and it will be replaced")
    if asked.grid_id is not None and asked.grid_id in session.objects.keys("grid"):
        found.warnings.setdefault("grid_id", []).append(
            f"grid_id={asked.grid_id!r}: there is a grid of this name; its models are kept, and only new combinations are trained"
        )
