"""The limit of memory and frames that come from objects of Python."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from heavywater.errors import InvalidArgument
from heavywater.exchange import table_of
from heavywater.session import JobHandle, LocalSession
from hypothesis import given, settings
from hypothesis import strategies as st

CONTAINERS = {
    "array": lambda cells: cells,
    "single precision": lambda cells: cells.astype(np.float32),
    "pandas": lambda cells: pd.DataFrame(cells, columns=list("abc")),
    "categories": lambda cells: pd.DataFrame(cells).map(str).astype("category"),
    "texts": lambda cells: pd.DataFrame(cells).map("text {}".format),
    "polars": pl.DataFrame,
    "arrow": lambda cells: pa.table({"a": cells[:, 0], "b": pa.array(cells[:, 1].astype("M8[ms]"))}),
    "dict": lambda cells: {name: cells[:, i].tolist() for i, name in enumerate("abc")},
    "list": lambda cells: cells.tolist(),
    "sparse": lambda cells: scipy.sparse.csr_matrix(cells * (np.arange(3) == 1)),
}


def uploaded(session: LocalSession, data: Any, key: str) -> int:
    """Bytes of the frame."""
    session.frames.upload(table_of(data), key)
    return session.store.frame(key).nbytes


@pytest.mark.parametrize("name", CONTAINERS)
@settings(max_examples=8, deadline=None)
@given(
    rows=st.integers(1, 300),
    whole=st.booleans(),
    room=st.sampled_from([-(10**6), -1, 0, 1]),
    seed=st.integers(0, 9),
)
def test_a_frame_is_taken_where_it_fits_beside_the_others(name, rows, whole, room, seed):
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 1000, (rows, 3)) if whole else rng.random((rows, 3))
    data = CONTAINERS[name](cells)
    session = LocalSession(nthreads=1)
    used = uploaded(session, data, "one")
    session.cluster.configure(max_mem_size=max(1, 2 * used + room))
    if room >= 0:
        assert uploaded(session, data, "two") == used
        return
    with pytest.raises(InvalidArgument, match=r"the import needs .* MB beside the .* max_mem_size is"):
        session.frames.upload(table_of(data), "two")
    assert session.store.keys() == ["one"]
    session.objects.remove("one")
    if room == -1:
        uploaded(session, data, "two")


def test_a_file_and_an_array_are_refused_with_the_same_words(tmp_path):
    cells = np.random.default_rng(1).random((20_000, 1))
    path = tmp_path / "cells.csv"
    pd.DataFrame(cells).to_csv(path, index=False)
    session = LocalSession(max_mem_size=100_000)
    with pytest.raises(InvalidArgument) as of_array:
        session.frames.upload(table_of(cells))
    with pytest.raises(InvalidArgument) as of_file:
        JobHandle(session, session.files.import_files(str(path))).wait()
    one, other = (re.sub(r"needs \d+", "needs", str(error.value)) for error in (of_array, of_file))
    assert one == other


def _saved_holdout(session: LocalSession, folder: Any) -> str:
    session.frames.upload(table_of(pd.DataFrame({"x": range(200), "y": range(200)})), "training")
    asked = {"hidden": [1], "epochs": 0.1, "nfolds": 2, "keep_cross_validation_predictions": True, "seed": 1}
    started = session.training.train("deeplearning", asked, x=None, y="y", training_frame_key="training")
    return session.model_files.save(
        JobHandle(session, started).wait(), str(folder / "model"), predictions=True
    )


def _ways(session: LocalSession, folder: Any) -> dict[str, Any]:
    """Ways of a frame into another session."""
    session.frames.upload(table_of(np.random.default_rng(1).random((2000, 3))), "cells")
    content = session.frames.to_bytes("cells")
    JobHandle(session, session.files.save_frame("cells", str(folder))).wait()
    model = _saved_holdout(session, folder)
    return {
        "bytes": lambda other: other.frames.from_bytes(content),
        "a saved frame": lambda other: JobHandle(other, other.files.load_frame("cells", str(folder))).wait(),
        "with a model": lambda other: other.model_files.load(model),
    }


def test_each_way_of_a_frame_into_a_session_keeps_to_the_limit(tmp_path):
    for name, way in _ways(LocalSession(nthreads=1), tmp_path).items():
        narrow, roomy = (
            LocalSession(nthreads=1, max_mem_size=1000),
            LocalSession(nthreads=1, max_mem_size=2**20),
        )
        with pytest.raises(InvalidArgument, match=r"the import needs .* max_mem_size is 0 MB"):
            way(narrow)
        assert not narrow.store.frames(), name
        way(roomy)
        assert len(roomy.store.frames()) == 1, name
