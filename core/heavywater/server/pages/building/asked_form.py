"""What the form of the Build page asks for: a model, or a grid of models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ....deeplearning.parameters.presets import chosen
from ....deeplearning.parameters.table import check_value, lookup, table
from ....errors import HeavywaterError, InvalidArgument
from ....grids.space import STRATEGIES, Criteria, Space
from ...node.model_request import ModelRequest
from .filled_form import USED, FilledForm
from .form_texts import name_of, number_of, value_of, values_of

_FRAMES = ("training_frame", "validation_frame")
_CRITERIA = (
    "max_models", "max_runtime_secs", "seed", "stopping_rounds", "stopping_metric", "stopping_tolerance",
)  # fmt: skip


@dataclass(frozen=True)
class AskedForm:
    """What is asked for.

    Parameters
    ----------
    model : ModelRequest
        The model, or what all models of a grid share.
    hyper : mapping of str to list
        The values to try of each parameter that is searched; none of a single model.
    criteria : mapping
        Of the search, those that were given.
    grid_id : str, optional
    parallelism : int
    errors : dict of str to str
        What cannot be read or is not allowed, by the name of the field.
    """

    model: ModelRequest
    hyper: Mapping[str, list[Any]] = field(default_factory=dict)
    criteria: Mapping[str, Any] = field(default_factory=dict)
    grid_id: str | None = None
    parallelism: int = 1
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def space(self) -> Space | None:
        """The combinations; None for a single model."""
        return Space(dict(self.hyper)) if self.hyper else None

    @property
    def strategy(self) -> str:
        """In which order the combinations are tried."""
        return str(self.criteria.get("strategy", STRATEGIES[0]))

    @property
    def models(self) -> int:
        """How many models there will be at most."""
        if self.space is None:
            return 1
        limit = int(self.criteria.get("max_models", 0))
        steps = self.space.steps(self.strategy)
        return min(steps, limit) if limit else steps

    @property
    def search(self) -> dict[str, Any]:
        """The arguments of `grids.train` of the session."""
        return {
            **self.model.request,
            "hyper_params": dict(self.hyper),
            "grid_id": self.grid_id,
            "search_criteria": dict(self.criteria) or None,
            "parallelism": self.parallelism,
        }

    def idle(self, category: str | None = None, nodes: int = 0) -> dict[str, str]:
        """The parameters that change nothing in any of the models, and why; see `without_effect`."""
        found = self.model.idle(category, nodes)
        for name, values in self.hyper.items():
            for value in values:
                other = ModelRequest(
                    {**self.model.parameters, name: value}, self.model.response, *self._frames
                )
                still = other.idle(category, nodes)
                found = {each: why for each, why in found.items() if each in still}
        return {name: why for name, why in found.items() if name not in self.hyper}

    @property
    def _frames(self) -> tuple[str | None, str | None]:
        return self.model.training_frame, self.model.validation_frame


def asked_form(form: FilledForm) -> AskedForm:
    """What a form asks for; nothing is looked up, and all that is wrong with single fields is said."""
    errors: dict[str, str] = {}
    given: dict[str, Any] = {}
    for name in table():
        if name in form.searched:
            continue
        value = _tried(errors, name, partial(_read, name, form.text(name)))
        if value is not None:
            given[name] = value
    given = chosen(given, "preset" in form.searched)
    x = _columns(errors, form, given)
    hyper = {name: values for name in form.searched if (values := _values(errors, name, form)) is not None}
    frames = {name: given.pop(name, None) for name in _FRAMES}
    model = ModelRequest(given, given.pop("response_column", None), **frames, x=x)
    asked = AskedForm(model, hyper, *_grid(errors, form), errors=errors)
    _check_limits(errors, asked)
    return asked


def _tried(errors: dict[str, str], name: str, read: Callable[[], Any]) -> Any:
    """What is read, or None and an error of the field."""
    try:
        return read()
    except HeavywaterError as error:
        errors.setdefault(name, str(error))
        return None


def _read(name: str, text: str) -> Any:
    value = value_of(lookup(name), text)
    return None if value is None else check_value(name, value)


def _columns(errors: dict[str, str], form: FilledForm, given: dict[str, Any]) -> list[str] | None:
    """The predictors, where these are named; what is left out is a parameter."""
    names = _tried(errors, "columns", lambda: form.columns) or None
    if form.columns_are == USED:
        return names
    if names:
        given["ignored_columns"] = names
    return None


def _values(errors: dict[str, str], name: str, form: FilledForm) -> list[Any] | None:
    def read() -> list[Any]:
        values = [check_value(name, each) for each in values_of(lookup(name), form.tried.get(name, []))]
        if not values:
            raise InvalidArgument(f"{name}: name the values that are to be tried")
        return values

    found: list[Any] | None = _tried(errors, name, read)
    return found


def _grid(errors: dict[str, str], form: FilledForm) -> tuple[dict[str, Any], str | None, int]:
    """Criteria, name and parallelism; all as by default where nothing is searched."""
    if not form.searched:
        return {}, None, 1
    criteria: dict[str, Any] = {}
    strategy = form.text("grid_strategy") or STRATEGIES[0]
    for name in _CRITERIA:
        field_name = f"grid_{name}"
        text = form.text(field_name)
        if text:
            value = _tried(errors, field_name, partial(_criterion, name, text))
            criteria |= {} if value is None else {name: value}
    strategy = _tried(errors, "grid_strategy", lambda: Criteria.of({"strategy": strategy}).strategy)
    if criteria or strategy not in (None, STRATEGIES[0]):
        criteria = {"strategy": strategy, **criteria}
    text = form.text("grid_parallelism")
    parallelism = _tried(errors, "grid_parallelism", lambda: _parallelism(text)) if text else 1
    return criteria, name_of(form.text("grid_id")) or None, 1 if parallelism is None else parallelism


def _criterion(name: str, text: str) -> Any:
    value = text if name == "stopping_metric" else number_of(name, text)
    return getattr(Criteria.of({"strategy": STRATEGIES[0], name: value}), name)


def _parallelism(text: str) -> int:
    found = number_of("parallelism", text)
    if found != int(found) or found < 0:
        raise InvalidArgument(f"parallelism={text} must be a whole number: 0 (as many as cores), 1, 2, ...")
    return int(found)


def _check_limits(errors: dict[str, str], asked: AskedForm) -> None:
    """Limits that count only where a parameter has an effect."""
    idle = asked.idle()
    given = {name: [value] for name, value in asked.model.parameters.items()}
    for name, values in {**given, **asked.hyper}.items():
        if lookup(name).limits_may_wait and name not in idle:
            for value in values:
                _tried(errors, name, partial(check_value, name, value, effective=True))
