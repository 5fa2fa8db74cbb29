"""Joins: which rows, in which order, and what the cells without a partner are."""

import numpy as np
import pandas as pd
import pytest
from heavywater.errors import InvalidArgument
from heavywater.frame.columns import orders, parallel
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.frame import Frame
from heavywater.frame.primitives import joining, operation
from hypothesis import given, settings
from hypothesis import strategies as st

from .random_frames import codes_of, columns, frame_of, table_of

KEYS = {"k": "level", "t": "text", "w": "whole", "v": "whole", "x": "number"}
HOW = {(False, False): "inner", (True, False): "left", (False, True): "right", (True, True): "outer"}


def keyed(cells, by, number, spread):
    """Some key columns and the number of each row: as a frame, and as a table whose missing keys match nothing."""
    cells = cells | {name: [v and v * spread for v in cells[name]] for name in ("w", "v")}
    frame, table = frame_of(KEYS, cells), table_of(KEYS, cells)[by]
    lost = np.array([any(cells[name][i] is None for name in by) for i in range(len(table))], bool)
    rows = np.arange(len(table))
    frame = Frame([*by, number], [*(frame.column(name) for name in by), numeric(rows)], nrow=len(rows))
    sign = 1 if number == "a" else -1
    table["lost"] = np.where(lost, sign * (rows + 1), 0)
    table[number] = rows.astype(float)
    return frame, table.fillna(-np.inf)


@settings(max_examples=150, deadline=None)
@given(
    columns(KEYS, 9),
    columns(KEYS, 9),
    st.lists(st.sampled_from("ktwvx"), min_size=1, max_size=4, unique=True),
    st.sampled_from(
        [1, 10_000, 10**12]
    ),  # keys to be counted over, pairs of which are too many, and too far apart
    st.sampled_from(list(HOW)),
)
def test_rows_and_their_order_are_those_of_pandas(left_cells, right_cells, by, spread, kept):
    left, lefts = keyed(left_cells, by, "a", spread)
    right, rights = keyed(right_cells, by, "b", spread)
    ours = operation("merge")(left, right, *kept, by, by, "auto")
    wanted = lefts.merge(rights, on=[*by, "lost"], how=HOW[kept])
    wanted = wanted.sort_values([*by, *("ba" if HOW[kept] == "right" else "ab")]).reset_index(drop=True)
    assert ours.names == [*by, "a", "b"]
    assert codes_of(ours).fillna(-np.inf).equals(wanted[[*by, "a", "b"]].fillna(-np.inf))


EVERY = {
    "whole": numeric(np.array([7, 8])),
    "gaps": numeric(np.array([7.0, np.nan])),
    "real": numeric([0.1, 2.5]),
    "single": numeric([0.5, np.nan]),
    "bad": numeric([np.nan, np.nan]),
    "level": enum(np.array([1, 0]), ["p", "q"]),
    "time": times(np.array([1000, 2000])),
    "text": strings(["", None]),
}


@pytest.mark.parametrize("rows", [0, 2])
@pytest.mark.parametrize("turned", [False, True])
def test_cells_without_a_partner_are_missing_in_every_kind(rows, turned):
    every = Frame(["key", *EVERY], [numeric(np.array([3, 1])), *EVERY.values()]).take(np.arange(rows))
    keys = Frame(["key", "n"], [numeric(np.array([1, 2, 3, 1])), numeric(np.arange(4) / 4)])
    sides = (every, keys) if turned else (keys, every)
    result = operation("merge")(*sides, not turned, turned, ["key"], ["key"], "auto")
    assert result.column("key").values.tolist() == [1, 1, 2, 3]
    assert result.column("n").numbers().tolist() == [0, 0.75, 0.25, 0.5]
    for name, whole in EVERY.items():
        cells = whole.texts()
        wanted = [cells[1], cells[1], None, cells[0]] if rows else [None] * 4
        found = result.column(name)
        assert found.texts().tolist() == wanted
        assert (found.levels, found.missing_count) == (whole.levels, wanted.count(None))


def test_many_rows_against_pandas():
    """Enough rows to be counted over directly and in threads, with repeated, missing and lonely keys."""
    rng = np.random.default_rng(3)
    cells = {}
    for name, n in (("a", 5000), ("b", 3000)):
        key = np.where(rng.random(n) < 0.1, np.nan, rng.integers(0, 2500, n))
        cells[name] = pd.DataFrame({"key": key, name: np.arange(float(n)), f"more {name}": rng.random(n)})
    frames = [Frame(list(table), [numeric(table[c].to_numpy()) for c in table]) for table in cells.values()]
    for (all_left, all_right), how in HOW.items():
        ours = codes_of(operation("merge")(*frames, all_left, all_right, ["key"], ["key"], "auto"))
        tables = [
            table.assign(lost=np.where(table["key"].isna(), sign * (table.index + 1), 0)).fillna(-np.inf)
            for sign, table in zip((1, -1), cells.values(), strict=True)
        ]
        wanted = tables[0].merge(tables[1], on=["key", "lost"], how=how)
        wanted = wanted.sort_values(["key", *("ba" if how == "right" else "ab")])[ours.columns]
        assert ours.fillna(-np.inf).equals(wanted.fillna(-np.inf).reset_index(drop=True))


