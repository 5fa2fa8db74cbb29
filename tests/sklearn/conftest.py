"""Data of the tests of h2o.sklearn: small, and of all kinds of columns."""

from typing import Any

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def numbers() -> tuple[Any, Any]:
    """Features (200, 4) and three classes, of which two features know."""
    rng = np.random.default_rng(1)
    features = rng.normal(size=(200, 4))
    return features, np.array(["a", "b", "c"])[(features[:, 0] > 0).astype(int) + (features[:, 1] > 0.5)]


@pytest.fixture(scope="session")
def mixed() -> Any:
    """A frame of numbers, categories, texts that look like numbers, flags, whole numbers and dates, with missing cells."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "real": rng.normal(size=120),
            "category": pd.Categorical(rng.choice(["low", "high"], 120), categories=["low", "high"]),
            "text": rng.choice(["7", "07", "x"], 120),
            "flag": rng.random(120) > 0.5,
            "whole": pd.array(rng.integers(0, 5, 120), dtype="Int64"),
            "date": pd.date_range("2024-01-01", periods=120).as_unit("ms"),
        }
    )
    frame.loc[3, "real"] = np.nan
    frame.loc[4, "text"] = None
    frame.loc[5, "whole"] = pd.NA
    return frame
