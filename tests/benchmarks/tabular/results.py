"""Figures that were measured, in a file, so that what takes long need not run again; and what they come to."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).parents[1] / "results" / "tables.json"
Figures = dict[str, float]


@dataclass
class Results:
    """Figures by method, table and split."""

    runs: dict[str, dict[str, dict[str, Figures]]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path = FILE) -> Results:
        """Those in `file`, none where there is none."""
        return cls(json.loads(file.read_text()) if file.exists() else {})

    def add(self, method: str, table: str, split: int, figures: Figures) -> None:
        """Keep the figures of a run, rounded to six digits."""
        found = {name: float(f"{value:.6g}") for name, value in figures.items()}
        self.runs.setdefault(method, {}).setdefault(table, {})[str(split)] = found

    def write(self, file: Path = FILE) -> None:
        """Replace `file`."""
        ordered = {m: {t: self.runs[m][t] for t in sorted(self.runs[m])} for m in sorted(self.runs)}
        part = file.with_suffix(".part")
        part.write_text(json.dumps(ordered, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        part.replace(file)

    def has(self, method: str, table: str, split: int) -> bool:
        """Whether a run is there."""
        return str(split) in self.runs.get(method, {}).get(table, {})

    def common(self, table: str) -> set[str]:
        """The splits of a table that all methods have which have it at all."""
        there = [set(tables[table]) for tables in self.runs.values() if table in tables]
        return set.intersection(*there) if there else set()

    def mean(self, method: str, table: str, what: str) -> float | None:
        """The mean of a figure over the common splits, None where there is none; ``missed`` is 1 - AUC."""
        found = self.runs.get(method, {}).get(table, {})
        values = [_figure(found[split], what) for split in sorted(self.common(table)) if split in found]
        known = [v for v in values if v is not None]
        return statistics.fmean(known) if known else None

    def ratio(self, method: str, other: str, table: str, what: str) -> float | None:
        """The geometric mean of the ratio to another method, over the splits that both have."""
        mine, its = (self.runs.get(m, {}).get(table, {}) for m in (method, other))
        pairs = [(_figure(mine[s], what), _figure(its[s], what)) for s in mine if s in its]
        return geometric(a / b for a, b in pairs if a is not None and b)


def _figure(figures: Figures, what: str) -> float | None:
    if what == "missed":
        return 1 - figures["auc"] if "auc" in figures else None
    return figures.get(what)


def geometric(values: Iterable[float]) -> float | None:
    """The geometric mean, None of nothing."""
    logs = [math.log(value) for value in values]
    return math.exp(statistics.fmean(logs)) if logs else None


@dataclass(frozen=True)
class Summary:
    """A method beside another one, over tables."""

    tables: int
    error: float
    without_best: float
    wins: int
    worst: tuple[float, str]
    logloss: float | None
    worst_loss: tuple[float, str] | None
    seconds: float
    processor: float


def summary(results: Results, method: str, other: str, tables: Sequence[str]) -> Summary | None:
    """Ratios to `other` over those of the `tables` that both have, None where there are none."""

    def by_table(what: str) -> dict[str, float]:
        found = {table: results.ratio(method, other, table, what) for table in tables}
        return {table: ratio for table, ratio in found.items() if ratio is not None}

    errors, losses, missed = (by_table(what) for what in ("error", "logloss", "missed"))
    if not errors:
        return None
    ordered = sorted(errors.values())
    worst = max(errors, key=errors.__getitem__)
    both = {t: _milder(losses[t], missed.get(t)) for t in losses}
    bad = max(both, key=both.__getitem__, default=None)
    seconds, processor = (geometric(by_table(what).values()) for what in ("seconds", "processor_seconds"))
    return Summary(
        tables=len(errors),
        error=geometric(ordered) or math.nan,
        without_best=geometric(ordered[1:]) or math.nan,
        wins=sum(ratio < 1 for ratio in ordered),
        worst=(errors[worst], worst),
        logloss=geometric(losses.values()),
        worst_loss=None if bad is None else (both[bad], bad),
        seconds=seconds or math.nan,
        processor=processor or math.nan,
    )


def _milder(loss: float, missed: float | None) -> float:
    """A table counts as its better one of log-loss and 1 - AUC."""
    return loss if missed is None else min(loss, missed)
