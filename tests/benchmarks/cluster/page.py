"""The page: what was measured, what was simulated, and how far one is from the other."""

from __future__ import annotations

import datetime
import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..report import _processor, _table
from . import expected
from .curves import rows_to
from .expected import Found
from .links import Link, links
from .measuring import FLOORS, QUIET, WAYS
from .nets import BOOKLET, MEMBERS, RATIOS, Net


def text(found: Found, nets: Sequence[Net]) -> str:
    """All of it, as Markdown."""
    parts = [_head(found), _short(found, nets), _speeds(found, nets), _beginning(found, nets), _meetings(found), _beside(found, nets),
             _throughput(found, nets), _time_to_error(found, nets), _floors(found)]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(found: Found) -> str:
    other = [each["other_cores_busy"] for each in found.get("speeds", [])]
    quiet = sum(each <= QUIET for each in other)
    return f"""# What several nodes bring

`make bench-cluster`; how: the docstring of `tests/benchmarks/cluster`. {datetime.date.today()}, {_processor()}, {os.cpu_count()} cores.
MNIST, all rows on each node, one thread each, the sparse form, everything else as by default. {len(other)} measurements of speed,
{quiet} of them with other work on at most {QUIET} cores; in all others other programs took part of the cores, which the tables say.

![Throughput and time to an error against nodes](cluster.svg)"""


def _short(found: Found, nets: Sequence[Net]) -> str:
    lines = []
    for net in nets:
        error, fast = error_of(found, net), wires(found)[-1]
        speed_up = list(points(found, net, fast, error))[-1].speed_up
        all_points = [
            (p, link)
            for ratio in RATIOS
            for link in wires(found)
            for p in points(found, net, link, error, ratio)
        ]
        reached = [(p.gain, p.members, link.name, p.rows) for p, link in all_points if p.gain is not None]
        gain, members, link, rows = max(reached, default=(1.0, 1, "", 0))
        sooner = (
            f"{error:g} % of errors at best {gain:.1f} times sooner ({members} nodes, {link}, {rows} rows of each in a round)"
            if members > 1
            else f"no time to {error:g} % of errors of several nodes is known"
        )
        lines.append(
            f"- {net.title}: {MEMBERS[-1]} nodes have {speed_up:.0f} times the rows per second of one over {fast.name}; {sooner}."
        )
    return "\n".join(lines)


def _speeds(found: Found, nets: Sequence[Net]) -> str:
    head = ["net", *(f"{way} [rows/s]" for way in WAYS), "2 nodes / 1 node", "2 apart / alone", "by the processor's clock",
            "meetings", "other cores busy"]  # fmt: skip
    rows = []
    for net in nets:
        if not all(expected.turns(found, net, way) for way in WAYS):
            continue
        speed = {way: expected.speed(found, net, way) for way in WAYS}
        there = [each for way in WAYS for each in expected.turns(found, net, way)]
        share = statistics.median(each["communication"] for each in expected.turns(found, net, "2 nodes"))
        clock = 2 * expected.per_cpu(found, net, "2 nodes") / expected.per_cpu(found, net, "1 node")
        busy = [each["other_cores_busy"] for each in there]
        rows.append([
            net.title, *(_number(speed[way]) for way in WAYS), f"**{speed['2 nodes'] / speed['1 node']:.2f}**",
            f"{speed['2 apart'] / speed['this process']:.2f}", f"{clock:.2f}", _percent(share),
            f"{min(busy):.2f} to {max(busy):.2f}",
        ])  # fmt: skip
    if not rows:
        return ""
    return f"""## Speed, measured

In turns, medians. "This process": without nodes. "2 apart": two processes that have nothing to do with each other train at the same
time, each a network of its own: what the cores and the memory of this machine allow. "By the processor's clock": twice the rows per
second of processor time of two nodes over those of one; time in which a node waits is not in it, so it is what is left to two
machines that nothing else disturbs, before they wait for each other.

{_table(head, rows)}"""


def _beginning(found: Found, nets: Sequence[Net]) -> str:
    ways = [
        way
        for way in ("this process", "1 node", "2 nodes")
        if any(expected.turns(found, net, way) for net in nets)
    ]
    names: dict[str, None] = {}
    for each in found.get("speeds", []):
        names.update(dict.fromkeys(each["phases"]))
    rows = []
    for name in names:
        cells = [_phase(found, net, way, name) for net in nets for way in ways]
        rows.append([name.strip(), *cells])
    head = ["milliseconds", *(f"{net.name}, {way}" for net in nets for way in ways)]
    return f"""## What a training takes beside its rows

Medians of whole calls; "messages" and "fetch weights": for each slice of about 0.3 s, and for each look at the weights.

{_table(head, rows)}"""


def _phase(found: Found, net: Net, way: str, name: str) -> str:
    there = [each["phases"][name] for each in expected.turns(found, net, way) if name in each["phases"]]
    single = name.strip() in ("messages", "fetch weights")
    return (
        f"{1000 * statistics.median(s / (calls if single else 1) for s, calls in there):.3g}" if there else ""
    )


