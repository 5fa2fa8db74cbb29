"""The table of Deep Learning parameters (`parameters.toml`): lookup, and the check of one value by name."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ...errors import InvalidArgument, InvalidType, shortened
from .constraints import (
    Boolean,
    Choice,
    Constraint,
    Function,
    ListOf,
    NotAllowed,
    Number,
    OneOrSeveral,
    Text,
)

# H2O's default of max_w2 is the largest 32-bit number and stands for "no limit".
LARGEST_FLOAT = 3.4028235e38
UNLIMITED_W2 = 3.4e38  # from here on


@dataclass(frozen=True)
class Parameter:
    """One entry of the table; the fields are explained at the top of `parameters.toml`."""

    name: str
    type: str
    level: str
    gridable: bool
    group: str
    help: str
    constraint: Constraint
    default: Any = None
    values: tuple[str, ...] = ()
    only_with: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    check_always: bool = False
    no_effect: str = ""
    fixed_by_checkpoint: bool = False
    aliases: tuple[str, ...] = ()
    when: str = ""
    spellings: tuple[str, ...] = ()

    def is_default(self, value: Any) -> bool:
        """Say whether a value is the default (None always is: it stands for "not given")."""
        return value is None or bool(value == self.default)

    @property
    def limits_may_wait(self) -> bool:
        """Whether the limits are checked only where the parameter has an effect."""
        return bool(self.only_with) and not self.check_always


@cache
def table() -> Mapping[str, Parameter]:
    """All parameters by name, in H2O's order."""
    text = files("heavywater.deeplearning.parameters").joinpath("parameters.toml").read_text(encoding="utf-8")
    entries = (_parameter(entry) for entry in tomllib.loads(text)["parameter"])
    return MappingProxyType({entry.name: entry for entry in entries})


def defaults() -> dict[str, Any]:
    """The default of every parameter (a fresh copy)."""
    return {name: _copy(entry.default) for name, entry in table().items()}


def lookup(name: str) -> Parameter:
    """The entry of a parameter.

    Raises
    ------
    InvalidType
        There is no such parameter; the message names similar ones. (A TypeError, as for any Python function.)
    """
    try:
        return table()[name]
    except KeyError:
        raise InvalidType(unknown_message(name)) from None


def conditions(entry: Parameter) -> list[list[tuple[str, tuple[Any, ...]]]]:
    """What a parameter needs of others to have an effect: of each list one.

    A switch that has no effect itself counts as off, so what does without an effect of it stands beside False.

    Examples
    --------
    >>> conditions(lookup("rate"))
    [[('adaptive_rate', (False,)), ('optimizer', ('Adam',))]]
    """
    return [
        [(other, wanted), *(_without(table()[other]) if wanted == (False,) else ())]
        for other, wanted in entry.only_with.items()
    ]


def _without(switch: Parameter) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The values of other parameters with which a switch has no effect."""
    for other, wanted in switch.only_with.items():
        yield other, tuple(value for value in table()[other].values if value not in wanted)


def either(ways: list[tuple[str, tuple[Any, ...]]]) -> str:
    """One of the lists of `conditions` as text, as Python writes it."""
    return " or ".join(f"{name}={' or '.join(map(repr, values))}" for name, values in ways)


def unknown_message(name: str) -> str:
    """Say that there is no such parameter, and which one may have been meant."""
    similar = _similar(name)
    hint = f"Did you mean {' or '.join(similar)}?" if similar else "help(H2ODeepLearningEstimator) lists all"
    return f"{name} is not a parameter of Deep Learning. {hint}"


def check_value(name: str, value: Any, *, effective: bool | None = None) -> Any:
    """Check one value, whatever the other parameters are.

    Parameters
    ----------
    name : str
        Name of the parameter.
    value : object
        The value; None stands for "not given" and gives the default.
    effective : bool, optional
        Whether the parameter has an effect beside the others. Limits of a parameter without effect are not
        checked. None: not known yet, so limits that may not matter are left alone.

    Returns
    -------
    object
        The value in its canonical form and type.

    Raises
    ------
    InvalidType, InvalidArgument
        Wrong type or value; the message names parameter, value and what is allowed.
    """
    entry = lookup(name)
    if value is None:
        return _copy(entry.default)
    try:
        return _convert(entry, value, effective)
    except NotAllowed as refusal:
        raise refusal_error(entry, value, refusal) from None


def refusal_error(entry: Parameter, value: Any, refusal: NotAllowed) -> InvalidType | InvalidArgument:
    """Word the refusal of a value by its constraint."""
    detail = f" ({refusal.reason})" if refusal.reason else ""
    allowed = f"it must be {entry.constraint.describe()}"
    if refusal.wrong_type:
        kind = type(value).__name__
        return InvalidType(
            f"{entry.name}={shortened(repr(value), 80)} has the wrong type, {kind}: {allowed}{detail}"
        )
    return InvalidArgument(f"{entry.name}={shortened(repr(value), 80)} is not allowed: {allowed}{detail}")


def _convert(entry: Parameter, value: Any, effective: bool | None) -> Any:
    constraint = entry.constraint
    if entry.limits_may_wait and not effective and isinstance(constraint, Number | ListOf | OneOrSeveral):
        return constraint.typed(value)
    return constraint.convert(value)


def _similar(name: str) -> list[str]:
    lowered = name.lower()
    for entry in table().values():
        if lowered == entry.name.lower() or lowered in entry.aliases:
            return [entry.name]
    spellings = {alias: entry.name for entry in table().values() for alias in (entry.name, *entry.aliases)}
    close = difflib.get_close_matches(lowered, spellings, n=3, cutoff=0.7)
    return list(dict.fromkeys(spellings[spelling] for spelling in close))


def _parameter(entry: dict[str, Any]) -> Parameter:
    shown = {key: entry[key] for key in ("name", "type", "level", "gridable", "group", "help")}
    optional = ("default", "check_always", "no_effect", "fixed_by_checkpoint", "when")
    return Parameter(
        **shown,
        **{key: entry[key] for key in optional if key in entry},
        constraint=_constraint(entry),
        values=tuple(entry.get("values", ())),
        only_with={name: tuple(values) for name, values in entry.get("only_with", {}).items()},
        aliases=tuple(entry.get("aliases", ())),
        spellings=tuple(entry.get("spellings", ())),
    )


def _constraint(entry: dict[str, Any]) -> Constraint:
    kind: str = entry["type"]
    if kind.endswith("[]"):
        item = _constraint({**entry, "type": kind.removesuffix("[]")})
        return ListOf(item, holes=kind == "Key<Frame>[]")
    match kind:
        case "boolean":
            return Boolean()
        case "enum":
            return Choice(entry["values"], entry.get("refused", {}))
        case "int" | "long" | "float" | "double":
            number = Number(
                integer=kind in ("int", "long"),
                low=entry.get("min", float("-inf")),
                high=entry.get("max", float("inf")),
                low_open=entry.get("min_open", False),
                high_open=entry.get("max_open", False),
                infinite=entry.get("infinite", False),
            )
            return OneOrSeveral(number) if entry.get("several") else number
        case "VecSpecifier":
            return Text("the name of a column")
        case "Key<Frame>":
            return Text("a frame")
        case "Key<Model>":
            return Text("a model or its id" if entry["name"] != "model_id" else "a name")
        case "string" if entry["name"] == "custom_metric_func":
            return Function()
        case "string":
            return Text("the name of a column" if entry["name"] == "ignored_columns" else "a text")
    raise ValueError(f"parameters.toml: {entry['name']} has the unknown type {kind}")


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value
