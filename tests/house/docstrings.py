"""What the docstrings of public objects lack: sections of numpydoc, and an example."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping

SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n(.*?)(?=^\w[\w ]*\n-{3,}\n|\Z)", re.MULTILINE | re.DOTALL)
NOT_GIVEN = {"self", "cls"}


def sections(text: str) -> dict[str, str]:
    r"""The sections of a docstring of numpydoc, by their headings.

    Examples
    --------
    >>> sections("What it is.\n\nReturns\n-------\nint\n    A number.")
    {'Returns': 'int\n    A number.'}
    """
    found: dict[str, str] = {}
    for heading, body in SECTION.findall(inspect.cleandoc(text or "")):
        found[heading] = found.get(heading, "") + body
    return found


def lacking(thing: object, owner: type | None = None) -> list[str]:
    """What is missing: parameters by name, "Returns", "Examples".

    Parameters
    ----------
    thing : object
        A class, function, or property.
    owner : type, optional
        The class that has it: what overrides a method that is documented in full needs to say only what differs.
    """
    function = thing.fget if isinstance(thing, property) else thing
    there = sections(_text(thing, owner))
    wanted = [] if ">>> " in there.get("Examples", "") or _is_error(thing) else ["Examples"]
    if inspect.isfunction(function) and not isinstance(thing, property):
        signature = inspect.signature(function)
        told = there.get("Parameters", "") + there.get("Other Parameters", "")
        names = [name for name in signature.parameters if name not in NOT_GIVEN and not name.startswith("_")]
        wanted += [name for name in names if not _tells(told, name)]
        gives = signature.return_annotation not in (None, "None", "NoReturn", inspect.Signature.empty)
        if gives and not {"Returns", "Yields"} & set(there):
            wanted.append("Returns")
    return wanted


def _tells(section: str, name: str) -> bool:
    """Whether a section has a parameter, with a type or with the place where it is explained; ``**options`` are of any type."""
    names = rf"^(?:[*\w]+, )*\*{{0,2}}{name}(?:, [*\w]+)*"
    return bool(
        re.search(rf"{names} : \S|{names}\n +(?:See|As|Where|Without) |^\*+{name}\n", section, re.MULTILINE)
    )


def _is_error(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseException)


def _text(thing: object, owner: type | None) -> str:
    """The docstring; of a method with the one that it overrides, which is the first in the order of the class's bases."""
    text = inspect.cleandoc(thing.__doc__ or "")
    name = getattr(thing.fget if isinstance(thing, property) else thing, "__name__", "")
    if owner is not None:
        for base in owner.__mro__[1:]:
            if name in vars(base):
                return f"{text}\n\n{_text(vars(base)[name], None)}"
    return text


def public(packages: Mapping[str, object]) -> Iterator[tuple[str, object, type | None]]:
    """Public objects of packages once each: name, what it is, the class that has it."""
    seen: set[int] = set()
    for package, module in packages.items():
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if id(thing) in seen or not (inspect.isclass(thing) or inspect.isfunction(thing)):
                continue
            seen.add(id(thing))
            yield f"{package}.{name}", thing, None
            if inspect.isclass(thing):
                yield from _members(thing, seen)


def _members(cls: type, seen: set[int]) -> Iterator[tuple[str, object, type | None]]:
    for base in cls.__mro__:
        if base.__module__.split(".")[0] != "h2o":
            continue
        for name, member in vars(base).items():
            plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
            if (
                name.startswith("_")
                or id(plain) in seen
                or not (inspect.isfunction(plain) or isinstance(plain, property))
            ):
                continue
            seen.add(id(plain))
            yield f"{base.__module__}.{base.__qualname__}.{name}", plain, base
