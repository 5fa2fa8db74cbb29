"""Do as the genuine client what a test has asked for.

``python -m tests.server.genuine.worker JOB``, where JOB is JSON: ``url`` of the node, ``part`` (``calls``, ``further``,
``scenarios``), ``names`` of those to do (or null: all), ``folder`` for files, and ``answers``, the file that gets one line
of JSON for each.
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
    part = importlib.import_module(f"{__package__}.{_PARTS[job['part']]}")
    more = {"folder": Path(job["folder"]), "url": job["url"]} if job["part"] == "scenarios" else {}
    with Path(job["answers"]).open("w", encoding="utf-8") as answers:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            h2o.connect(url=job["url"], verbose=False)
            h2o.no_progress()
            for answer in part.all_made(job["names"], **more):
                answers.write(json.dumps(answer) + "\n")
                answers.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
