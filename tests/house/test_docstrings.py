"""What users call has a docstring with parameters, result and an example; `tests/front/test_examples.py` runs the examples."""

from __future__ import annotations

import importlib

from manual.reference import NOT_TOLD, OFFERING

from . import docstrings

PACKAGES = {name: importlib.import_module(name) for name in OFFERING}


def found() -> dict[str, list[str]]:
    """What is missing, by the name of the object."""
    everything = [each for each in docstrings.public(PACKAGES) if each[0] not in NOT_TOLD]
    assert len(everything) > 500
    return {
        name: missing for name, thing, owner in everything if (missing := docstrings.lacking(thing, owner))
    }


def test_what_users_call_is_documented_in_full() -> None:
    assert found() == {}


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
