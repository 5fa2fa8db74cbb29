"""Frames whose rows lie on nodes: each node reads some of the files, and trains the rows that it has."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import HeavywaterError, InvalidArgument, NotFound, ParseError
from heavywater.frame.sharded_frame import ShardedFrame
from heavywater.session import LocalSession, start

from ..deeplearning.encoding.test_merged_statistics import bits
from ..sessions import finished
from .test_shared_training import LONG, history, wait_for_rows

ROWS = 6000
UNEVEN = [0, 1, 1, 900, 4000, 4000, ROWS]  # two of six files have no rows
GIVEN: dict[str, Any] = {"hidden": [20], "epochs": 3, "seed": 3, "reproducible": True}


def table() -> pd.DataFrame:
    """Levels that only one file has, columns that are constant, empty or a factor's in single files only."""
    r = np.random.default_rng(1)
    x = r.normal(size=(ROWS, 3))
    frame = pd.DataFrame({f"x{i}": x[:, i].round(4) for i in range(3)})
    frame["byte"] = r.integers(0, 255, ROWS)
    frame["late"] = np.where(np.arange(ROWS) < 900, np.nan, r.normal(size=ROWS).round(3))
    frame["still"] = np.where(np.arange(ROWS) < 900, 7.0, r.normal(size=ROWS).round(3))
    frame["c"] = np.where(np.arange(ROWS) < 900, "m", r.choice(list("cdefz"), ROWS))
    frame["d"] = np.where(
        (np.arange(ROWS) > 900) & (np.arange(ROWS) < 4000), None, r.choice(["u", "v"], ROWS)
    )
    frame["w"] = r.integers(0, 3, ROWS)
    frame["y"] = np.where(x[:, 0] + x[:, 1] > 0, "no", "yes")
    frame.loc[r.random(ROWS) < 0.1, "y"] = None
    frame.loc[:899, "y"] = "yes"
    frame["z"] = (x[:, 0] - np.abs(x[:, 1])).round(4)
    return frame


def write(folder: Path, kind: str, frame: pd.DataFrame, places: Sequence[int]) -> str:
    folder.mkdir()
    for k, (low, high) in enumerate(zip(places, places[1:], strict=False)):
        file = folder / f"part_{k}.{kind}"
        part = frame[low:high]
        part.to_csv(file, index=False) if kind == "csv" else part.to_parquet(file)
    return str(folder)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    top = tmp_path_factory.mktemp("shards")
    return {kind: write(top / kind, kind, table(), UNEVEN) for kind in ("csv", "parquet")}


def new_session(nodes: int | None) -> LocalSession:
    session = start("test", 1, nodes=nodes)
    found = getattr(session, "behind", session)
    assert isinstance(found, LocalSession)
    return found


@pytest.fixture(scope="module")
def four() -> Iterator[LocalSession]:
    session = new_session(4)
    yield session
    session.cluster.close()


