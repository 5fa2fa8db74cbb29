"""Names of H2O's client that scripts import and that are in another place, or not here (`elsewhere_names`).

What has moved is found under its old name. What is not here can be imported, since scripts import more than they use (and
H2O's tests everything at once); using it is an error that says what to use instead.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .names import ABSENT, MEMBERS, MOVED, MOVED_NAMES

_REASONS: dict[str, dict[str, str]] = {}  # module of H2O's client: name: what to use instead
for _reason, _modules in ABSENT:
    for _module, _names in _modules.items():
        _REASONS.setdefault(_module, {}).update(dict.fromkeys(_names.split(), _reason))


class _Absent:
    """What does not exist here."""

    reason = ""

    def __new__(cls, *args: Any, **parameters: Any) -> Any:
        raise NotImplementedError(f"{cls.__name__}: {cls.reason}")


@functools.cache
def absent(name: str, reason: str) -> type:
    """The stand-in for a class or function of H2O that does not exist here; a call says so."""
    attributes = {"__doc__": f"Not part of heavywater: {reason}.", "__module__": "h2o", "reason": reason}
    return type(name, (_Absent,), attributes)


def names_of(module: str) -> Callable[[str], Any]:
    """The ``__getattr__`` of a module: it knows the names that H2O's module has beyond those here."""

    def __getattr__(name: str) -> Any:
        target = MOVED.get(module)
        if target is not None and name not in ("__path__", "__file__") and f"{module}.{name}" not in MOVED:
            return getattr(importlib.import_module(target), name)
        child = f"{module}.{name}"
        if child in MOVED_NAMES:
            return getattr(importlib.import_module(MOVED_NAMES[child]), name)
        if child in MOVED or child in _REASONS:
            return importlib.import_module(child)
        if name in _REASONS.get(module, ()):
            stand_in = absent(name, _REASONS[module][name])
            setattr(sys.modules[module], name, stand_in)
            return stand_in
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return __getattr__


class AbsentMembers:
    """Base of classes whose namesakes in H2O have more members: asking for one of those gives a stand-in."""

    if not TYPE_CHECKING:  # a type checker is to find names that are not here

        def __getattr__(self, name: str) -> Any:
            if hasattr(type(self), name):  # a property that raised an AttributeError of its own
                return object.__getattribute__(self, name)
            if not name.startswith("_"):
                for cls in type(self).__mro__:
                    for reason, names in MEMBERS.get(cls.__name__, ()):
                        if name in names.split():
                            return _member(name, reason)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _member(name: str, reason: str) -> Callable[..., Any]:
    def refuse(*args: Any, **parameters: Any) -> Any:
        raise NotImplementedError(f"{name}: {reason}")

    refuse.__name__ = name
    return refuse


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes the modules of H2O's client for which there is no file here, when they are imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in MOVED and fullname not in _REASONS:
            return None
        # Any may have modules below; an empty path leaves them to this finder.
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__
        module.__doc__ = f"See `{MOVED[name]}`." if name in MOVED else "Not part of heavywater."
        module.__getattr__ = names_of(name)  # type: ignore[method-assign]
        if name in _REASONS:
            module.__dict__["__all__"] = list(_REASONS[name])


def register() -> None:
    """Make the modules known, so that they can be imported."""
    sys.meta_path.append(_Finder())
    # H2O's package names all its estimators.
    estimators = _REASONS["h2o.estimators"]
    for module, names in _REASONS.items():
        if module.startswith("h2o.estimators.") and module != "h2o.estimators.estimator_base":
            estimators.update(names)
