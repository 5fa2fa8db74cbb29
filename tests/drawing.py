"""Drawings without a display, for the tests of what draws."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def without_windows() -> Iterator[None]:
    """No window, no warning that there is none, and no figure that stays open."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)  # of whatever else is collected meanwhile
        yield
    pyplot.close("all")
