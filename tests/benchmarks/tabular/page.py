"""The page: what each method comes to beside gradient boosting, and each table's figures."""

from __future__ import annotations

import datetime
import os
import statistics
from collections.abc import Iterator, Sequence

from ..report import _processor, _table
from .methods import METHODS, OURS
from .results import Results, Summary, summary
from .sets import DEVELOPMENT, TableSet
from .tables import SPLITS, rows_of

CORES = os.cpu_count() or 1
BASE = "hgb"  # beside which everything stands


def text(results: Results, tables: Sequence[TableSet]) -> str:
    """All of it, as Markdown."""
    names = [table.name for table in tables]
    methods = [m for m in METHODS if m in results.runs]
    sections = [
        _head(results, tables),
        _beside(results, methods, names, BASE),
        _against(results, names),
        _by_table(results, methods, tables, "error", "Error"),
        _by_table(results, methods, tables, "logloss", "Logarithmic loss"),
        _by_table(results, methods, tables, "missed", "1 - AUC"),
        _by_table(results, methods, tables, "seconds", "Seconds of training"),
        _by_table(results, methods, tables, "processor_seconds", "Seconds of the processor, training"),
        _sources(tables),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(results: Results, tables: Sequence[TableSet]) -> str:
    loads = [f["load"] for m in results.runs.values() for t in m.values() for f in t.values() if "load" in f]
    busy = statistics.median(loads) if loads else 0.0
    remark = (
        f"\n\nOther programs ran beside most of it (load {busy:.0f}), and rivals had one thread: compare seconds of "
        "the processor, not those that passed."
        if busy > 2 * CORES
        else ""
    )
    runs = {len(splits) for of in results.runs.values() for splits in of.values()}
    some = (
        ""
        if runs <= {len(SPLITS)}
        else " Not all were run on each split; ratios are over those that both have."
    )
    return f"""# Tables: errors beside boosted trees and other networks

`make bench-tables`; how: the docstring of `tests/benchmarks/tabular`. {datetime.date.today()}, {_processor()}, {os.cpu_count()} cores.
{len(tables)} tables, {len(SPLITS)} splits of 75 % to train and 25 % to test, two threads, every method as it comes.{some}{remark}

![Errors beside those of HistGradientBoosting](tables.svg)"""


def _beside(results: Results, methods: Sequence[str], names: Sequence[str], base: str) -> str:
    head = ["method", "tables", "error", "less its best table", "wins", "worst table", "log-loss", "worst log-loss or 1 - AUC",
            "seconds", "processor"]  # fmt: skip
    lines = [
        [METHODS[m].title, *_figures(found)]
        for m in methods
        if (found := summary(results, m, base, names)) is not None
    ]
    return f"""## Beside {METHODS[base].title}

Ratios, as geometric means over tables: below 1 is better. Of a table the worst of log-loss and 1 - AUC is the milder one of the two.

{_table(head, lines)}"""


def _figures(found: Summary) -> list[str]:
    loss = "" if found.logloss is None else f"{found.logloss:.3f}"
    worst_loss = "" if found.worst_loss is None else f"{found.worst_loss[0]:.2f} ({found.worst_loss[1]})"
    return [
        str(found.tables), f"{found.error:.3f}", f"{found.without_best:.3f}", str(found.wins),
        f"{found.worst[0]:.2f} ({found.worst[1]})", loss, worst_loss, f"{found.seconds:.1f}", f"{found.processor:.1f}",
    ]  # fmt: skip


def _against(results: Results, names: Sequence[str]) -> str:
    lines = [
        [METHODS[mine].title, METHODS[its].title, str(found.tables), f"{found.error:.3f}",
         "" if found.logloss is None else f"{found.logloss:.3f}", str(found.wins), f"{found.processor:.2f}"]
        for mine in OURS
        for its in ("mlp", "realmlp", "tabm", "lightgbm", "xgboost")
        if (found := summary(results, mine, its, names)) is not None
    ]  # fmt: skip
    head = ["method", "beside", "tables", "error", "log-loss", "wins", "processor"]
    return f"## Beside the others\n\nOver the tables and splits that both have.\n\n{_table(head, lines)}"


def _by_table(
    results: Results, methods: Sequence[str], tables: Sequence[TableSet], what: str, title: str
) -> str:
    lines = []
    for table in tables:
        values = [results.mean(m, table.name, what) for m in methods]
        if all(v is None for v in values):
            continue
        least = min(v for v in values if v is not None)
        lines.append([table.name, *("" if v is None else _number(v, v == least) for v in values)])
    short = [METHODS[m].title.removeprefix("heavywater, ") for m in methods]
    return (
        f"## {title}\n\nMeans over the splits that all have which are in a line.\n\n{_table(['table', *short], lines)}"
        if lines
        else ""
    )


def _number(value: float, best: bool) -> str:
    digits = f"{value:.0f}" if value >= 1000 else f"{value:.4g}"
    return f"**{digits}**" if best else digits


def _sources(tables: Sequence[TableSet]) -> str:
    def lines(of: Sequence[TableSet]) -> Iterator[list[str]]:
        for table in of:
            found = rows_of(table)
            yield [table.name, table.origin, table.kind, *(found or ["", "", "", ""]), table.note]

    head = ["table", "from", "predicts", "rows", "numbers", "categories", "missing", ""]
    return f"""## The tables

{_table(head, list(lines(tables)))}

Those that the figures of the preset were chosen on, none of which is above:

{_table(head, list(lines(DEVELOPMENT)))}"""
