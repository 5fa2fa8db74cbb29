"""Piecewise-linear numbers: every way to store and to train them is that of the same units as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from heavywater.engine.rows import Rows
from heavywater.engine.scoring import score
from hypothesis import given
from hypothesis import strategies as st

from .cases import RULES, few, steady
from .nets import (
    ENGINES,
    assert_close,
    assert_same_bits,
    configure,
    make_net,
    make_ramp_rows,
    make_rows,
    parameters,
    snapshot,
    train,
)
from .test_gradients import assert_gradients, differences, engine_gradient, objective
from .test_levels import available
from .twin import Batch, Twin

STORED = [None, np.uint8, np.int16]


@dataclass
class Table:
    """Numbers with their bins, categories, classes and weights, drawn anew from a seed."""

    seed: int
    n: int
    bins: list[int]
    stored: Any = None
    levels: int = 0
    collide: bool = False
    weighted: bool = False
    positions: np.ndarray = field(init=False)
    options: dict[str, Any] = field(init=False)
    raw: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self.spans = np.cumsum([0, *self.bins]).astype(np.int32)
        shape = (self.n, len(self.bins))
        self.raw = {}
        if self.stored is None:
            t = rng.uniform(0, 1, shape) * self.bins
            whole = rng.random(shape) < 0.4
            self.positions = np.where(whole, np.round(t), t).astype(np.float32)
            self.values = self.positions
        else:
            self.draw_narrow(rng, shape)
        category = rng.integers(-1, max(1, self.levels), (self.n, 3 if self.levels else 0))
        if self.levels and not self.collide:
            category = np.where(category < 0, -1, category + np.arange(3) * self.levels)
        self.units = self.levels * (1 if self.collide else 3)
        self.options = {"category": category, "category_units": self.units, "may_collide": self.collide}
        self.options["label"] = rng.integers(0, 3, self.n)
        if self.weighted:
            self.options["weight"] = rng.uniform(0.2, 2, self.n)

    def draw_narrow(self, rng: np.random.Generator, shape: tuple[int, int]) -> None:
        """Raw values from a low one on, of which the table has the positions."""
        low = rng.integers(-300 if self.stored == np.int16 else 0, 100, shape[1])
        different = rng.integers(1, 150, shape[1])
        self.values = (low + rng.integers(0, different, shape)).astype(self.stored)
        parts = [
            np.sort(rng.uniform(0, bins, m)).astype(np.float32)
            for bins, m in zip(self.bins, different, strict=True)
        ]
        starts = np.cumsum([0, *different])[:-1]
        table = np.concatenate(parts) if parts else np.zeros(0)
        self.raw = {"positions": table, "at": starts - low}
        self.positions = table[self.values + self.raw["at"]]

    def rows(self, engine: Any) -> Rows:
        return make_ramp_rows(engine, self.spans, self.values, **self.raw, **self.options)

    def ramps(self, dtype: Any) -> np.ndarray:
        """The units, number by number, from their definition."""
        t = self.positions.astype(dtype)
        parts = [np.zeros((self.n, 0), dtype)]
        for j, bins in enumerate(self.bins):
            parts.append(np.clip(t[:, j : j + 1] - np.arange(bins, dtype=dtype), 0, 1))
        return np.concatenate(parts, axis=1)

    def plain(self, engine: Any) -> Rows:
        """The same units as numbers of their own."""
        return make_rows(engine, self.ramps(engine.REAL), **self.options)

    def net(self, engine: Any, kind: str = "Rectifier", hidden: Any = (9, 5), **options: Any) -> Any:
        inputs, kinds = self.units + int(self.spans[-1]), [kind] * len(hidden) + ["Softmax"]
        return make_net(engine, inputs, [*hidden, 3], kinds, seed=self.seed, **options)


@st.composite
def tables(draw: st.DrawFn, most: int = 256) -> Table:
    bins = draw(
        st.lists(st.sampled_from([b for b in (1, 2, 3, 8, 31, 32, 33, 256) if b <= most]), max_size=5)
    )
    levels = draw(st.integers(0 if bins else 1, 4))
    return Table(draw(st.integers(0, 2**16)), draw(st.integers(1, 21)), bins, draw(st.sampled_from(STORED)),
                 levels, bool(levels) and draw(st.booleans()), draw(st.booleans()))  # fmt: skip


@st.composite
def settings(draw: st.DrawFn, rules: tuple[str, ...] = tuple(RULES)) -> dict[str, Any]:
    rule = draw(st.sampled_from(rules))
    return {"rule": rule, **RULES[rule], "loss": "crossentropy", "fast": draw(st.booleans()),
            "l2": draw(st.sampled_from([0.0, 1e-3])), "max_w2": draw(st.sampled_from([None, 5.0])),
            "dropout": draw(st.sampled_from([None, [0.3, 0.3]])),
            "input_dropout": draw(st.sampled_from([0.0, 0.2])), "seed": draw(st.integers(0, 99))}  # fmt: skip


@few
@given(tables(), st.sampled_from(sorted(ENGINES)), st.data())
def test_units_of_rows(table: Table, precision: str, data: st.DataObject) -> None:
    engine = ENGINES[precision]
    rows = table.rows(engine)
    assert rows.number_units == sum(table.bins) == rows.inputs - rows.first_number
    lo, hi = sorted(data.draw(st.tuples(st.integers(0, table.n), st.integers(0, table.n))))
    found = rows.numbers_block(lo, hi, engine.REAL)
    assert found.dtype == engine.REAL
    np.testing.assert_array_equal(found, table.ramps(engine.REAL)[lo:hi])
    which = np.array(data.draw(st.lists(st.integers(0, table.n - 1), max_size=5)), np.int64)
    taken = rows.take(which)
    np.testing.assert_array_equal(taken.numbers_block(0, taken.n), table.ramps(np.float32)[which])


def test_no_rows() -> None:
    rows = Table(0, 1, [3, 2]).rows(ENGINES["float32"]).take(np.zeros(0, np.int64))
    assert rows.numbers_block(0, 0).shape == (0, 5)


@few
@given(
    tables(),
    settings(),
    st.sampled_from(["Rectifier", "Maxout"]),
    st.sampled_from(sorted(ENGINES)),
    st.booleans(),
)
def test_row_by_row(table: Table, chosen: Any, kind: str, precision: str, unit_major: bool) -> None:
    engine = ENGINES[precision]
    if table.weighted:
        table.options["weight"][::3] = 0
    want = train(configure(table.net(engine, kind, unit_major=unit_major), **chosen), table.plain(engine))
    found = train(configure(table.net(engine, kind, unit_major=unit_major), **chosen), table.rows(engine))
    assert_same_bits(found, steady(want))


@few
@given(tables(), settings(), st.sampled_from(["Rectifier", "Maxout"]), st.integers(2, 9))
def test_batches(table: Table, chosen: Any, kind: str, size: int) -> None:
    engine = ENGINES["float64"]
    want = train(
        configure(table.net(engine, kind, batches=True), **chosen), table.plain(engine), batch_size=size
    )
    found = train(
        configure(table.net(engine, kind, batches=True), **chosen), table.rows(engine), batch_size=size
    )
    assert_close(found, steady(want), atol=1e-9)


@few
@given(tables(), settings(), st.sampled_from([[9, 5], [150, 70]]), st.sampled_from([2, 8]))
def test_threads_of_batches(table: Table, chosen: Any, hidden: list[int], threads: int) -> None:
    engine = ENGINES["float32"]
    want = train(
        configure(table.net(engine, hidden=hidden, batches=True), **chosen), table.rows(engine), batch_size=7
    )
    net = configure(table.net(engine, hidden=hidden, batches=True), **chosen)
    assert_same_bits(train(net, table.rows(engine), threads=threads, batch_size=7), want)


@pytest.mark.parametrize("stored", STORED, ids=["floats", "bytes", "shorts"])
def test_levels_agree(stored: Any) -> None:
    table, found = Table(5, 40, [3, 1, 70], stored, levels=3), []
    for level in available():
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HEAVYWATER_SIMD", level)
            net = table.net(ENGINES["float32"], hidden=(150, 20), batches=True)
        configure(net, rule="adam", rates=0.003, loss="crossentropy", dropout=[0.2, 0.2])
        found.append(parameters(train(net, table.rows(ENGINES["float32"]), batch_size=13)))
    for other in found[1:]:
        assert_close(other, found[0], atol=5e-4)


@few
@given(tables(), st.sampled_from(sorted(ENGINES)))
def test_scores(table: Table, precision: str) -> None:
    engine = ENGINES[precision]
    net = snapshot(table.net(engine))
    found = score(table.rows(engine), net, dtype=engine.REAL)
    np.testing.assert_allclose(found, score(table.plain(engine), net, dtype=engine.REAL), atol=1e-6)


@pytest.mark.parametrize("dropped", [False, True], ids=["all", "dropped"])
@pytest.mark.parametrize("batch", [1, 6])
@pytest.mark.parametrize("stored", STORED, ids=["floats", "bytes", "shorts"])
@pytest.mark.parametrize("kind", ["Rectifier", "Maxout"])
def test_gradient(kind: str, stored: Any, batch: int, dropped: bool) -> None:
    """Against differences of the twin's loss, which sees plain inputs."""
    table = Table(11, batch, [3, 1, 5], stored, levels=2, collide=True, weighted=True)
    engine, batches = ENGINES["float64"], batch > 1
    net = table.net(engine, kind, hidden=(4, 3), batches=batches)
    rows, plain = table.rows(engine), table.plain(engine)
    x = np.zeros((batch, plain.inputs))
    for row, units in enumerate(plain.category):
        np.add.at(x[row], units[units >= 0], 1)
    x[:, plain.first_number :] = plain.dense
    chosen: dict[str, Any] = {"loss": "crossentropy", "fast": False}
    masks: dict[str, Any] = {}
    keep: dict[str, Any] = {}
    if dropped:
        rng = np.random.default_rng(2)
        chosen |= {"input_dropout": 0.3, "dropout": [0.5, 0.5]}
        masks = {"input_masks": (rng.random(x.shape) < 0.7).astype(np.uint8),
                 "hidden_masks": (rng.random((batch, 7)) < 0.8).astype(np.uint8)}  # fmt: skip
        keep = {"keep_inputs": masks["input_masks"], "keep": np.split(masks["hidden_masks"], [4], axis=1)}
    twin = Twin(parameters(net), list(net.kinds), **chosen)
    given = Batch(x, label=table.options["label"], weight=table.options["weight"], **keep)
    loss = objective(twin, given)
    want = differences(twin.parameters(), lambda: loss() / batch)
    got = engine_gradient(net, rows, masks | {"batch_size": batch}, **chosen)
    assert_gradients(got, want)


def test_what_does_not_fit_is_refused() -> None:
    table = Table(0, 4, [3, 2], np.uint8)
    engine = ENGINES["float32"]
    net = configure(table.net(engine), loss="crossentropy")
    rows = table.rows(engine)
    rows.positions = None
    with pytest.raises(ValueError, match="positions"):
        train(net, rows)
    rows = table.rows(engine)
    rows.start = np.zeros(5, np.int64)
    with pytest.raises(ValueError, match="sparse"):
        train(net, rows)
