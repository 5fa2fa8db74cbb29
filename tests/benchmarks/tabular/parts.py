"""What each part of the preset is worth: errors without it. ``python -m tests.benchmarks.tabular.parts`` measures and writes the page.

Only tables to develop on, of at most some thousand rows, since this is about parts beside each other and not beside others.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from heavywater.deeplearning.parameters.presets import PRESETS

from ..report import _table
from .methods import ours
from .results import FILE, Results, geometric
from .running import THREADS
from .sets import BY_NAME
from .sources import Missing
from .tables import cut
from .worker import scores

PARTS_FILE = FILE.with_name("parts.json")
WHOLE = "whole"
TABLES = ("sacramento", "pima", "cars", "segment", "hpc", "attrition", "wage")
_LONGEST = max(PRESETS["Tabular"]["epochs_candidates"])
# title, what takes the place of the part
PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    WHOLE: ("nothing: the preset as it is", {}),
    "ramps": ('one input for each number (`numeric_encoding="Standardized"`)', {"numeric_encoding": "Standardized"}),
    "members": ("one network (`ensemble_size=1`)", {"ensemble_size": 1}),
    "choice": (f"always {_LONGEST:g} epochs (`epochs={_LONGEST:g}`)", {"epochs": _LONGEST}),
    "cut": (
        "a long run, of which the best epoch is taken (`epochs`, `validation_fraction`, `overwrite_with_best_model`)",
        {"epochs": _LONGEST, "validation_fraction": 0.15, "overwrite_with_best_model": True},
    ),
    "plain": ("no plainer network is tried (`l1_candidates=[]`)", {"l1_candidates": []}),
    "dropout": ('no dropout (`activation="Rectifier"`)', {"activation": "Rectifier"}),
    "cosine": ('a rate that stays (`rate_schedule="H2O"`)', {"rate_schedule": "H2O"}),
    "adam": (
        "ADADELTA, row by row (`adaptive_rate=True, mini_batch_size=1`)",
        {"adaptive_rate": True, "mini_batch_size": 1},
    ),
    "best": ('`preset="tabular-best"`', {"preset": "TabularBest"}),
    "h2o": ("everything: H2O's defaults", {"preset": "H2O"}),
}  # fmt: skip


def main() -> int:
    """Measure what is not known yet, keep it, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.tabular.parts", description=__doc__)
    parser.add_argument("--tables", nargs="*", default=TABLES)
    parser.add_argument("--splits", nargs="*", type=int, default=[1])
    asked = parser.parse_args()
    for table in asked.tables:
        for split in asked.splits:
            for part in PARTS:
                _measure(part, table, split)
    PARTS_FILE.with_suffix(".md").write_text(page(Results.read(PARTS_FILE)), encoding="utf-8")
    return 0


def _measure(part: str, table: str, split: int) -> None:
    if Results.read(PARTS_FILE).has(part, table, split):
        return
    parameters = {"preset": "Tabular", **PARTS[part][1]}
    try:
        rows = cut(BY_NAME[table], split)
    except Missing as error:
        print(f"{table}: {error}", flush=True)
        return
    busy = time.process_time()
    predict = ours(parameters)(rows, BY_NAME[table].kind, THREADS, split)
    used = time.process_time() - busy
    figures = scores(predict(), rows.test_answer, BY_NAME[table].kind) | {"processor_seconds": used}
    print(f"{part} {table} {split}: {figures['error']:.4g}", flush=True)
    results = Results.read(PARTS_FILE)
    results.add(part, table, split, figures)
    results.write(PARTS_FILE)


def page(results: Results) -> str:
    """All of it, as Markdown."""
    tables = sorted({table for runs in results.runs.values() for table in runs})
    return f"""# What each part of the preset for tables is worth

`python -m tests.benchmarks.tabular.parts`; how: its docstring and that of `tests/benchmarks/tabular`. Tables: {", ".join(tables)}.

{parts_table(results)}
"""


def parts_table(results: Results) -> str:
    """A line for each part: ratios to the whole preset, as geometric means over tables; above 1 the part is worth something."""
    lines = []
    for part, (title, _) in PARTS.items():
        if part not in results.runs:
            continue
        ratios = (_ratio(results, part, what) for what in ("error", "logloss", "processor_seconds"))
        lines.append([title, *("" if each is None else f"{each:.2f}" for each in ratios)])
    return _table(["in its place", "error", "log-loss", "time"], lines)


def _ratio(results: Results, part: str, what: str) -> float | None:
    found = (results.ratio(part, WHOLE, table, what) for table in results.runs.get(part, {}))
    return geometric(each for each in found if each)


if __name__ == "__main__":
    sys.exit(main())
