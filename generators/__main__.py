"""Write the generated files; with ``--check`` only say by the exit status whether they are up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .core_parameters import core_source
from .python_signature import choices_source, python_source
from .r_operations import r_sources
from .r_signature import r_source
from .sklearn_signature import sklearn_sources

ROOT = Path(__file__).resolve().parents[1]
CHOICES = ROOT / "pyfront" / "h2o" / "estimators" / "choices.py"
SIGNATURE = ROOT / "pyfront" / "h2o" / "estimators" / "deeplearning_signature.py"
SKLEARN = ROOT / "pyfront" / "h2o" / "sklearn"
PARAMETERS = ROOT / "core" / "heavywater" / "deeplearning" / "parameters" / "typed.py"
R_PACKAGE = ROOT / "rfront"


def main(arguments: list[str] | None = None) -> int:
    """Write or check the generated files; return the exit status."""
    parser = argparse.ArgumentParser(description="Write the source files that are made from tables.")
    parser.add_argument("--check", action="store_true", help="only say whether the files are stale")
    check = parser.parse_args(arguments).check
    stale = [path for path, text in sources().items() if _text(path) != text]
    for path in stale:
        if check:
            print(f"{path.name} is stale: run make generate", file=sys.stderr)
        else:
            path.write_text(sources()[path], encoding="utf-8")
    return int(check and bool(stale))


def sources() -> dict[Path, str]:
    """Text of every generated file, by its path."""
    return {
        CHOICES: choices_source(),
        SIGNATURE: python_source(),
        PARAMETERS: core_source(),
        **sklearn_sources(SKLEARN),
        R_PACKAGE / "R" / "deeplearning.R": r_source(),
        **r_sources(R_PACKAGE),
    }


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
