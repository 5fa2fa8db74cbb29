"""Large delimited files of columns of all types, made when first needed and kept below ``.bench/``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from .environments import FOLDER

_ROWS_AT_A_TIME = 100_000
_WORDS = np.array(["north", "south", "east", "west", "alpha", "beta", "gamma", "delta", "omega", "sigma"])
_PLACES = np.array([f"{a} {b}-{k}" for a in _WORDS for b in _WORDS for k in range(10)])


def mixed_file(megabytes: int, late: bool = False) -> Path:
    """A CSV file of at least so many megabytes.

    Whole numbers small, large and negative; real numbers of 2, 4 and 17 digits, some missing; categories of 10
    and of 1000 levels; dates, times, and texts that are nearly all different. The texts are in quotes. If `late`, a text
    stands in the last line of the column of numbers ``amount``.
    """
    path = FOLDER / "data" / f"mixed-{megabytes}{'-late' if late else ''}.csv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        if late:
            _add_late_text(mixed_file(megabytes), partial)
        else:
            _write(partial, megabytes)
        partial.replace(path)
    return path


def _add_late_text(source: Path, path: Path) -> None:
    shutil.copyfile(source, path)
    with path.open("rb+") as file:
        names = file.readline().split(b",")
        file.seek(-1000, 2)
        fields = file.read().split(b"\n")[-2].split(b",")
        fields[names.index(b'"amount"')] = b'"not known"'
        file.write(b",".join(fields) + b"\n")


def _write(path: Path, megabytes: int) -> None:
    from pyarrow import csv

    rng = np.random.default_rng(1)
    first = 0
    with path.open("wb") as out:
        while out.tell() < megabytes * 1_000_000:
            options = csv.WriteOptions(include_header=first == 0)
            csv.write_csv(_rows(first, rng), out, options)
            first += _ROWS_AT_A_TIME


def _rows(first: int, rng: np.random.Generator) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    n = _ROWS_AT_A_TIME
    gone = rng.random(n) < 0.05

    def texts(choice: Any) -> Any:
        return pa.DictionaryArray.from_arrays(rng.integers(0, len(choice), n), choice).cast(pa.string())

    numbers = pa.array(rng.integers(0, 10**9, n)).cast(pa.string())
    return pa.table(
        {
            "id": np.arange(first, first + n),
            "count": rng.integers(0, 100, n),
            "flag": rng.integers(0, 2, n),
            "amount": np.round(rng.gamma(2.0, 50.0, n), 2),
            "reading": pa.array(np.round(rng.normal(50, 12, n), 4), mask=gone),
            "score": rng.random(n),
            "group": texts(_WORDS),
            "place": texts(_PLACES),
            "day": pa.array(rng.integers(0, 12_000, n).astype("M8[D]")).cast(pa.string()),
            "moment": pa.array(rng.integers(0, 10**9, n).astype("M8[s]")).cast(pa.string()),
            "user": pc.binary_join_element_wise("user-", numbers, ""),
            "balance": rng.integers(-(10**6), 10**6, n),
        }
    )