@pytest.mark.parametrize("kept", list(HOW))
@pytest.mark.parametrize("repeats", [0, 1, 2])
@pytest.mark.parametrize("found", [0.1, 1.0])
def test_a_long_side_is_moved_as_it_would_be_picked(monkeypatch, kept, repeats, found):
    """What is done with many rows, tried with few, beside the plain way."""
    rng = np.random.default_rng(4)

    def side(n, number, once=False):
        key = rng.permutation(200)[:n] if once else rng.integers(0, 200, n)
        key = np.where(key < 200 * found, key, -key if number == "a" else 1000 + key)
        cells = {"key": key, number: np.arange(n), "real": rng.random(n), "small": rng.integers(0, 9, n)}
        made = {name: numeric(each) for name, each in cells.items()}
        made["time"] = times(rng.integers(0, 9, n) * 1000, rng.random(n) < 0.1)
        made["level"] = enum(rng.integers(-1, 3, n), ["p", "q", "r"])
        made["text"] = strings([None if i % 7 == 0 else f"{number}{i}" for i in range(n)])
        made["sparse"] = numeric(np.where(rng.random(n) < 0.1, np.nan, cells["small"]))
        return Frame(list(made), list(made.values()))

    left = side(500, "a")
    right = side(300, "b") if repeats else side(200, "b", once=True)
    right = right.take(np.unique(rng.integers(0, 300, 40))) if repeats == 1 else right
    wanted = operation("merge")(left, right, *kept, ["key"], ["key"], "auto")
    monkeypatch.setattr(orders, "_MANY", 1)
    monkeypatch.setattr(orders, "_SPREAD", 1)
    monkeypatch.setattr(orders, "_PARTS", 4)
    monkeypatch.setattr(orders, "_BLOCK", 37)
    monkeypatch.setattr(parallel, "_FEWEST", 0)
    for threads in (1, 2, 8):
        with parallel.threads_of_session(threads):
            moved = operation("merge")(left, right, *kept, ["key"], ["key"], "auto")
        assert moved.names == wanted.names
        for one, other in zip(moved.columns, wanted.columns, strict=True):
            assert (one.kind, one.levels, one.texts().tolist()) == (
                other.kind,
                other.levels,
                other.texts().tolist(),
            )


@pytest.mark.parametrize(
    "kinds", [("int8", "int64"), ("int64", "uint8"), ("int16", "float64"), ("float64", "int32")]
)
def test_a_long_side_keeps_the_type_of_its_key(monkeypatch, kinds):
    """Where each key has one partner, whole numbers are not moved but repeated: those of the partners, which may be wider."""
    rng = np.random.default_rng(5)
    keys = rng.integers(0, 90, 400)
    left = Frame(["key", "a"], [Column(*typed(keys, kinds[0])), numeric(np.arange(400))])
    more = np.append(
        rng.permutation(90), [120 if kinds[1] == "uint8" else 100_000]
    )  # beyond what the left type holds
    right = Frame(["key", "b"], [Column(*typed(more, kinds[1])), numeric(np.arange(91))])
    wanted = operation("merge")(left, right, False, False, ["key"], ["key"], "auto")
    monkeypatch.setattr(orders, "_MANY", 1)
    monkeypatch.setattr(orders, "_SPREAD", 1)
    moved = operation("merge")(left, right, False, False, ["key"], ["key"], "auto")
    for one, other in zip(moved.columns, wanted.columns, strict=True):
        assert (one.kind, one.values.dtype) == (other.kind, other.values.dtype)
        np.testing.assert_array_equal(one.values, other.values)


def typed(values, kind):
    return "real" if kind == "float64" else "int", values.astype(kind)


def test_names_that_occur_twice_get_a_number():
    left = Frame(["k", "x", "x0"], [numeric([1]), numeric([2]), numeric([3])])
    right = Frame(["k", "x", "x0"], [numeric([1]), numeric([4]), numeric([5])])
    result = operation("merge")(left, right, False, False, ["k"], ["k"], "auto")
    assert len(set(result.names)) == 5 and result.names[:3] == ["k", "x", "x0"]
    assert [column.values.tolist() for column in result.columns] == [[1], [2], [3], [4], [5]]


def test_too_many_rows_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr(joining, "_LARGEST", 11)
    frame = Frame(["k"], [numeric(np.zeros(4))])
    with pytest.raises(InvalidArgument, match="the result would have 16 rows"):
        operation("merge")(frame, frame, False, False, ["k"], ["k"], "auto")
