"""``h2o demo``."""

from __future__ import annotations

from typing import Any

from ..options import GENERAL, SESSION, Command
from ..output import Answer
from ..sessions import opened


def _run(options: Any) -> Answer:
    opened(options).demo("deeplearning")
    return {"demo": "done"}


DEMO = Command(
    "demo",
    "show a network at work",
    _run,
    (*SESSION, *GENERAL),
    "Import, train, predict and judge, step by step; in a terminal each step waits for the Enter key.",
    (("A network that tells three species of iris apart", "h2o demo"),),
)
