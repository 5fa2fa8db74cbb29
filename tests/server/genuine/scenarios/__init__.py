"""What users do with the genuine client, one function each; what it gives has to be what the real H2O gives.

A scenario is a public function of one of the modules below; it takes the `world` and gives plain values that do not
depend on weights or random numbers, so that those of the real H2O can be recorded (``tests/data/rest/scenarios.json``).
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..outcome import plain
from . import booklet, connecting, data, grids, metrics, models, munging, saving, training
from .world import World

_MODULES = (booklet, connecting, data, munging, training, models, metrics, saving, grids)


def scenarios() -> dict[str, Callable[[World], Any]]:
    """All of them by name; that which ends the node is the last."""
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name}": function
        for module in _MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    return dict(sorted(found.items(), key=lambda item: "shutdown" in item[0]))


def all_made(wanted: list[str] | None, url: str, folder: Path) -> Iterator[dict[str, Any]]:
    """What comes of the scenarios, or of those that are named."""
    world = World(url, folder)
    for name, function in scenarios().items():
        if wanted is None or name in wanted:
            yield {"name": name, **_outcome(function, world)}


def _outcome(scenario: Callable[[World], Any], world: World) -> dict[str, Any]:
    begun = time.perf_counter()
    try:
        found: dict[str, Any] = {"value": plain(scenario(world))}
    except (Exception, SystemExit) as error:  # noqa: BLE001  # told to who asked
        found = {"error": f"{type(error).__name__}: {error}"[:1500]}
    return {**found, "seconds": round(time.perf_counter() - begun, 3)}
