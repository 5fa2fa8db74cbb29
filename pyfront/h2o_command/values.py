"""Parameters of Deep Learning as texts of a command line, and in files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from heavywater.errors import InvalidArgument

from .configuration import read_mapping
from .options import Written, option, pairs

_TEXTS = ("enum", "string", "VecSpecifier", "Key<Model>", "Key<Frame>")
_ROLES = {
    "training_frame": "DATA",
    "validation_frame": "--validation DATA",
    "response_column": "--response COLUMN",
    "checkpoint": "--checkpoint FILE",
    "pretrained_autoencoder": "--pretrained-autoencoder FILE",
}


PARAMETERS = (
    option("--preset", "what parameters are that are not given: tabular, tabular-best, or H2O's defaults", metavar="NAME"),
    pairs("--set", "a parameter, such as --set hidden=20,20 --set epochs=5; any number of times. `h2o parameters` lists all"),
    option("--parameters", "file with parameters, TOML or JSON; those of --set count more", metavar="FILE"),
)  # fmt: skip


def parameters(options: Any) -> dict[str, Any]:
    """The parameters that the options give, each checked; the command line counts more than the configuration file.

    Raises
    ------
    InvalidArgument, InvalidType
        An unknown name, with similar ones; a value that is not allowed; a file that cannot be read.
    """
    found: dict[str, Any] = {}
    for source in (options.configured, options.given):
        if source.get("parameters") == options.parameters and options.parameters is not None:
            found |= read_mapping(options.parameters, "a value for each parameter")
        found |= source.get("set", {})
        found |= _preset(source)
    return {name: _checked(name, value) for name, value in found.items()}


def _preset(source: Mapping[str, Any]) -> dict[str, Any]:
    name = source.get("preset")
    if name is None:
        return {}
    if "preset" in source.get("set", {}):
        raise InvalidArgument("the preset is given by --preset and by --set: give it once")
    return {"preset": Written(name)}


def check(name: str, value: Any) -> None:
    """Refuse a value that the table of parameters does not allow, and an unknown name, with similar ones."""
    from heavywater.session.parameters import check_value  # start-up: the help needs none of it

    check_value(name, value)


def _checked(name: str, value: Any) -> Any:
    if name in _ROLES:
        raise InvalidArgument(f"--set {name}: it is given as {_ROLES[name]}")
    value = value_of(name, str(value)) if isinstance(value, Written) else value
    check(name, value)
    return value


def value_of(name: str, text: str) -> Any:
    """The value that a text means for a parameter.

    Examples
    --------
    >>> value_of("hidden", "20,20"), value_of("activation", "Tanh"), value_of("fold_column", "1")
    ([20, 20], 'Tanh', '1')
    """
    kind = _kind(name)
    if kind.endswith("[]") or ("," in text and _may_be_list(name)):
        value = _json(text)
        if value is None and text.strip() == "null":
            return None
        single = kind.removesuffix("[]")
        return value if isinstance(value, list) else [_one(single, each.strip()) for each in text.split(",")]
    return _one(kind, text)


def values_of(name: str, given: Any) -> list[Any]:
    """The values of a hyper-parameter: as a file has them, or written: separated by commas, a list in JSON, lists each in brackets.

    Examples
    --------
    >>> given = {"l1": "0,1e-4", "hidden": "[10],[20,20]", "activation": "Tanh,Maxout"}
    >>> tuple(values_of(name, Written(text)) for name, text in given.items())
    ([0, 0.0001], [[10], [20, 20]], ['Tanh', 'Maxout'])
    """
    kind = _kind(name)
    if not isinstance(given, Written):
        return list(given) if isinstance(given, list) else [given]
    given = str(given)
    whole = _json(given)
    listed = whole if isinstance(whole, list) else _json(f"[{given}]")
    if kind.endswith("[]"):
        if isinstance(whole, list) and not (whole and all(isinstance(each, list) for each in whole)):
            return [whole]
        if isinstance(listed, list):
            return [each if isinstance(each, list) else [each] for each in listed]
        return [[_one(kind[:-2], each.strip())] for each in given.split(",")]
    if isinstance(whole, list) or (listed and kind not in _TEXTS):
        return list(listed)
    return [_one(kind, each.strip()) for each in given.split(",")]


def _kind(name: str) -> str:
    from heavywater.session.parameters import parameter_types  # start-up: the help needs none of it

    types = parameter_types()
    if name not in types:
        check(name, None)
    return types[name]


def _may_be_list(name: str) -> bool:
    from heavywater.session.parameters import one_or_several  # start-up: the help needs none of it

    return name in one_or_several()


def _one(kind: str, text: str) -> Any:
    value = _json(text)
    if text.strip() == "null":
        return None
    if kind in _TEXTS:
        return value if isinstance(value, str) else text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    return text if value is None else value


def _json(text: str) -> Any:
    """The value of a text in JSON; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
