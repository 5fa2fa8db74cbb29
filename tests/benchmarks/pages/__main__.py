"""``python -m tests.benchmarks.pages``: measure, and write ``results/pages.md``."""

from __future__ import annotations

import os
from pathlib import Path

from . import streams, times

PAGE = Path(__file__).parents[1] / "results" / "pages.md"


def main() -> None:
    """Measure all, and write the page."""
    told = times.of_pages(*times.measure())
    print(told, flush=True)
    looking = streams.of_streams(streams.measure())
    print(looking, flush=True)
    head = (
        "# The web interface\n\n`make bench-pages` writes this page: node and browser on one machine with "
        f"{os.cpu_count()} cores. *Other work* is what other programs took of the cores meanwhile.\n"
    )
    PAGE.write_text(f"{head}\n{told}\n{looking}", encoding="utf-8")


if __name__ == "__main__":
    main()
