"""Options from a file: TOML or JSON."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from heavywater.errors import InvalidArgument, shortened

from .options import FLAG, Command, Option

_NOT_THERE = ("config",)  # a file does not name another one
ALL = "all"  # the section for every command that has the option


def read_mapping(path: str, what: str) -> dict[str, Any]:
    """What a file in TOML or JSON says: names and values.

    Parameters
    ----------
    path : str
        ``*.json`` is JSON and ``*.toml`` TOML; of others the first character tells.
    what : str
        What the file should have, for the message.

    Raises
    ------
    InvalidArgument
        No such file, or neither TOML nor JSON.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        raise InvalidArgument(f"{path}: {error.strerror or error}") from None
    except ValueError:
        raise InvalidArgument(f"{path}: this is no text in UTF-8") from None
    as_json = not path.endswith(".toml") and (path.endswith(".json") or text.lstrip()[:1] in ("{", "["))
    try:
        found = json.loads(text) if as_json else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"{path}: no valid {'JSON' if as_json else 'TOML'} ({error})") from None
    if not isinstance(found, dict):
        raise InvalidArgument(f"{path}: must be an object with {what}")
    return found


def configured(path: str, command: Command, commands: Mapping[str, Command]) -> dict[str, Any]:
    """The values that a file gives for the options of a command, checked.

    Parameters
    ----------
    path : str
        Has sections, each named like a command or ``all``.
    command : Command
    commands : mapping of str to Command
        All there are: a wrong name in a section of another command is found, too.

    Raises
    ------
    InvalidArgument
        An unknown section or name, with similar ones; a value that is not allowed.
    """
    found: dict[str, Any] = {}
    content = read_mapping(path, "a section for each command")
    for section, values in content.items():
        if section != ALL and section not in commands:
            raise InvalidArgument(f"{path}: {section} is no section. {_hint(section, [ALL, *commands])}")
        if not isinstance(values, dict):
            raise InvalidArgument(f"{path}: [{section}] must be a table with a value for each option")
    for section in (ALL, *(name for name in content if name != ALL)):
        known = commands.values() if section == ALL else [commands[section]]
        checked = _section(path, section, content.get(section, {}), known)
        if section in (ALL, command.name):
            found |= {
                key: value for key, value in checked.items() if key in {each.key for each in command.options}
            }
    return found


def _section(
    path: str, section: str, values: Mapping[str, Any], commands: Iterable[Command]
) -> dict[str, Any]:
    options = {
        key: each
        for command in commands
        for each in command.options
        if section != ALL or each.shared
        for key in each.keys
    }
    found: dict[str, Any] = {}
    for name, value in values.items():
        each = options.get(name.replace("-", "_"))
        if each is None or each.key in _NOT_THERE:
            raise InvalidArgument(f"{path}: [{section}] {name} is no option. {_hint(name, options)}")
        if each.key in found:
            raise InvalidArgument(
                f"{path}: [{section}] {name} is there twice, under two of its names: {', '.join(each.keys)}"
            )
        found[each.key] = _value(f"{path}: [{section}] {name}", each, value)
    return found


def _value(where: str, each: Option, value: Any) -> Any:
    if each.pairs:
        if not isinstance(value, dict):
            raise InvalidArgument(f"{where} must be a table of names and values")
        return value
    if each.many and isinstance(value, list) and value:
        return [_one(where, each, item) for item in value]
    found = _one(where, each, value)
    return [found] if each.many else found


def _one(where: str, each: Option, value: Any) -> Any:
    try:
        return value if each.kind is FLAG and type(value) is bool else each.kind.checked(value)
    except ValueError:
        raise InvalidArgument(f"{where}={shortened(repr(value))} must be {each.kind.says}") from None


def _hint(name: str, known: Iterable[str]) -> str:
    names = sorted(set(known) - set(_NOT_THERE))
    similar = difflib.get_close_matches(name.replace("-", "_").lower(), names, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(similar)}?" if similar else f"There are {', '.join(names)}"
