"""The contract of sessions: what models tell, where nodes train together; and that nothing of the protocol was left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data_statistics import DataStatistics
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.state import Iteration, TrainingState
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.prepared import Prepared, Start
from heavywater.deeplearning.training.ring_member import load_of
from heavywater.deeplearning.training.shard import ShardedRows, plain_parameters
from heavywater.deeplearning.training.worker import LocalWorker, iteration_settings
from heavywater.errors import HeavywaterError, InvalidArgument
from heavywater.exchange import to_rows
from heavywater.export.frame_file import frame_of_bytes
from heavywater.server.node.guarded_session import REFUSED
from heavywater.session import LocalSession
from heavywater.session.arrays_message import arrays_of, with_arrays
from heavywater.session.remote import OPERATIONS

from .contract import NEAR, SMALL, WAYS, Asked, finished, train


def test_what_a_model_is_given(session: Any, rows: str) -> None:
    started = session.training.train(
        "deeplearning", {**SMALL, "autoencoder": True}, x=["x", "three"], y=None, training_frame_key=rows
    )
    number, factor = session.models.inputs(finished(session, started), most_levels=2)
    moments = session.frames.moments(rows)[0]
    assert number == {
        "name": "x",
        "kind": "real",
        "role": "input",
        "importance": number["importance"],
        "low": moments["min"],
        "high": moments["max"],
        "mean": pytest.approx(moments["mean"]),
    }
    assert (factor["name"], factor["levels"], factor["cardinality"]) == ("three", ["a", "b"], 3)


def test_what_is_known_of_held_out_rows(session: Any, rows: str) -> None:
    key = finished(session, train(session, "y", nfolds=2))
    plain = to_rows(session.frames.fetch(rows))
    cells = [dict(zip(plain[0], row, strict=True)) for row in plain[1:]]
    for model in (key, session.models.fold_ensemble(key, "together")):
        for level in (None, 0.5):
            expected = to_rows(session.frames.fetch(session.models.predict(model, rows, level)))
            found = session.models.score_rows(model, cells, level)
            assert [list(found[0]), *(list(row.values()) for row in found)] == expected
    with pytest.raises(InvalidArgument, match="interval=2 must be between 0 and 1"):
        session.models.predict(key, rows, 2)
    with pytest.raises(InvalidArgument, match="the models of the folds of 'together' are not there"):
        session.models.fold_ensemble("together")


def test_a_training_takes_some_of_the_threads(session: Any, local: LocalSession, rows: str) -> None:
    asked = {"x": ["x", "y"], "y": "two", "training_frame_key": rows}
    for threads, taken in ((1, 1), (2, 2), (None, 2), (99, 2)):
        key = finished(session, session.training.train("deeplearning", SMALL, **asked, threads=threads))
        assert local.store.get(key, DeepLearningModel).threads == taken
    for wrong in (0, -1, True, "1", 1.5):
        with pytest.raises(InvalidArgument, match=f"threads={wrong!r} must be a number from 1 on"):
            session.training.train("deeplearning", SMALL, **asked, threads=wrong)


@pytest.mark.parametrize("way", NEAR)
def test_a_ring_of_one_trains_as_any_other(session: Any, local: LocalSession, rows: str) -> None:
    """All that a node does as a member of a ring; rings of several processes are in test_shared_training.py."""
    frame = local.store.frame(rows)
    p = validate({**SMALL, "epochs": 2}, TrainingContext(frame, None, "two"))
    prepared = Prepared.of(p, frame)
    worker, members = LocalWorker(prepared, 1), session.members
    start = {"weights": worker.net.buffer(), "rounds": 0, "optimiser": []}
    assert members.open("run", "127.0.0.1") > 0
    members.load("run", with_arrays(load_of(prepared)))
    members.start("run", with_arrays(start))
    assert members.meet("run", 1, 0, 1, ["127.0.0.1", 1], 1.0) == ""
    assert members.share("run", 1.0, True) == ""
    settings = iteration_settings(p, prepared.topology.layers, "crossentropy", Iteration(0, 0, 1.0))
    members.begin("run", settings)
    pieces = {"first": 0, "last": frame.nrow, "size": frame.nrow, "samples": 0, "part": []}
    rule = {"name": "guided", "start": 1.0}
    report = members.train("run", pieces, rule, 5.0, True)
    assert (report["rounds"], report["samples"], report["failure"]) == (1, frame.nrow, "")
    assert members.exchange("run", rule, 5.0)["rounds"] == 2
    worker.net.configure(**settings)
    worker.slice(TrainingState(), frame.nrow)
    np.testing.assert_array_equal(arrays_of(members.weights("run")), worker.net.buffer())
    for own, other in zip(arrays_of(members.optimiser("run")), worker.optimiser(), strict=True):
        assert own.keys() == other.keys()
        for name, values in own.items():
            np.testing.assert_array_equal(values, other[name])
    members.put("run", with_arrays(start["weights"]), 7)
    members.end("run")
    with pytest.raises(HeavywaterError, match="takes no part in the run 'run'"):
        members.weights("run")


@pytest.mark.parametrize("way", NEAR)
def test_a_ring_of_one_trains_rows_that_it_has(session: Any, local: LocalSession, rows: str) -> None:
    """Of parts of a frame on several nodes: test_sharded_frames.py."""
    frame, members = local.store.frame(rows), session.members
    p = validate({**SMALL, "replicate_training_data": False}, TrainingContext(frame, None, "two"))
    told = DataStatistics.of_plain(members.statistics("run", rows, plain_parameters(p)))
    shards = ShardedRows(p, [told])
    found = members.encode("run", told.plain(), with_arrays(shards.chosen[0]))
    prepared = shards.prepared(frame_of_bytes(found["rows"]), arrays_of(found["used"]), None, Start())
    worker = LocalWorker(Prepared.of(p, frame), 1)
    members.open("run", "127.0.0.1")
    members.load("run", with_arrays(load_of(prepared, (0, frame.nrow))))
    members.start("run", with_arrays({"weights": worker.net.buffer(), "rounds": 0, "optimiser": []}))
    assert members.meet("run", 1, 0, 1, ["127.0.0.1", 1], 1.0) == ""
    settings = iteration_settings(p, prepared.topology.layers, "crossentropy", Iteration(0, 0, 1.0))
    members.begin("run", settings)
    pieces = {"first": 0, "last": frame.nrow, "size": frame.nrow, "samples": 0, "part": []}
    members.train("run", pieces, {"name": "guided", "start": 1.0}, 5.0, True)
    worker.net.configure(**settings)
    worker.slice(TrainingState(), frame.nrow)
    np.testing.assert_array_equal(arrays_of(members.weights("run")), worker.net.buffer())
    members.end("run")


def test_rows_on_nodes_take_nodes(session: Any, rows: str) -> None:
    assert session.frames.statistics(rows)["rows"] == 60
    with pytest.raises(InvalidArgument, match="this session has no nodes"):
        session.files.import_shards("nowhere.csv")


@pytest.mark.parametrize("way", WAYS)
def test_everything_was_asked_for(way: str) -> None:
    """Runs last: an operation of the protocol that no test of the contract asks for is not covered by the contract."""
    asked = Asked.operations[way]
    if len(asked) < 40:
        pytest.skip("test_contract.py was not run")
    refused = set() if way in NEAR else set(REFUSED)
    assert set(OPERATIONS) - asked - refused == set()