def _meetings(found: Found) -> str:
    own, lines = links(found["ring"])
    rows = [
        [
            f"{4e-6 * int(values):.3g} MB",
            f"{1000 * seconds:.3g}",
            f"{1000 * found['ring']['alone'][values]:.3g}",
        ]
        for values, seconds in found["ring"]["both"].items()
    ]
    wires = [[each.name, f"{1e6 * each.latency:.0f}", f"{8e-9 * each.rate:.3g}"] for each in lines]
    return f"""## Meetings

Two processes, guided rule; of each size the tenth of all rounds that was least disturbed. Of what a member of one needs (copies)
follow {1e9 * own:.2f} ns per byte, of the rest latency and rate of this machine's loopback. The other links have the rate that TCP gets of
theirs, and 50 µs more, which is an assumption.

{_table(["weights", "two members [ms]", "one [ms]"], rows)}

{_table(["link", "latency of a message [µs]", "rate in each direction [Gbit/s]"], wires)}"""


def _beside(found: Found, nets: Sequence[Net]) -> str:
    _own, (here, *_) = links(found["ring"])
    rows = []
    for net in nets:
        if not all(expected.turns(found, net, way) for way in WAYS):
            continue
        for n, way, base in ((1, "1 node", "this process"), (2, "2 nodes", "2 apart")):
            alone, measured = expected.speed(found, net, base) / n, expected.speed(found, net, way)
            simulated = expected.outcome(found, net, n, here, rows_per_second=alone).rows_per_second
            deviation = simulated / measured - 1
            rows.append([net.name, way, _number(measured), _number(simulated), f"{100 * deviation:+.0f} %",
                         _verdict(deviation, [*expected.turns(found, net, way), *expected.turns(found, net, base)])])  # fmt: skip
    head = ["net", "", "measured [rows/s]", "simulated [rows/s]", "deviation", "within 15 %"]
    return f"""## The simulation beside the measurement

Over this machine's loopback, with the speed that one process has here, or that each of two has which are apart. Where other work
took part of the cores, what was measured in turns does not belong together, and nothing is decided.

{_table(head, rows)}"""


def _verdict(deviation: float, there: Sequence[Mapping[str, Any]]) -> str:
    if max(each["other_cores_busy"] for each in there) > QUIET:
        return "not decided: other work"
    return "yes" if abs(deviation) <= 0.15 else "**no**"


@dataclass(frozen=True)
class Point:
    """So many nodes with a link.

    Attributes
    ----------
    speed_up : float
        In rows per second.
    rows : int
        Of each member, in a round.
    needed, seconds, gain : float, optional
        Rows of all until the error is reached, seconds, and how much sooner than one node; None where it is not known.
    error : float, optional
        Where the error is not reached: the lowest one, and its rows are `needed`.
    """

    members: int
    rows_per_second: float
    speed_up: float
    rows: int
    communication: float
    needed: float | None
    seconds: float | None
    gain: float | None
    lowest: tuple[int, float] | None


def points(found: Found, net: Net, link: Link, error: float, ratio: float = RATIOS[0]) -> Iterator[Point]:
    """Of all numbers of nodes."""
    one = expected.outcome(found, net, 1, link)
    alone = expected.rows_needed(found, net, 1, expected.FREE_ROWS, error)
    for n in MEMBERS:
        out = one if n == 1 else expected.outcome(found, net, n, link, ratio)
        rows = expected.FREE_ROWS if n == 1 else out.rows
        needed = expected.rows_needed(found, net, n, rows, error)
        seconds = None if needed is None else needed / out.rows_per_second
        gain = None if seconds is None or alone is None else alone / one.rows_per_second / seconds
        curves = expected.curves_of(found, net, n, rows)
        lowest = (
            min(((int(r), e) for r, e in curves[0]), key=lambda each: each[1])
            if curves and curves[0]
            else None
        )
        speed_up = out.rows_per_second / one.rows_per_second
        yield Point(n, out.rows_per_second, speed_up, rows, out.communication, needed, seconds, gain, lowest)


def error_of(found: Found, net: Net) -> float:
    """The lowest of the net's errors that one node was seen to reach."""
    there = [e for e in net.errors if expected.rows_needed(found, net, 1, expected.FREE_ROWS, e) is not None]
    return min(there, default=net.errors[-1])


def wires(found: Found) -> list[Link]:
    """Links that are simulated."""
    return links(found["ring"])[1][1:]


