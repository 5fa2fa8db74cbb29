"""Made-up tables for grouping, joining and sorting, the same for ours and for pandas."""

from __future__ import annotations

from typing import Any

GROUPS = 1000


def table(rows: int) -> Any:
    """A pandas data frame of so many rows.

    ``group`` has 1000 values and ``key`` a tenth as many as there are rows, in any order; ``number`` is a real
    number that hardly occurs twice, ``whole`` a whole one.
    """
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "group": rng.integers(0, GROUPS, rows).astype(np.int32),
            "key": rng.integers(0, _keys(rows), rows).astype(np.int32),
            "number": rng.random(rows),
            "whole": rng.integers(-(10**6), 10**6, rows).astype(np.int32),
        }
    )


def partners(rows: int) -> Any:
    """The table to join with `table`: each key once, in any order."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(2)
    return pd.DataFrame(
        {"key": rng.permutation(_keys(rows)).astype(np.int32), "other": rng.random(_keys(rows))}
    )


def _keys(rows: int) -> int:
    return max(1, rows // 10)
