"""``python -m tests.benchmarks.node``: measure, and write ``results/node.md``."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from pathlib import Path

from . import booklet, rows, training

PAGE = Path(__file__).parents[1] / "results" / "node.md"


def of_rows(found: Sequence[rows.Measured], memory: int) -> str:
    """The part about single rows."""
    lines = [
        "## Single rows",
        "",
        f"A model of two classes with 7 inputs (two factors) and hidden layers of 50 and 50; each request has one row. {rows.CONNECTIONS} "
        f"connections stay open. *Paced*: together they send {rows.RATE} requests a second, each at its time, whether the one before "
        "was answered soon or not; latencies count from that time. *As fast as it goes*: each connection asks again as soon as it has "
        f"its answer, so that {rows.CONNECTIONS} requests wait at any time, and the latency is that number divided by the rate. The "
        "client (Python, asyncio) runs on the same cores as the server.",
        "",
        "| | | answers/s | median | 99 % within | errors | CPU per answer | other work |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for place, (what, load, cpu, others) in enumerate(found):
        pace = f"{rows.RATE}/s, paced" if place % 2 == 0 else "as fast as it goes"
        lines.append(
            f"| `{what}` | {pace} | {load.rate:.0f} | {1000 * load.median:.1f} ms | {1000 * load.quantile(0.99):.1f} ms | "
            f"{len(load.errors)} | {1e6 * cpu:.0f} µs | {others:.2f} cores |"
        )
    return "\n".join(
        [*lines, "", f"Memory of the scoring service after its first answers: {memory / 1000:.0f} MB.", ""]
    )


def of_training(found: training.Polling) -> str:
    """The part about a client that looks on."""
    alone, watched = statistics.median(found.alone), statistics.median(found.watched)
    pairs = [w / a - 1 for a, w in zip(found.alone, found.watched, strict=True)]
    share = training.POLLS * found.look
    return "\n".join(
        [
            "## A client that looks on",
            "",
            f"{len(pairs)} pairs of trainings at a node, one of each pair watched by another client, which asks {training.POLLS} times a "
            "second for the state of the job and for its scoring history.",
            "",
            "| | |",
            "|---|---:|",
            f"| median training, alone | {alone:.2f} s |",
            f"| median training, watched | {watched:.2f} s |",
            f"| median change within pairs | {100 * statistics.median(pairs):+.2f} % |",
            f"| change from pair to pair (quartiles) | {100 * _quartile(pairs, 0):+.2f} .. {100 * _quartile(pairs, 2):+.2f} % |",
            f"| CPU of the node for one look | {1e6 * found.look:.0f} µs |",
            f"| share of one core, {training.POLLS} looks a second | {100 * share:.2f} % |",
            f"| other work meanwhile | {found.others:.2f} cores |",
            "",
        ]
    )


def of_stories(found: booklet.Stories) -> str:
    """The part about the booklet."""
    here, there = (", ".join(f"{each:.1f}" for each in seconds) for seconds in (found.here, found.there))
    return (
        "## The booklet's examples\n\nThe Python examples of the booklet, on few digits, in turns: in a session of the "
        f"process {here} s, at a node in another process {there} s; the ratio of the medians is {found.ratio:.2f} (other work: "
        f"{found.others:.2f} cores).\n"
    )


def _quartile(values: Sequence[float], which: int) -> float:
    return statistics.quantiles(values, n=4)[which]


def main() -> None:
    """Measure all, and write the page."""
    scored = of_rows(*rows.measure())
    print(scored, flush=True)
    watched = of_training(training.polling())
    print(watched, flush=True)
    seconds, others = training.upload()
    sent = (
        f"## A frame on its way\n\n1 million rows of 10 numbers (80 MB) are a frame at a node after {seconds:.3f} s (median; other "
        f"work: {others:.2f} cores).\n"
    )
    print(sent, flush=True)
    told = of_stories(booklet.stories())
    print(told, flush=True)
    head = (
        "# A node and a scoring service\n\n`make bench-node` writes this page: all on one machine with "
        f"{os.cpu_count()} cores, over its loopback. *Other work* is what other programs took of the cores meanwhile; a figure from a "
        "disturbed machine says little.\n"
    )
    PAGE.write_text(f"{head}\n{scored}\n{watched}\n{sent}\n{told}", encoding="utf-8")


if __name__ == "__main__":
    main()
