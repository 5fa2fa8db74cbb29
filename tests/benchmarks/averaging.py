"""Error against rows of networks that train together: ``make bench-averaging``, ``python -m tests.benchmarks.averaging``.

As many networks as members in this process, each with an optimiser of its own. In every round they train contiguous slices of
one global order of the digits' rows, one after another and on one thread each, then meet in a ring of socket pairs: what a
rule makes of their changes is made by the code that machines run. So errors are those of a cluster, and times say nothing.
Floors are checked by `--floors`, the table is made by `--table`; else one training is run, and its error printed as it goes on:

    python -m tests.benchmarks.averaging --net default --members 8 --rows 128 --total 240000 --rule guided --seeds 1 2 3
"""

from __future__ import annotations

import argparse
import itertools
import socket
import statistics
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import numpy as np
from heavywater.arrays import Array
from heavywater.deeplearning.model.network import snapshot
from heavywater.deeplearning.model.sample import Sample
from heavywater.deeplearning.model.scorer import Scorer
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.averaging_rule import AveragingRule, CommonWeights, averaging_rule
from heavywater.deeplearning.training.order import RowOrder
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.deeplearning.training.schedule import engine_settings
from heavywater.deeplearning.training.worker import LocalWorker
from heavywater.engine._ring import Ring
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

NETS: dict[str, dict[str, Any]] = {
    "trial": {"activation": "RectifierWithDropout", "hidden": [32, 32, 32], "input_dropout_ratio": 0.2, "l1": 1e-5,
              "sparse": True},
    "default": {},
    "record": {"activation": "RectifierWithDropout", "hidden": [1024, 1024, 2048], "input_dropout_ratio": 0.2, "l1": 1e-5,
               "max_w2": 10.0},
    "momentum": {"adaptive_rate": False, "rate": 0.01, "momentum_start": 0.5, "momentum_stable": 0.9,
                 "momentum_ramp": 1e5, "hidden": [100, 100]},
    "maxout": {"activation": "Maxout", "hidden": [64, 64]},
    "autoencoder": {"autoencoder": True, "activation": "Tanh", "hidden": [50]},
}  # fmt: skip
# net, members, rows per member and round, rows in all, sorted by label, most per cent of errors
FLOORS = [
    ("trial", 16, 128, 1_200_000, False, 8.6),
    ("default", 8, 128, 240_000, False, 3.6),
    ("default", 4, 128, 120_000, True, 6.0),
]
# (net, members, rows per member and round, rows in all) of the table
TABLE = [
    *(("trial", n, rows, 600_000) for rows, members in ((128, (2, 4, 8, 16)), (1000, (2, 4, 8, 16)), (10_000, (4, 8))) for n in members),
    *(("default", n, rows, 120_000) for rows, members in ((128, (4, 8, 16)), (1000, (2, 4, 8, 16))) for n in members),
    *((net, 4, 10_000, 240_000) for net in ("default", "momentum", "maxout", "autoencoder")),
    *((net, n, rows, 120_000) for net in ("momentum", "maxout", "autoencoder") for n, rows in ((16, 128), (4, 1000), (16, 1000))),
]  # fmt: skip


