"""The tests of data frames with other versions of their libraries: ``python -m tests.frame.exchange.versions``.

Each set of versions has an environment of its own in ``.bench/frames``, made when first needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
SETS = {
    "oldest": ["numpy==2.0.*", "pandas==2.2.*", "polars==1.0.*", "pyarrow==18.*"],
    "pandas2": [
        "pandas==2.3.*",
        "polars",
        "pyarrow",
        "narwhals",
        "duckdb",
        "ibis-framework[duckdb]",
        "modin",
    ],
    "newest": ["pandas>=3", "polars", "pyarrow", "narwhals", "duckdb", "ibis-framework[duckdb]"],
}
TESTS = [
    "tests/frame/exchange/test_round_trips.py",
    "tests/front/test_answers.py",
    "tests/front/test_any_frame.py",
    "tests/front/test_frames_beside_frames.py",
    "tests/front/test_other_frames.py",
]


def python_of(name: str) -> str:
    """The interpreter of the environment with a set of versions."""
    folder = ROOT / ".bench" / "frames" / name
    python = folder / "bin" / "python"
    if not python.exists():
        needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
            "dependencies"
        ]
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        packages = [*needed, *SETS[name], "pytest>=8", "pytest-timeout"]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
    return str(python)


def main() -> int:
    paths = os.pathsep.join(str(ROOT / part) for part in ("core", "pyfront", "."))
    ends = []
    for name, versions in SETS.items():
        print(f"{name}: {', '.join(versions)}", flush=True)
        command = [python_of(name), "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", *TESTS]
        ends.append(
            subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, check=False).returncode
        )
    return max(ends)


if __name__ == "__main__":
    sys.exit(main())
