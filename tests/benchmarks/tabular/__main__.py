"""``python -m tests.benchmarks.tabular``; see the options with ``--help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from . import page, picture
from .methods import METHODS, OURS
from .results import FILE, Results
from .running import THREADS, Failed, measured
from .sets import BY_NAME, REPORTED, TableSet
from .sources import Missing
from .tables import SPLITS, cut, made


def main() -> int:
    """Measure what is asked for, keep the figures, and write the page and its picture."""
    asked = _asked()
    results = Results.read(asked.file)
    for method, table, split in _jobs(asked):
        if asked.only_new and results.has(method, table.name, split):
            continue
        try:
            figures = measured(
                {"method": method, "table": table.name, "split": split, "threads": asked.threads}
            )
        except Failed as error:
            print(f"{method} on {table.name}, split {split}: {error}", flush=True)
            continue
        print(
            f"{method} {table.name} {split}: " + " ".join(f"{k} {v:.4g}" for k, v in figures.items()),
            flush=True,
        )
        results = Results.read(asked.file)  # what others have measured meanwhile stays
        results.add(method, table.name, split, figures)
        results.write(asked.file)
    if asked.file == FILE:
        show(results)
    return 0


def show(results: Results) -> None:
    """Write the page and its picture."""
    FILE.with_suffix(".md").write_text(page.text(results, REPORTED), encoding="utf-8")
    picture.draw(results, REPORTED, FILE.with_suffix(".svg"))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.tabular", description=__doc__)
    parser.add_argument("--methods", nargs="*", choices=METHODS, default=list(OURS))
    parser.add_argument("--tables", nargs="*", choices=BY_NAME, default=[t.name for t in REPORTED])
    parser.add_argument("--splits", nargs="*", type=int, choices=SPLITS, default=SPLITS)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument(
        "--file", type=Path, default=FILE, help="where figures are kept; the page is of the default"
    )
    parser.add_argument("--only-new", action="store_true", help="leave out what was measured before")
    return parser.parse_args()


def _jobs(asked: argparse.Namespace) -> Iterator[tuple[str, TableSet, int]]:
    """Small tables first, all of them on one split before the next one."""
    there: list[tuple[int, TableSet]] = []
    for name in asked.tables:
        try:
            made(BY_NAME[name])
            there.append((len(cut(BY_NAME[name], SPLITS[0]).train), BY_NAME[name]))
        except Missing as error:
            print(f"{name} is left out: {error}", flush=True)
    for split in asked.splits:
        for method in asked.methods:
            yield from ((method, table, split) for _, table in sorted(there, key=lambda pair: pair[0]))


if __name__ == "__main__":
    sys.exit(main())
