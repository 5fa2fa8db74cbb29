"""``python -m release 1.2.3``: make a release, or with ``--dry-run`` show what it would be."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from .steps import Refused, make, rehearse

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Make a release of the checkout at `root`; return the exit status."""
    parser = argparse.ArgumentParser(prog="release", description="Make a release of this checkout.")
    parser.add_argument("version", help="three numbers, as 1.2.3")
    parser.add_argument("--dry-run", action="store_true", help="do it in a copy, build nothing, and show it")
    chosen = parser.parse_args(arguments)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    try:
        (rehearse if chosen.dry_run else make)(root, chosen.version, today)
    except Refused as error:
        print(f"No release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
