"""See `tests.benchmarks.cluster`."""

from __future__ import annotations

import argparse
import fcntl
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import links, measuring
from .curves import curve
from .nets import BY_NAME, MEMBERS, RATIOS, Net

RESULTS = Path(__file__).parents[1] / "results"
FILE = RESULTS / "cluster.json"
Found = dict[str, Any]


def recorded() -> Found:
    """What was found before."""
    return dict(json.loads(FILE.read_text())) if FILE.exists() else {}


@contextmanager
def change() -> Iterator[Found]:
    """What was found before, to be added to; parts may run at the same time."""
    with (Path(tempfile.gettempdir()) / "heavywater-bench-cluster").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = recorded()
        yield found
        new = FILE.with_suffix(".new")
        new.write_text(json.dumps(found) + "\n")
        new.replace(FILE)


def measure_speeds(nets: list[Net], given: argparse.Namespace) -> None:
    """Rows per second of each way, added to what is there of this machine's earlier turns."""
    for figures in measuring.speeds(nets, given.turns, given.patience):
        with change() as found:
            found.setdefault("speeds", []).append(figures)
        print(f"{figures['net']:8} {figures['way']:12} {figures['rows_per_second']:9.0f} rows/s "
              f"(other work: {figures['other_cores_busy']:.2f} cores)", flush=True)  # fmt: skip


def measure_ring(nets: list[Net], given: argparse.Namespace) -> None:
    """Meetings, and rows of one process by its processor's clock."""
    ring, alone = links.measured(), {net.name: measuring.rows_alone(net) for net in nets}
    with change() as found:
        found["ring"] = ring
        found.setdefault("alone", {}).update(alone)
    print(json.dumps(found["alone"], indent=1), links.links(found["ring"]))


def measure_times(nets: list[Net], given: argparse.Namespace) -> None:
    """Seconds to an error, of one node and of two."""
    for net in nets:
        for figures in measuring.times(net, given.seeds):
            with change() as found:
                found.setdefault("times", []).append(figures)
            print(net.name, figures["way"], figures["points"][-1], flush=True)


def measure_floors(nets: list[Net], given: argparse.Namespace) -> None:
    """Errors of many nodes on this machine, which has no cores for them: slow, but what they learn is the same."""
    for key, figures in measuring.floors(given.seeds, recorded().get("floors", {})):
        with change() as found:
            found.setdefault("floors", {})[key] = figures
        rows, error, seconds = figures["points"][-1]
        print(f"{key}: {rows:.0f} rows, {error:.2f} % after {seconds:.0f} s", flush=True)


def find_curves(nets: list[Net], given: argparse.Namespace) -> None:
    """Error against rows, for the rounds that the simulation has found."""
    from .expected import rounds_of

    for net in nets:
        for members in given.members:
            rounds = rounds_of(recorded(), net, members, given.ratio)
            for rows in sorted({rounds[link] for link in given.links}):
                for seed in given.seeds:
                    one_curve(net, members, rows, seed)


def one_curve(net: Net, members: int, rows: int, seed: int) -> None:
    """Find it where it is not there."""
    key = f"{net.name} {members} {rows} {seed}"
    if members > net.most or key in recorded().get("curves", {}):
        return
    points = []
    for point in curve(net, members, rows, seed, total=net.total, until=net.errors[-1]):
        points.append(point)
        with change() as found:
            found.setdefault("curves", {})[key] = points
    print(key, points[-1], flush=True)


def write_page(nets: list[Net], given: argparse.Namespace) -> None:
    """The simulation, the page, the picture."""
    from . import page, picture

    found = recorded()
    (RESULTS / "cluster.md").write_text(page.text(found, nets))
    picture.draw(found, nets, RESULTS / "cluster.svg")


PARTS: dict[str, Callable[[list[Net], argparse.Namespace], None]] = {
    "ring": measure_ring,
    "speeds": measure_speeds,
    "times": measure_times,
    "floors": measure_floors,
    "curves": find_curves,
    "page": write_page,
}


def main() -> None:
    """Do the parts that are named, all by default."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.cluster", description="What several nodes bring."
    )
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="all by default")
    parser.add_argument("--net", nargs="+", choices=BY_NAME, default=list(BY_NAME))
    parser.add_argument("--members", nargs="+", type=int, default=list(MEMBERS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--ratio", type=float, default=RATIOS[0], help="share of meetings, for curves")
    parser.add_argument("--links", nargs="+", default=["1 Gbit", "10 Gbit"], help="for curves")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument(
        "--patience", type=float, default=10, help="seconds to wait for a quiet moment, each time"
    )
    given = parser.parse_args()
    for part in given.parts or PARTS:
        PARTS[part]([BY_NAME[name] for name in given.net], given)


if __name__ == "__main__":
    main()