@dataclass
class Plan:
    """Who trains how much between two meetings.

    Attributes
    ----------
    members, rows, total : int
        Rows: of each member, in a round; total: of all in all rounds.
    rule : AveragingRule
    shards : list of RowOrder, optional
        Rows of each member; by default all have the same, and each gets a slice of every round.
    """

    members: int
    rows: int
    total: int
    rule: AveragingRule
    shards: Sequence[RowOrder] | None = None

    def rounds(self) -> Iterator[tuple[int, int]]:
        """Rows trained before, rows of each member."""
        visited = 0
        while visited < self.total:
            rows = min(self.rows, -(-(self.total - visited) // self.members))
            yield visited, rows
            visited += rows * self.members

    def visits(self, order: RowOrder, member: int, visited: int, rows: int) -> Array:
        """What one of them trains in a round."""
        if self.shards is None:
            return order.visits(visited + member * rows, visited + (member + 1) * rows)
        return self.shards[member].visits(visited // self.members, visited // self.members + rows)


class Together:
    """Networks that are trained together in one process."""

    def __init__(self, prepared: Prepared, plan: Plan) -> None:
        self.prepared, self.plan = prepared, plan
        n = plan.members
        self.workers = [LocalWorker(prepared, 1) for _ in range(n)]
        self.nets = [worker.net for worker in self.workers]
        self.common = [CommonWeights(len(net.buffer())) for net in self.nets]
        for each, net in zip(self.common, self.nets, strict=True):
            each.put(net.buffer())
        self._open = ExitStack()
        pairs = [socket.socketpair() for _ in range(n)]
        for end in (each for pair in pairs for each in pair):
            self._open.enter_context(end)
        self.rings = [Ring(r, n, pairs[r - 1][1].fileno(), pairs[r][0].fileno()) for r in range(n)]
        self._pool = self._open.enter_context(ThreadPoolExecutor(n))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def run(self) -> Iterator[int]:
        """Train; the rows trained so far, after each round."""
        for visited, rows in self.plan.rounds():
            settings = engine_settings(
                self.prepared.parameters, visited, self.prepared.topology.layers, loss=self.workers[0]._loss
            )
            for member, net in enumerate(self.nets):
                net.configure(**settings)
                order = self.plan.visits(self.prepared.order, member, visited, rows)
                net.train(self.prepared.rows, order, visited + member * rows)
            list(self._pool.map(self._meet, range(self.plan.members)))
            yield visited + rows * self.plan.members

    def _meet(self, member: int) -> None:
        net = self.nets[member]
        self.common[member].merge(self.rings[member], net.buffer(), self.plan.rule)
        net.take_buffer()

    def score(self, sample: Sample) -> float:
        """Share of rows that the common network classifies wrongly, or mean reconstruction error."""
        p, topology = self.prepared.parameters, self.prepared.topology
        scorer = Scorer(self.prepared.spec, topology, p, 1)
        found = scorer.predictions(snapshot(self.nets[0], topology, p), sample)
        return float(found.mean() if p.autoencoder else (found.argmax(axis=1) != sample.actual).mean())


@cache
def digits() -> tuple[Array, Array]:
    """Training and test rows, the digit last."""
    import pandas as pd

    from vignettes import mnist

    train, test = (pd.read_csv(file, header=None).to_numpy(np.uint8) for file in mnist.fetch())
    return train, test


@cache
def frames(response: bool) -> tuple[Frame, Frame]:
    """The digits with or without what they are."""
    found = []
    for table in digits():
        columns = [numeric(values.astype(np.float64)) for values in table[:, :-1].T]
        names = [f"x{i}" for i in range(len(columns))]
        if response:
            columns, names = [*columns, enum(table[:, -1], list("0123456789"))], [*names, "digit"]
        found.append(Frame(names, columns))
    return found[0], found[1]


def prepared_net(net: str, seed: int, **more: Any) -> tuple[Prepared, Sample]:
    """A network of the table, with more parameters, and the test rows."""
    autoencoder = net == "autoencoder"
    train, test = frames(not autoencoder)
    given = {"seed": seed, "reproducible": True, "shuffle_training_data": True, **NETS[net], **more}
    prepared = Prepared.of(
        validate(given, TrainingContext(train, None, None if autoencoder else "digit")), train
    )
    spec = prepared.spec
    return prepared, Sample.of(spec, test, spec.rows(spec.adapt(test)[0]))


def sorted_shards(members: int, seed: int) -> list[RowOrder]:
    """Rows of each member, where they are sorted by digit: each knows few of them."""
    label = digits()[0][:, -1]
    usable = np.ones(len(label), bool)
    parts = np.array_split(np.argsort(label, kind="stable"), members)
    return [RowOrder(usable, seed + k, shuffle=True, rows=np.sort(part)) for k, part in enumerate(parts)]


def errors(net: str, plan: Plan, seed: int, marks: int = 4) -> list[float]:
    """Per cent of test errors (reconstruction errors times 100) after each of so many equal parts of a training."""
    prepared, sample = prepared_net(net, seed)
    found: list[float] = []
    with Together(prepared, plan) as together:
        for rows in together.run():
            if rows * marks >= plan.total * (len(found) + 1):
                found.append(100 * together.score(sample))
    return found


def chosen(name: str, net: str, members: int, rows: int) -> AveragingRule:
    """A rule by its name, with what is chosen for these rounds."""
    if name != "guided":
        return AveragingRule(name)
    layers = [784, *NETS[net].get("hidden", [200, 200]), 10]
    weights = sum(before * units for before, units in itertools.pairwise(layers))
    adaptive_rate = NETS[net].get("adaptive_rate", True)
    return averaging_rule(members, rows, weights=weights, adaptive_rate=adaptive_rate)


def print_errors(
    net: str, members: int, rows: int, total: int, rule: str, *, by_label: bool, seeds: Sequence[int]
) -> float:
    """Train with each seed, print a line for each and their mean."""
    last = []
    for seed in seeds:
        shards = sorted_shards(members, seed) if by_label else None
        found = errors(net, Plan(members, rows, total, chosen(rule, net, members, rows), shards), seed)
        last.append(found[-1])
        curve = " ".join(f"{error:.2f}" for error in found)
        print(f"{net} {members}x{rows} {total} {rule}{' sorted' if by_label else ''} seed {seed}: {curve}", flush=True)  # fmt: skip
    print(f"mean {statistics.fmean(last):.2f}", flush=True)
    return statistics.fmean(last)


def print_table(nets: Sequence[str], seeds: Sequence[int]) -> None:
    """A line for each training: mean errors at its end by the mean and by the rule that is chosen, those of all seeds."""
    for net, members, rows, total in TABLE:
        if net not in nets:
            continue
        found = [
            [
                errors(net, Plan(members, rows, total, chosen(rule, net, members, rows)), seed, 1)[-1]
                for seed in seeds
            ]
            for rule in ("average", "guided")
        ]
        figures = " | ".join(f"{statistics.fmean(each):.3g}" for each in found)
        apart = " | ".join(", ".join(f"{error:.3g}" for error in each) for each in found)
        print(f"| {net} | {members} | {rows} | {total} | {figures} | {apart} |", flush=True)


def main() -> None:
    """Run one training, or those with limits, or those of the table."""
    parser = argparse.ArgumentParser(description="Error against rows of networks that train together.")
    parser.add_argument("--net", choices=NETS, default="trial")
    for name, value in (("members", 8), ("rows", 128), ("total", 120_000)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--rule", choices=["average", "adaptive", "guided"], default="guided")
    parser.add_argument("--sorted", action="store_true", help="each member has rows of few digits")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--floors", action="store_true", help="all trainings whose error has a limit")
    parser.add_argument("--table", nargs="*", choices=NETS, help="the table of these networks (all)")
    given = parser.parse_args()
    if given.table is not None:
        print_table(given.table or list(NETS), given.seeds)
        return
    if not given.floors:
        print_errors(given.net, given.members, given.rows, given.total, given.rule,
                     by_label=given.sorted, seeds=given.seeds)  # fmt: skip
        return
    for net, members, rows, total, by_label, most in FLOORS:
        mean = print_errors(net, members, rows, total, "guided", by_label=by_label, seeds=given.seeds)
        print(f"at most {most}: {'reached' if mean <= most else 'NOT REACHED'}", flush=True)


if __name__ == "__main__":
    main()
