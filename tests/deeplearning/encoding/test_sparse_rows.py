"""Sparse rows are made in parts, on as many threads as there are; what comes out is what one thread makes of all rows at once."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding import encoder as encoding
from heavywater.deeplearning.encoding.encoder import Encoder
from heavywater.frame.columns import parallel
from heavywater.frame.columns.makers import numeric, reals
from heavywater.frame.columns.parallel import threads_of_session
from heavywater.frame.frame import Frame
from numpy.testing import assert_array_equal


def mostly_zero(kind: str, rows: int, columns: int = 9) -> Frame:
    random = np.random.default_rng(rows)
    cells = np.where(random.random((rows, columns)) < 0.2, random.integers(1, 200, (rows, columns)), 0)
    if kind == "bytes":
        made = [numeric(x.astype(np.uint8)) for x in cells.T]
    elif kind == "reals":
        made = [reals(np.where(random.random(rows) < 0.05, np.nan, x / 255)) for x in cells.T]
    else:  # bytes beside reals
        made = [numeric(x.astype(np.uint8)) if j % 2 else reals(x / 7) for j, x in enumerate(cells.T)]
    return Frame([f"x{j}" for j in range(columns)], made)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["bytes", "reals", "mixed"])
@pytest.mark.parametrize("rows", [1, 7, 64, 65, 1000])
def test_threads_and_parts_change_no_bit(
    kind: str, rows: int, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = mostly_zero(kind, rows)
    encoder = Encoder.fit(frame, frame.names, standardize=True, sparse=True, autoencoder=False)
    whole = encoder.encode(frame, dtype, sparse=True)
    monkeypatch.setattr(encoding, "_ROWS", 64)
    monkeypatch.setattr(parallel, "_FEWEST", 0)
    for threads in (1, 2, 3, 8, 64):
        with threads_of_session(threads):
            parts = encoder.encode(frame, dtype, sparse=True)
        for name in ("start", "index", "value"):
            ours, all_at_once = getattr(parts, name), getattr(whole, name)
            assert ours.dtype == all_at_once.dtype
            assert_array_equal(ours, all_at_once, err_msg=f"{name}, {threads} threads")


@pytest.mark.parametrize(("room", "most"), [(0, 1), (1 << 28, 4)])
def test_wide_rows_are_not_made_dense_by_all_threads_at_once(
    room: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame, at_work, highest, lock = mostly_zero("mixed", 640), 0, 0, threading.Lock()
    encoder = Encoder.fit(frame, frame.names, standardize=True, sparse=True, autoencoder=False)
    monkeypatch.setattr(encoding, "_ROWS", 64)
    monkeypatch.setattr(encoding, "_DETOUR", room)
    monkeypatch.setattr(parallel, "_FEWEST", 0)
    compress = encoding.compressed_columns

    def counted(*arguments: Any) -> Any:
        nonlocal at_work, highest
        with lock:
            at_work += 1
            highest = max(highest, at_work)
        threading.Event().wait(0.02)
        try:
            return compress(*arguments)
        finally:
            with lock:
                at_work -= 1

    monkeypatch.setattr(encoding, "compressed_columns", counted)
    with threads_of_session(4):
        encoder.encode(frame, sparse=True)
    assert (highest == 1) if most == 1 else (1 < highest <= most)


@pytest.mark.parametrize("sparse", [True, False])
@pytest.mark.parametrize("columns", [1, 9, 200])
def test_blocks_of_wide_rows_have_few_numbers(
    sparse: bool, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However wide: numbers that are not stored as they are needed are copied for a block alone."""
    frame, seen = mostly_zero("mixed", 640, columns), []
    encoder = Encoder.fit(frame, frame.names, standardize=True, sparse=sparse, autoencoder=False)
    wanted = encoder.encode(frame, sparse=sparse)
    monkeypatch.setattr(encoding, "_DETOUR", 64 * 1024)
    name = "compressed_columns" if sparse else "put_all_scaled"
    work = getattr(encoding, name)

    def noted(*arguments: Any) -> Any:
        given = arguments[0] if sparse else arguments[1]
        seen.append(sum(each.nbytes for each in given if each.base is None))
        return work(*arguments)

    monkeypatch.setattr(encoding, name, noted)
    found = encoder.encode(frame, sparse=sparse)
    assert max(seen) <= 64 * 1024 and (len(seen) > 1 or columns < 200)
    for part in ("start", "index", "value") if sparse else ("dense",):
        assert_array_equal(getattr(found, part), getattr(wanted, part))
