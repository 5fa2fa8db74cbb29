"""Data frames of other packages as arguments of operations on frames."""

from __future__ import annotations

import h2o
import pandas as pd
import pyarrow as pa
import pytest

pl = pytest.importorskip("polars")


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_operations_take_them_in_the_place_of_frames(make) -> None:
    h2o.init(verbose=False)
    frame = h2o.H2OFrame({"k": [1, 2, 3], "a": [1.5, 2.5, 3.5]})
    before = len(h2o.ls())
    assert frame.cbind(make({"b": [1, 2, 3]})).names == ["k", "a", "b"]
    assert frame.rbind(make({"k": [7], "a": [0.5]}))[3, 0] == 7
    assert frame.merge(make({"k": [3, 2], "z": ["u", "v"]})).as_data_frame()["z"].tolist() == ["v", "u"]
    assert (frame["a"] + make({"c": [1.0, 1.0, 1.0]})).sum(return_frame=False) == 10.5
    assert len(h2o.ls()) == before
