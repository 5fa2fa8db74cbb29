"""The small frames that expressions of the reference were recorded on, in a session of our own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from heavywater.frame.language.rapids import parse
from heavywater.session import LocalSession

DATA = Path(__file__).parents[2] / "data" / "rapids"

_FILES: dict[str, tuple[str, dict[str, str]]] = {
    "fr": ("iris25.csv", {}),
    "mix": ("mix.csv", {"s": "string", "g": "enum", "h": "enum", "t": "time"}),
    "left": ("left.csv", {"k": "enum"}),
    "right": ("right.csv", {"k": "enum"}),
    "long": ("long.csv", {"k": "enum"}),
    "nums": ("nums.csv", {}),
    "dd": ("dates.csv", {"iso": "string", "slashed": "string", "worded": "string"}),
    "docs": ("docs.csv", {"text": "string"}),
    "series": ("series.csv", {}),
}
_COLUMNS = {
    "n": "(cols_py fr [0:4])",
    **{name: f"(cols_py fr {i})" for name, i in (("v", 0), ("w", 1), ("e", 4), ("b", 5))},
    **{name: f"(cols_py mix {i})" for i, name in enumerate(("ix", "y", "g", "h", "s", "tm"))},
    **{name: f"(cols_py dd {i})" for i, name in enumerate(("dates", "dates2", "dates3"))},
}


def rapids_session() -> LocalSession:
    """A session that holds the frames under the names used in the reference."""
    session = LocalSession()
    for key, (file, types) in _FILES.items():
        options = Options(header=1, types=types or None)
        session.store.put_frame(import_sources(expand(str(DATA / file)), options, threads=1), key)
    for key, expression in _COLUMNS.items():
        session.frames.evaluate(parse(f"(assign {key} {expression})"))
    return session


def recorded() -> list[dict[str, Any]]:
    """What the real H2O 3.46.0.12 answered: expression, and frame, scalar, string, function or error."""
    with gzip.open(DATA / "reference.json.gz", "rt", encoding="utf-8") as file:
        found: list[dict[str, Any]] = json.load(file)
    return found
