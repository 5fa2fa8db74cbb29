"""What users call has a docstring with parameters, result and an example; `tests/front/test_examples.py` runs the examples."""

from __future__ import annotations

import importlib
import re

import pytest

from manual.reference import NOT_TOLD, OFFERING

from . import docstrings

PACKAGES = {name: importlib.import_module(name) for name in OFFERING}
# Module or class -> how many of its public names lack something. Nothing is added here, and the numbers only become smaller.
# What ends the session of the tests, or needs another one or another program, has no example that could be run.
LEFT = {
    "h2o": 2,  # connect, shutdown
    "h2o.backend.cluster.H2OCluster": 1,  # shutdown
    "h2o.backend.connection.H2OConnection": 1,  # close
    "h2o.trackers": 1,  # MLflowLogger: docs/callbacks.md
}


def found() -> dict[str, list[str]]:
    """What is missing, by the name of the object."""
    everything = [each for each in docstrings.public(PACKAGES) if each[0] not in NOT_TOLD]
    assert len(everything) > 500
    return {
        name: missing for name, thing, owner in everything if (missing := docstrings.lacking(thing, owner))
    }


def place(name: str) -> str:
    return name.rpartition(".")[0]


def test_what_users_call_is_documented_in_full() -> None:
    missing = found()
    counted = {where: [name for name in missing if place(name) == where] for where in map(place, missing)}
    more = {where: names for where, names in counted.items() if len(names) > LEFT.get(where, 0)}
    assert [f"{name}: {', '.join(missing[name])}" for names in more.values() for name in names] == []
    assert {where: n for where, n in LEFT.items() if n > len(counted.get(where, []))} == {}, (
        "these may be smaller"
    )


def test_what_is_missing_is_found() -> None:
    def whole(a: int, *b: int, c: str = "") -> int:
        """Count.

        Parameters
        ----------
        a : int
            One.
        *b, c : object
            Others.

        Returns
        -------
        int

        Examples
        --------
        >>> 1
        1
        """
        return a

    def bare(a: int, b: int) -> int:
        """Count.

        Parameters
        ----------
        a
            One, without a type.
        """
        return a

    assert docstrings.lacking(whole) == []
    assert docstrings.lacking(bare) == ["Examples", "a", "b", "Returns"]
    assert docstrings.lacking(ValueError) == []
    assert docstrings.lacking(property(lambda self: 0)) == ["Examples"]


def test_what_overrides_need_not_repeat() -> None:
    class Base:
        def told(self, a: int) -> None:
            """Do it.

            Parameters
            ----------
            a : int

            Examples
            --------
            >>> Base().told(1)
            """

        def other(self, a: int) -> None:
            """Do something else."""

    class Derived(Base):
        def told(self, a: int) -> None:
            """Do it better."""

        def other(self, a: int) -> None:
            """Do something else, better."""

    assert docstrings.lacking(Derived.told, Derived) == []
    assert docstrings.lacking(Derived.other, Derived) == ["Examples", "a"]


@pytest.mark.parametrize("where", list(LEFT))
def test_exceptions_name_what_is_there(where: str) -> None:
    assert re.fullmatch(r"h2o(\.\w+)*", where)
