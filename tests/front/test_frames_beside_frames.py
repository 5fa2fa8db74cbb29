"""Data frames of other packages as arguments of operations on frames."""

from __future__ import annotations

import pickle
from pathlib import Path

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


def test_columns_stay_what_they_were_in_parts_put_together_pickled_and_saved(tmp_path: Path) -> None:
    h2o.init(verbose=False)
    data = pd.DataFrame(
        {
            "level": pd.Categorical(["b", "a", None, "b"], ["z", "b", "a"], ordered=True),
            "flag": pd.array([True, None, False, True], dtype="boolean"),
            "span": pd.to_timedelta([1, 2, 3, 4], "s"),
            "when": pd.date_range("2020-01-01", periods=4, tz="Europe/Prague"),
        }
    )
    frame = h2o.H2OFrame(data, destination_frame="kept")
    frame.save(str(tmp_path))
    whole = {
        "put together": frame[:2, :].rbind(frame[2:, :]),
        "pickled": pickle.loads(pickle.dumps(frame)),
        "saved": h2o.load_frame("kept", str(tmp_path)),
        "taken apart": frame[["level", "flag"]].cbind(frame[["span", "when"]]),
    }
    for name, each in whole.items():
        pd.testing.assert_frame_equal(each.as_data_frame(), data, obj=name)
    assert frame["span"].sum(return_frame=False) == 10_000
    h2o.remove("kept")
