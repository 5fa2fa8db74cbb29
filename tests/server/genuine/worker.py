"""Do as the genuine client what a test has asked for.

``python -m tests.server.genuine.worker JOB``, where JOB is JSON: ``url`` of the node, ``names``: of what to do (or null: all)
by part (``calls``, ``further``, ``scenarios``), and ``folder`` for files, where each part writes one line of JSON for each answer.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from .library import h2o

_PARTS = {"calls": "recorded", "further": "further", "scenarios": "scenarios"}


def main(job: dict[str, Any]) -> None:
    """Do all that was asked for; each answer is written when it is there."""
    with contextlib.redirect_stdout(io.StringIO()):
        h2o.connect(url=job["url"], verbose=False)
        h2o.no_progress()
        for name, names in job["names"].items():
            part = importlib.import_module(f"{__package__}.{_PARTS[name]}")
            more = {"folder": Path(job["folder"]), "url": job["url"]} if name == "scenarios" else {}
            with (Path(job["folder"]) / f"{name}.jsonl").open("w", encoding="utf-8") as answers:
                for answer in part.all_made(names, **more):
                    answers.write(json.dumps(answer) + "\n")
                    answers.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
