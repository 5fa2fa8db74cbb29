"""What the README and the manual quote of the files in ``results``: `speeds`, `accuracies`, and the texts made of them.

A document has ``<!-- figures: NAME -->`` and ``<!-- end of figures -->`` around each of them; `tests.benchmarks.figure` puts them there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .report import PEER_NAMES, _find, _speed_rows, _table
from .tabular.methods import METHODS
from .tabular.page import BASE
from .tabular.results import Results, Summary, summary
from .tabular.sets import REPORTED
from .workloads import WORKLOADS, Workload

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results")
COMPARED = {"best": "preset tabular-best", "tabular": "preset tabular", "lightgbm": "LightGBM", "hgb": "HistGradientBoosting",
            "xgboost": "XGBoost", "mlp": "scikit-learn's MLP", "default": "H2O's defaults"}  # fmt: skip
DOCUMENTS = ("README.md", "docs/guide/performance.md", "docs/guide/deploying.md")
MARKED = re.compile(r"(?<=<!-- figures: )([\w-]+)( -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)


@dataclass(frozen=True)
class Speed:
    """Training beside a peer, on two threads: how many times its rows per second, and the test errors that came with them."""

    title: str
    peer: str
    ratio: float
    error: float
    peer_error: float


def speeds() -> list[Speed]:
    """Those of trainings, in the order of the workloads."""
    summaries = json.loads((RESULTS / "speed.json").read_text(encoding="utf-8"))["summaries"]
    found = []
    for work in filter(_is_beside, WORKLOADS):
        ours, peer = (_find(summaries, work.name, engine, 2) for engine in ("heavywater", work.peer))
        if ours and peer:
            ratio = ours["median"] / peer["median"]
            name = PEER_NAMES[work.peer or ""]
            found.append(Speed(_title(work), name, ratio, ours["test_error"], peer["test_error"]))
    return found


def _is_beside(work: Workload) -> bool:
    return work.task == "train" and work.quantity == "rows_per_second" and work.peer is not None


def _title(work: Workload) -> str:
    return work.title.replace(" (PyTorch: Adam)", "")


def accuracies() -> dict[str, Summary]:
    """What each method comes to beside HistGradientBoosting, by its name in `COMPARED`; the best one first."""
    results, names = Results.read(RESULTS / "tables.json"), [table.name for table in REPORTED]
    found = {method: summary(results, method, BASE, names) for method in COMPARED}
    known = {method: each for method, each in found.items() if each is not None}
    return dict(sorted(known.items(), key=lambda pair: pair[1].error))


def by_table(method: str) -> list[float]:
    """The ratio of a method's error to HistGradientBoosting's on each table."""
    results = Results.read(RESULTS / "tables.json")
    found = [results.ratio(method, BASE, table.name, "error") for table in REPORTED]
    return [ratio for ratio in found if ratio is not None]


def headline() -> str:
    """Two sentences for the README."""
    best = accuracies()
    tabular, trees = best["tabular"], best["lightgbm"]
    return (
        f"Training with two threads: {_range('H2O')} times the rows per second of H2O, {_range('PyTorch')} times those of PyTorch, "
        f"on the same nets and the same machine; test errors stand beside each bar. Errors on {tabular.tables} tables, beside "
        f'HistGradientBoosting\'s: {tabular.error:.2f} with `preset="tabular"`, {trees.error:.2f} for LightGBM, '
        f"{best['mlp'].error:.2f} for scikit-learn's MLP, {best['default'].error:.2f} with H2O's defaults; boosted trees need far "
        f"less time (the preset {tabular.processor:.0f} times that of HistGradientBoosting's processor).\n"
    )


def _range(peer: str) -> str:
    ratios = sorted(speed.ratio for speed in speeds() if speed.peer == peer)
    return f"{ratios[0]:.2g} to {ratios[-1]:.2g}"


def machine() -> str:
    """Where and when the speeds were measured."""
    found = json.loads((RESULTS / "speed.json").read_text(encoding="utf-8"))["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(found["versions"].items()))
    return f"{found['date']}, {found['processor']}, {found['cores']} cores; {versions}.\n"


def speed_table() -> str:
    """All workloads, without the columns that few read."""
    content = json.loads((RESULTS / "speed.json").read_text(encoding="utf-8"))
    head, rows = _speed_rows(list(WORKLOADS), content["summaries"])
    return (
        machine() + "\n" + _table(*_without(("peak MB ours", "peer"), head, [r for r in rows if r[2]])) + "\n"
    )


def _without(
    names: Sequence[str], head: list[str], rows: list[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """All columns but the last ones, which have these names."""
    assert head[-len(names) :] == list(names)
    return head[: -len(names)], [row[: -len(names)] for row in rows]


def table_table() -> str:
    """What the methods come to on tables."""
    rows = [
        [
            METHODS[method].title,
            str(each.tables),
            f"{each.error:.3f}",
            str(each.wins),
            f"{each.processor:.1f}",
        ]
        for method, each in accuracies().items()
    ]
    return _table(["method", "tables", "error", "tables on which it is less", "processor time"], rows) + "\n"


def serving() -> str:
    """Memory and answers of the scoring service."""
    text = (RESULTS / "node.md").read_text(encoding="utf-8")
    memory = re.findall(r"Memory of the scoring service after its first answers: (\d+) MB", text)[0]
    rate = re.findall(r"^\| `/score/m` \| as fast as it goes \| (\d+) \|", text, re.MULTILINE)[0]
    return (
        f"Measured: {memory} MB after its first answers, {rate} answers a second to single rows on two cores that the client shares "
        "(`make bench-node`).\n"
    )


TEXTS: dict[str, Callable[[], str]] = {
    "headline": headline,
    "speed": speed_table,
    "tables": table_table,
    "serving": serving,
}


def renewed(text: str) -> str:
    """A document with the figures of the files as they are now.

    Raises
    ------
    KeyError
        It asks for a text that is not in `TEXTS`.
    """
    return MARKED.sub(lambda found: found[1] + found[2] + TEXTS[found[1]](), text)
