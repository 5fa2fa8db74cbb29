"""H2O's own R client against a node: how it is run, and what H2O itself answers to it (``genuine_r/reference.json``).

    HEAVYWATER_GENUINE_R=LIBRARY python -m tests.server.genuine_r_runs PORT    record what H2O at this port answers

LIBRARY is a folder in which H2O's package ``h2o`` is installed, and no other one of that name: see `.ci/genuine-r`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "genuine_r"
DATA = Path(__file__).parents[1] / "data"
REFERENCE = HERE / "reference.json"
VARIABLE = "HEAVYWATER_GENUINE_R"
CHAPTERS = ("connecting", "frames", "models", "further", "booklet")
SECONDS = 900


def reason_to_skip() -> str | None:
    """Why the client cannot be run here."""
    library = os.environ.get(VARIABLE)
    if not library:
        return f"{VARIABLE} does not name a library with H2O's own R package"
    if shutil.which("Rscript") is None:
        return "R is missing"
    about = Path(library) / "h2o" / "DESCRIPTION"
    if not about.exists() or "RCurl" not in about.read_text(encoding="utf-8"):
        return f"{VARIABLE}={library} has no package h2o that is H2O's own"
    return None


def run_r(script: Path, *arguments: Any, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in an R of its own, which finds the genuine package and not ours."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("R_", "H2O_"))},
        "R_LIBS": os.environ[VARIABLE],
        "DO_NOT_TRACK": "1",  # it tells its makers otherwise who uses it
    }
    command = ["Rscript", "--vanilla", str(script), *map(str, arguments)]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def run_chapter(port: int, chapter: str, folder: Path, **access: Any) -> dict[str, dict[str, Any]]:
    """The scenarios of a chapter: problem, None where there was none, and facts; with further arguments of ``h2o.init()``."""
    more = [json.dumps(access)] if access else []
    done = run_r(HERE / "scenarios.R", port, HERE / f"{chapter}.R", DATA, folder, *more, folder=folder)
    told = [json.loads(line[2:]) for line in done.stdout.splitlines() if line.startswith("##{")]
    found = {each["scenario"]: {"problem": each["problem"], "facts": each["facts"] or {}} for each in told}
    if done.returncode:
        found["the whole chapter"] = {
            "problem": f"R ended with {done.returncode}: {done.stderr[-2000:]}",
            "facts": {},
        }
    return found


def record(port: int) -> None:
    """Write what H2O answers."""
    recorded = {}
    for chapter in CHAPTERS:
        with tempfile.TemporaryDirectory() as folder:
            scenarios = run_chapter(port, chapter, Path(folder))
        for name, each in scenarios.items():
            if each["problem"]:
                print(f"{chapter}: {name}: {each['problem']}")
        recorded[chapter] = {name: each["facts"] for name, each in scenarios.items() if not each["problem"]}
    text = ",\n".join(
        f"{json.dumps(chapter)}: {{\n"
        + ",\n".join(f" {json.dumps(n)}: {json.dumps(f)}" for n, f in each.items())
        + "\n}"
        for chapter, each in recorded.items()
    )
    REFERENCE.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    record(int(sys.argv[1]))