def _throughput(found: Found, nets: Sequence[Net]) -> str:
    head, columns = ["nodes"], []
    for net in nets:
        for link in wires(found):
            head.append(f"{net.name}, {link.name}")
            columns.append(
                [
                    f"{p.speed_up:.1f} ({p.rows}, {_percent(p.communication)})"
                    for p in points(found, net, link, net.errors[-1])
                ]
            )
    head.append("booklet")
    columns.append([f"{BOOKLET[n]:.0f}" if n in BOOKLET else "" for n in MEMBERS])
    rows = [[str(n), *cells] for n, cells in zip(MEMBERS, zip(*columns, strict=True), strict=True)]
    alone = ", ".join(f"{net.name} {_number(found['alone'][net.name]['rows_per_second'])}" for net in nets)
    return f"""## Throughput, simulated

Times the rows per second of one node (rows of each node in a round, share of meetings in the time). The rounds are those that
`rounds.py` chooses for a share of {_percent(RATIOS[0])}, but never more than an epoch of all, so that small nets on many nodes meet
more than that. One node with one thread trains {alone} rows/s. The booklet's figure: nodes of four threads, the record net, one
round for 64 epochs: no error is told.

{_table(head, rows)}"""


def _time_to_error(found: Found, nets: Sequence[Net]) -> str:
    sections = [_to_error(found, net, error) for net in nets for error in sorted(net.errors, reverse=True)]
    together = "\n\n".join(sections)
    return f"""## Time to an error, simulated

Rows until the error is reached: as many networks in one process, with rounds as long as on these links. Seconds: those rows over
the throughput above, without the beginning and without scoring. Empty: not tried. Where meetings take more of the time, rounds were
made shorter with `target_ratio_comm_to_comp={RATIOS[1]:g}`. "Not reached" names where a
training has ended; some of them there was no time to bring to their end.

{together}"""


def _to_error(found: Found, net: Net, error: float) -> str:
    rows, default = [], dict[tuple[int, str], int]()
    for ratio in RATIOS:
        for k, link in enumerate(wires(found)):
            for p in points(found, net, link, error, ratio):
                own = ratio == RATIOS[0] or p.rows * expected.FAR < default[p.members, link.name]
                default.setdefault((p.members, link.name), p.rows)
                if p.members > 1 and own and (ratio == RATIOS[0] or p.lowest is not None):
                    rows.append(
                        [str(p.members), link.name, _percent(p.communication), str(p.rows), *_reached(p)]
                    )
                elif p.members == 1 and ratio == RATIOS[0] and k == 0:
                    rows.append(["1", "", "", "", *_reached(p)])
    head = ["nodes", "link", "meetings", "rows of each in a round", "rows of all", "seconds", "times sooner"]
    measured = _measured_times(found, net, error)
    return f"### {net.title}: {error:g} % of test errors\n\n{_table(head, rows)}" + (
        measured and f"\n\n{measured}"
    )


def _reached(p: Point) -> list[str]:
    if p.seconds is None:
        return [
            ""
            if p.lowest is None
            else f"not reached: {p.lowest[1]:.2f} % after {p.lowest[0]:,}".replace(",", " "),
            "",
            "",
        ]
    return [_number(p.needed or 0), f"{p.seconds:.3g}", "" if p.gain is None else f"**{p.gain:.2f}**"]


def _measured_times(found: Found, net: Net, error: float) -> str:
    there = [each for each in found.get("times", []) if each["net"] == net.name]
    rows = [[each["way"], str(each["seed"]), *_first(each["points"], error), _percent(each.get("communication", 0.0)),
             f"{each['other_cores_busy']:.2f}"] for each in there]  # fmt: skip
    if not rows:
        return ""
    head = ["measured", "seed", "rows", "seconds", "meetings", "other cores busy"]
    return _table(head, rows)


def _first(found: Sequence[Sequence[float]], error: float) -> list[str]:
    needed = rows_to([(int(rows), e) for rows, e, _ in found], error)
    if needed is None:
        low = min(found, key=lambda each: each[1])
        return [f"not reached: {low[1]:.2f} % after {_number(low[0])}", ""]
    rows, _, seconds = next(each for each in found if each[0] >= needed)
    return [_number(needed), f"{needed * seconds / rows:.3g}"]


def _floors(found: Found) -> str:
    rows = []
    there: Mapping[str, Any] = found.get("floors", {})
    for name, nodes, total, by_digit, most in FLOORS:
        key = f"{name} {nodes} {total} {by_digit} "
        errors = [each["points"][-1][1] for k, each in there.items() if k.startswith(key)]
        if errors:
            mean = statistics.fmean(errors)
            limit = "" if most is None else f"{most:g} %: {'reached' if mean <= most else '**not reached**'}"
            shards = "apart, sorted by digit" if by_digit else "all on each"
            rows.append([name, str(nodes), _number(total), shards, f"{mean:.2f} %", str(len(errors)), limit])
    if not rows:
        return ""
    head = ["net", "nodes", "rows of all", "rows", "test errors", "seeds", "at most"]
    return f"""## Errors of real nodes on this machine

As many processes with one thread each, which share the cores; rounds of 128 rows of each node (`reproducible=True`). The default
net is dense here.

{_table(head, rows)}"""


def _number(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.0f}".replace(",", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
