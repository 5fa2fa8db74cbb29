"""Data frames of Dask as training frames: each node reads the partitions that are on its machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from heavywater.cluster.link import Link
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import InvalidArgument
from heavywater.exchange import remove_partitions, write_partitions
from heavywater.session.nodes import Node
from heavywater.session.shard_import import cut_by_host

from ..deeplearning.encoding.test_merged_statistics import bits
from ..session.test_dask_nodes import Dask
from ..sessions import behind

pytestmark = pytest.mark.same_process


dd = pytest.importorskip("dask.dataframe", reason="pip install dask[dataframe]")


@pytest.fixture(autouse=True)
def _computed_here() -> Iterator[None]:
    """Whatever client other tests have had."""
    with pytest.importorskip("dask").config.set(scheduler="threads"):
        yield


ROWS = 600


@pytest.fixture(scope="module")
def nodes() -> Iterator[None]:
    h2o.shutdown()
    h2o.init(nodes=3, nthreads=1, verbose=False)
    yield
    h2o.shutdown()


@pytest.fixture(autouse=True)
def no_files_are_left() -> Iterator[None]:
    before = set(os.listdir(tempfile.gettempdir()))
    yield
    new = set(os.listdir(tempfile.gettempdir())) - before
    assert not [name for name in new if name.startswith("heavywater-partition")]


def table() -> pd.DataFrame:
    r = np.random.default_rng(1)
    frame = pd.DataFrame({"x": r.normal(size=ROWS), "byte": r.integers(0, 255, ROWS)})
    frame["c"] = [f"l{k // 100}" for k in range(ROWS)]  # each partition has levels of its own
    frame["flag"] = r.random(ROWS) < 0.5
    frame["when"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(r.integers(0, 1000, ROWS), "h")
    frame["late"] = [None] * 400 + list(r.choice(["u", "v"], 200))
    frame["y"] = np.where(frame.x > 0, "yes", "no")
    return frame


COLUMNS: dict[str, Any] = {
    "numbers as categories": lambda r: pd.Categorical(r.choice([1, 2, 3], ROWS)),
    "nullable integers": lambda r: pd.array(r.choice([1, 2, None], ROWS), dtype="Int64"),
    "nullable truth": lambda r: pd.array(r.choice([True, False, None], ROWS), dtype="boolean"),
    "texts of Arrow": lambda r: pd.array(r.choice(["ä", "b c", None], ROWS), dtype="string[pyarrow]"),
    "texts": lambda r: [f"id {k}" for k in range(ROWS)],
    "times with a zone": lambda r: pd.date_range("2020", periods=ROWS, freq="h", tz="Europe/Paris"),
    "single precision": lambda r: r.normal(size=ROWS).astype(np.float32),
    "nothing": lambda r: [None] * ROWS,
    "categories in their order": lambda r: pd.Categorical(r.choice(list("abc"), ROWS), list("cab")),
    "one level in each": lambda r: pd.Categorical([f"l{k // 120}" for k in range(ROWS)]),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_columns_are_what_they_are_in_pandas(nodes: None, column: str) -> None:
    data = pd.DataFrame({0: np.arange(ROWS) / 7, "a column": COLUMNS[column](np.random.default_rng(2))})
    found, wanted = h2o.H2OFrame(dd.from_pandas(data, npartitions=5)), h2o.H2OFrame(data)
    assert (found.dim, found.types) == (wanted.dim, wanted.types)
    assert [sorted(levels) for levels in found.levels()] == [sorted(levels) for levels in wanted.levels()]


def test_a_model_of_partitions_knows_what_that_of_the_whole_knows(nodes: None) -> None:
    data = table()
    for key, frame in (("parts", dd.from_pandas(data, npartitions=7)), ("whole", h2o.H2OFrame(data))):
        model = H2ODeepLearningEstimator(model_id=key, hidden=[8], epochs=20, seed=1)
        model.train(y="y", training_frame=frame)
        assert model.auc() > 0.9
        assert (model.scoring_history()["nodes"].dropna() >= 1).all()
    one, other = (behind().store.get(key, DeepLearningModel) for key in ("parts", "whole"))
    assert bits(one.spec.encoder) == bits(other.spec.encoder)
    assert bits(one.spec.response) == bits(other.spec.response)
    assert [key for key in h2o.ls()["key"] if key.startswith("py_")] == [frame.frame_id]


def test_filtered_and_named_frames(nodes: None) -> None:
    data = dd.from_pandas(table(), npartitions=4)
    frame = h2o.H2OFrame(data[data.c == "l5"], destination_frame="named", column_types={"byte": "enum"})
    assert (frame.frame_id, frame.nrow) == ("named", 100) and frame.types["byte"] == "enum"
    with pytest.raises(InvalidArgument, match="rows of frame 'named' lie on"):
        frame["x"].mean()
    h2o.remove("named")
    with pytest.raises(InvalidArgument, match="training_frame has no rows"):
        H2ODeepLearningEstimator().train(y="y", training_frame=data[data.byte > 999])
    with pytest.raises(InvalidArgument, match="several columns of the same name"):
        h2o.H2OFrame(dd.from_pandas(pd.DataFrame([[1, 2]], columns=["a", "a"]), npartitions=1))


def test_without_nodes_the_rows_come_here() -> None:
    h2o.shutdown()
    h2o.init(verbose=False)
    data = table()
    frame = h2o.H2OFrame(dd.from_pandas(data, npartitions=4))
    assert frame["x"].mean()[0] == pytest.approx(data.x.mean())
    model = H2ODeepLearningEstimator(hidden=[3], epochs=1)
    model.train(y="y", training_frame=dd.from_pandas(data, npartitions=4))
    assert model.auc() > 0
    h2o.shutdown()


@pytest.mark.long
def test_workers_of_dask_write_what_the_node_beside_them_reads(tmp_path: Path) -> None:
    """Neither the rows nor what they are packed in pass through this process."""
    h2o.shutdown()
    cluster = Dask(tmp_path)  # of three workers at two addresses
    with cluster.client() as client:
        with pytest.warns(UserWarning, match="not encrypted"):
            h2o.init(nodes=client, verbose=False)
        data = client.persist(dd.from_pandas(table(), npartitions=6))
        files = write_partitions(data)
        workers = client.scheduler_info(n_workers=-1)["workers"]
        assert {file.worker for file in files} <= set(workers) and len(files) == 6
        remove_partitions(files)
        model = H2ODeepLearningEstimator(hidden=[8], epochs=20, seed=1)
        model.train(y="y", training_frame=data)
        assert model.auc() > 0.9 and model.scoring_history()["nodes"].iloc[-1] == 2
        left = client.run(lambda dask_worker: os.listdir(dask_worker.local_directory))
        assert not [name for each in left.values() for name in each if name.startswith("heavywater-")]
        h2o.shutdown()
        client.shutdown()


class _FakeLink(Link):
    def __init__(self, host: str) -> None:
        self.facts = {"host": host}


def test_each_node_gets_what_lies_on_its_machine() -> None:
    there = [Node(_FakeLink(host), None) for host in ("one", "two", "two", "none")]
    tasks = cut_by_host(["a", "b", "c", "d"], ["two", "one", "two", "two"], there)
    assert [(task.node, task.files) for task in tasks] == [
        (there[1], ("a", "d")),
        (there[2], ("c",)),
        (there[0], ("b",)),
    ]
    with pytest.raises(
        InvalidArgument, match=r"on 'three' are rows, but no node .*nodes are on none, one, two"
    ):
        cut_by_host(["a"], ["three"], there)
    with pytest.raises(InvalidArgument, match="there are no files"):
        cut_by_host([], [], there)