@pytest.fixture(autouse=True)
def tidy(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "four" in request.fixturenames:
        session = request.getfixturevalue("four")
        session.objects.remove_all()
        assert kept(session) == [0] * 4


def kept(session: LocalSession) -> list[int]:
    """Bytes of the frames that each node has."""
    return [node["mem_value_size"] for node in session.cluster.status()["nodes"]]


def read(session: LocalSession, path: Any, key: str = "rows", **options: Any) -> ShardedFrame:
    finished(session, session.files.import_shards(path, key, None, options))
    found = session.store.any_frame(key)
    assert isinstance(found, ShardedFrame)
    return found


def trained(session: LocalSession, key: str, frame: str, **parameters: Any) -> DeepLearningModel:
    given = {"model_id": key, **GIVEN, **parameters}
    y = given.pop("y", "y")
    finished(session, session.training.train("deeplearning", given, x=None, y=y, training_frame_key=frame))
    return session.store.get(key, DeepLearningModel)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_frame_in_parts_is_known_as_the_whole_is(
    four: LocalSession, folders: dict[str, str], kind: str
) -> None:
    frame = read(four, folders[kind])
    finished(four, four.files.import_files(folders[kind], "all"))
    assert four.frames.facts("rows") == {**four.frames.facts("all"), "frame": "rows"}
    assert four.frames.levels("rows") == four.frames.levels("all")
    for window in ((None, 0, 20), ([6, 0], 3, 4)):
        shown = [four.frames.fetch(key, *window).to_pandas() for key in ("rows", "all")]
        pd.testing.assert_frame_equal(*shown, check_dtype=False)
    assert four.objects.keys("frame") == ["rows", "all"]
    first = four.frames.rapids("(rows rows [2:5])")
    assert four.frames.fetch(first.key).num_rows == 5
    for beyond in ("[0:6000]", "[5990:3]", "[-1]"):
        with pytest.raises(InvalidArgument, match="rows of frame 'rows' lie on"):
            four.frames.rapids(f"(rows rows {beyond})")
    told = four.frames.statistics("all")
    for name, column in frame.statistics.items():
        found, wanted = column.plain(), told["columns"][name]
        for each in (found, wanted):  # which evidence there is of the order of levels is no fact about them
            each["levels"] = each["levels"] and {**each["levels"], "orders": None}
        assert found == wanted


def test_each_node_has_its_part_only(four: LocalSession, folders: dict[str, str]) -> None:
    frame = read(four, folders["csv"])
    assert sum(part.rows for part in frame.parts) == frame.nrow == ROWS
    assert len({id(part.place) for part in frame.parts}) == len(frame.parts) == 4
    sizes = kept(four)
    assert four.cluster.status()["memory_used"] == 0
    four.objects.remove("rows")
    del frame
    assert kept(four) == [0] * 4
    finished(four, four.files.import_files(folders["csv"], "all"))
    whole = four.cluster.status()["memory_used"]
    assert max(sizes) < 0.6 * whole and sum(sizes) < 1.2 * whole


def test_rows_do_not_pass_through_the_leader(four: LocalSession, tmp_path: Path) -> None:
    """Nor does training bring more of them than are scored."""
    r = np.random.default_rng(1)
    for k in range(4):
        part = pd.DataFrame(r.random((100_000, 20)), columns=[f"x{i}" for i in range(20)])
        part.to_parquet(tmp_path / f"{k}.parquet")
    size = 400_000 * 20 * 8
    read(four, str(tmp_path))
    trained(four, "m", "rows", y="x0", epochs=0.01)  # what a training needs at all
    before = resident()
    read(four, str(tmp_path), "again")
    trained(four, "m2", "again", y="x0", epochs=0.05)
    assert resident() - before < 0.2 * size
    four.objects.remove("rows")
    assert all(0.2 * size < each < 0.3 * size for each in kept(four))


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


CASES: dict[str, dict[str, Any]] = {
    "classes": {},
    "regression": {"y": "z"},
    "weights": {"weights_column": "w"},
    "autoencoder": {"y": None, "autoencoder": True, "activation": "Tanh"},
    "skip": {"missing_values_handling": "Skip", "ignored_columns": ["late"]},
    "label": {"categorical_encoding": "LabelEncoder"},
    "by response": {"categorical_encoding": "SortByResponse", "y": "z"},
    "sample": {"score_training_samples": 500},
    "batches": {"mini_batch_size": 16},
    "elastic": {"elastic_averaging": True},
    "rounds": {"train_samples_per_iteration": 1700},
    "an epoch": {"train_samples_per_iteration": -1},
    "natural order": {"shuffle_training_data": False},
    "maxout": {"activation": "MaxoutWithDropout", "epochs": 6},
    "piecewise": {"numeric_encoding": "PiecewiseLinear", "weights_column": "w", "y": "z"},
}


@pytest.mark.parametrize("case", CASES)
def test_the_model_of_parts_knows_what_that_of_the_whole_knows(
    four: LocalSession, folders: dict[str, str], case: str
) -> None:
    """Levels, means, layout; it is as good, and the same again."""
    read(four, folders["csv"])
    finished(four, four.files.import_files(folders["csv"], "all"))
    found, again = (trained(four, key, "rows", **CASES[case]) for key in ("found", "again"))
    wanted = trained(four, "wanted", "all", replicate_training_data=False, **CASES[case])
    for name in ("encoder", "response", "recoding"):
        assert bits(getattr(found.spec, name)) == bits(getattr(wanted.spec, name))
    assert found.topology == wanted.topology
    for one, other in zip(found.network.weights, again.network.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert history(found)["nodes"].iloc[-1] == 4
    assert found.warnings == wanted.warnings
    assert abs(found.facts["epochs"] - wanted.facts["epochs"]) < 0.3
    rmse = [history(each)["training_rmse"].iloc[-1] for each in (found, wanted)]
    if case != "elastic":  # where all keep what they have learnt, and here one of them knows one class alone
        assert rmse[0] < 1.25 * rmse[1] + 0.02


def test_the_rows_that_are_scored_are_those_of_the_whole(four: LocalSession, folders: dict[str, str]) -> None:
    read(four, folders["parquet"])
    finished(four, four.files.import_files(folders["parquet"], "all"))
    given = {"epochs": 0, "score_training_samples": 700}
    models = trained(four, "one", "rows", **given), trained(four, "two", "all", **given)
    found, wanted = (history(each)["training_logloss"].iloc[-1] for each in models)
    assert found == wanted


@pytest.mark.filterwarnings("ignore:.*nodes get no rows")
def test_fewer_files_than_nodes(four: LocalSession, folders: dict[str, str]) -> None:
    with pytest.warns(
        RuntimeWarning, match="rows: 2 of 4 nodes get no rows, since each file is read by one node"
    ):
        frame = read(four, [f"{folders['csv']}/part_{k}.csv" for k in (3, 5)])
    assert [part.rows for part in frame.parts] == [3100, 2000]
    assert history(trained(four, "m", "rows"))["nodes"].iloc[-1] == 2
    frame = read(four, f"{folders['csv']}/part_5.csv")
    assert [part.rows for part in frame.parts] == [2000]
    assert history(trained(four, "m", "rows"))["nodes"].iloc[-1] == 1


@pytest.mark.filterwarnings("ignore:.*nodes get no rows")
def test_types_that_files_see_differently(four: LocalSession, tmp_path: Path) -> None:
    """Numbers in one file and texts in another are texts in all, as where one process reads them."""
    texts = ["a,b,c,d\n" + 9 * "1,2,3,2020-01-01\n2,1,,2020-01-02\n", "a,b,c,d\n007,,x,2020-01-03\n3,2,y,2020-01-03\n",
             "a,b,c,d\n4,,z,2020-01-05\nq,,z,2020-01-05\n"]  # fmt: skip
    for k, text in enumerate(texts):
        (tmp_path / f"{k}.csv").write_text(text)
    frame = read(four, str(tmp_path))
    with pytest.warns(UserWarning, match="was read as enum"):
        finished(four, four.files.import_files(str(tmp_path), "all"))
    assert (
        four.frames.facts("rows")["types"]
        == four.frames.facts("all")["types"]
        == ["enum", "int", "enum", "time"]
    )
    assert four.frames.levels("rows") == four.frames.levels("all")
    assert frame.statistics["a"].level_names() == ("007", "1", "2", "3", "4", "q")


@pytest.mark.filterwarnings("ignore:.*nodes get no rows")
def test_the_first_file_says_how_all_are_read(four: LocalSession, tmp_path: Path) -> None:
    """Without names in the files, and with options."""
    for k, text in enumerate(["1;a\n2;b\n", "3;1\n4;2\n", "5;7\n"]):
        (tmp_path / f"{k}.csv").write_text(text)
    frame = read(four, str(tmp_path), names=["number", "text"], types={"text": "enum"})
    assert frame.names == ["number", "text"] and frame.kinds == ["int", "enum"]
    assert frame.statistics["text"].level_names() == ("1", "2", "7", "a", "b")


@pytest.mark.filterwarnings("ignore:.*nodes get no rows")
def test_what_cannot_be_read(four: LocalSession, tmp_path: Path) -> None:
    for k, text in enumerate(["a,b\n1,2\n", "a,b\n1,2,3,4\n"]):
        (tmp_path / f"{k}.csv").write_text(text)
    with pytest.raises(ParseError, match=r"node 127.0.0.1:\d+ \(process \d+\) on .*1.csv"):
        read(four, str(tmp_path))
    (tmp_path / "1.csv").write_text("1 1:5 7:3\n")
    with pytest.raises(ParseError):
        read(four, str(tmp_path))
    assert four.objects.keys() == []
    for k, text in enumerate(["1 1:5 7:3\n", "0 2:1\n"]):
        (tmp_path / f"{k}.csv").write_text(text)
    with pytest.raises(InvalidArgument, match="do not have the same columns"):
        read(four, str(tmp_path))
    with pytest.raises(NotFound):
        four.store.any_frame("rows")


def test_what_needs_all_rows_is_refused(four: LocalSession, folders: dict[str, str]) -> None:
    read(four, folders["csv"])
    message = r"rows of frame 'rows' lie on 4 nodes"
    asked: list[Any] = [
        lambda: four.frames.rapids("(mean rows True 0)"),
        lambda: four.frames.fetch("rows"),
        lambda: four.frames.summary("rows"),
        lambda: four.frames.to_bytes("rows"),
        lambda: four.files.export_frame("rows", "nowhere"),
        lambda: trained(four, "m", "rows", nfolds=3),
        lambda: trained(four, "m", "rows", validation_fraction=0.2),
        lambda: trained(four, "m", "rows", epochs_candidates=[1, 2], epochs=None),
        lambda: trained(four, "m", "rows", balance_classes=True),
        lambda: trained(four, "m", "rows", ensemble_size=2),
    ]
    for ask in asked:
        with pytest.raises(InvalidArgument, match=message):
            ask()
    with pytest.raises(InvalidArgument, match=r"sharded=True: this session has no nodes .*h2o.init\(nodes="):
        new_session(None).files.import_shards(folders["csv"])


def test_a_preset_chooses_no_epochs_there(four: LocalSession, folders: dict[str, str]) -> None:
    read(four, folders["csv"])
    p = trained(four, "m", "rows", preset="tabular", hidden=[4], epochs=None).parameters
    assert (p.epochs_candidates, p.validation_fraction, p.ensemble_size) == (None, 0, 1)
    assert any(
        text.startswith(f"preset='Tabular': epochs={p.epochs:g} and one network") for text in p.warnings
    )


def test_a_grid_and_a_validation_frame(four: LocalSession, folders: dict[str, str]) -> None:
    """One model after the other, each on all nodes."""
    read(four, folders["csv"])
    finished(four, four.files.import_files(f"{folders['csv']}/part_5.csv", "valid"))
    started = four.grids.train(
        "deeplearning", GIVEN, {"l2": [0, 1e-4, 1e-3]}, x=None, y="y", training_frame_key="rows",
        validation_frame_key="valid", grid_id="grid",
    )  # fmt: skip
    finished(four, started)
    keys = four.objects.keys("model")
    assert len(keys) == 3
    for key in keys:
        model = four.store.get(key, DeepLearningModel)
        assert history(model)["nodes"].iloc[-1] == 4 and model.validation_metrics is not None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.long
def test_a_lost_node_takes_its_rows_with_it(folders: dict[str, str], how: signal.Signals) -> None:
    session, stopped = new_session(3), 0
    try:
        frame = read(session, folders["csv"])
        given = {"model_id": "m", **GIVEN, **LONG, "reproducible": False}
        job = session.training.train("deeplearning", given, x=None, y="y", training_frame_key="rows")
        wait_for_rows(session, job, 20_000)
        lost = frame.parts[1]
        stopped = lost.place.link.facts["pid"]
        os.kill(stopped, how)
        began = time.monotonic()
        finished(session, job)
        assert time.monotonic() - began < 60
        model = session.store.get("m", DeepLearningModel)
        told = [text for text in model.warnings if "are lost with node" in text]
        assert len(told) == 1 and f"{lost.rows} of the {ROWS} rows of training frame 'rows'" in told[0]
        assert history(model)["nodes"].iloc[-1] == 2
        assert model.facts["samples"] >= 399 * 0.9 * ROWS
        again = trained(session, "again", "rows")  # of what is left
        assert sum("are lost with node" in text for text in again.warnings) == 1
        for part in frame.parts:
            with contextlib.suppress(ProcessLookupError):
                os.kill(part.place.link.facts["pid"], signal.SIGKILL)
        with pytest.raises(
            HeavywaterError, match=r"all nodes that have rows of training frame 'rows' are lost"
        ):
            trained(session, "none", "rows")
    finally:
        if stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(stopped, signal.SIGCONT)
        session.cluster.close()
