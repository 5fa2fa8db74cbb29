"""The picture beside the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import expected
from .curves import rows_to
from .expected import Found
from .nets import BOOKLET, MEMBERS, RATIOS, Net
from .page import error_of, points, wires

COLOURS = ("tab:green", "tab:blue", "tab:red")
STYLES = ("--", "-")  # of links, the slower one first


def draw(found: Found, nets: Sequence[Net], file: Path) -> None:
    """Throughput, and time to an error, against nodes; lines are simulated, dots measured."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with mpl.rc_context({"svg.hashsalt": "cluster", "font.size": 9}):
        figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
        _throughput(left, found, nets)
        _times(right, found, nets)
        for axes in (left, right):
            axes.set_xscale("log", base=2)
            axes.set_xticks(MEMBERS, [str(n) for n in MEMBERS])
            axes.set_xlabel("nodes, one thread each")
            axes.grid(alpha=0.3)
            axes.legend(fontsize=7)
        figure.savefig(file, metadata={"Date": None})
        plt.close(figure)


def _throughput(axes: Any, found: Found, nets: Sequence[Net]) -> None:
    axes.plot(MEMBERS, MEMBERS, color="lightgrey", lw=1, label="linear")
    for net, colour in zip(nets, COLOURS, strict=False):
        for link, style in zip(wires(found), STYLES, strict=False):
            axes.plot(
                MEMBERS,
                [p.speed_up for p in points(found, net, link, net.errors[-1])],
                style,
                color=colour,
                label=f"{net.name}, {link.name}",
            )
        if expected.turns(found, net, "2 nodes"):
            one, two = (expected.speed(found, net, way) for way in ("1 node", "2 nodes"))
            axes.plot([2], [two / one], "o", color=colour, mfc="none")
            clock = [expected.per_cpu(found, net, way) for way in ("1 node", "2 nodes")]
            axes.plot([2], [2 * clock[1] / clock[0]], "x", color=colour)
    axes.plot([], [], "o", color="grey", mfc="none", label="measured on this machine, beside other work")
    axes.plot([], [], "x", color="grey", label="measured by the processor's clock")
    axes.plot(
        list(BOOKLET), list(BOOKLET.values()), "k^:", ms=4, label="H2O, booklet (record net, 4 threads)"
    )
    axes.set_yscale("log", base=2)
    axes.set_yticks(MEMBERS, [str(n) for n in MEMBERS])
    axes.set_ylabel("times the rows per second of one node")
    axes.set_title("(a) throughput: lines simulated")


def _times(axes: Any, found: Found, nets: Sequence[Net]) -> None:
    for net, colour in zip(nets, COLOURS, strict=False):
        error = error_of(found, net)
        ways = [*zip(wires(found), STYLES, RATIOS[:1] * 2, strict=True), (wires(found)[-1], ":", RATIOS[1])]
        for link, style, ratio in ways:
            there = [
                (p.members, p.seconds)
                for p in points(found, net, link, error, ratio)
                if p.seconds is not None
            ]
            if len(there) > 1:
                label = f"{net.name} to {error:g} %, {link.name}{', shorter rounds' if style == ':' else ''}"
                axes.plot(*zip(*there, strict=True), style, marker=".", color=colour, label=label)
        axes.plot(*_measured(found, net, error), "o", color=colour, mfc="none")
    axes.plot([], [], "o", color="grey", mfc="none", label="measured on this machine, beside other work")
    axes.set_yscale("log")
    axes.set_ylabel("seconds of training")
    axes.set_title("(b) time to an error on test rows")


def _measured(found: Found, net: Net, error: float) -> tuple[list[int], list[float]]:
    """Nodes, and seconds until they reached an error."""
    nodes, times = [], []
    for each in found.get("times", []):
        needed = rows_to([(int(rows), e) for rows, e, _ in each["points"]], error)
        if each["net"] == net.name and needed is not None:
            rows, _, seconds = next(point for point in each["points"] if point[0] >= needed)
            nodes.append(int(each["way"][0]))
            times.append(seconds * needed / rows)
    return nodes, times
