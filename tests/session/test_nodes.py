"""Whole models on nodes: the same as here, whatever happens to the nodes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.cluster.launching import LocalNodes
from heavywater.cluster.secret import new_secret_file
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import InvalidArgument, InvalidType, JobCancelled, UnstableModel
from heavywater.exchange import table_of
from heavywater.export.frame_file import frame_bytes
from heavywater.export.model_file import DOCUMENT, _packed
from heavywater.frame.frame import Frame
from heavywater.session import JobHandle, LocalSession, start, starting_nodes

from ..sessions import finished

FIXED = {"hidden": [5], "epochs": 2, "seed": 3, "reproducible": True, "single_node_mode": True}
LONG = {**FIXED, "epochs": 1e6, "score_training_samples": 10, "stopping_rounds": 0, "classification_stop": -1}
# What differs between two runs of the same training, wherever they are.
TIMES = {"seconds", "seconds_before", "time", "duration", "speed"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|[ \d.:]+ (sec|min|hours)|\d+ obs/sec")


def new_session(nodes: int | str | None = None, nthreads: int = 1, **more: Any) -> LocalSession:
    session = start("test", nthreads, nodes=nodes, **more)
    found = getattr(session, "behind", session)
    assert isinstance(found, LocalSession)
    fill(found)
    return found


def fill(session: LocalSession) -> None:
    r = np.random.default_rng(1)
    n = 300
    x = r.normal(size=(n, 3))
    frame = pd.DataFrame({f"x{i}": x[:, i] for i in range(3)})
    frame["c"] = pd.Categorical(r.choice(list("abc"), n))
    frame["w"] = r.integers(1, 3, n)
    frame["fold"] = r.integers(0, 3, n)
    frame["y"] = pd.Categorical(np.where(x[:, 0] + x[:, 1] ** 2 > 1, "p", "n"))
    frame.loc[::7, "x1"] = np.nan
    session.frames.upload(table_of(frame), "rows")
    session.frames.upload(table_of(frame[:50]), "others")


@pytest.fixture(scope="module")
def here() -> LocalSession:
    return new_session()


@pytest.fixture(scope="module")
def crewed() -> Iterator[LocalSession]:
    session = new_session(2)
    yield session
    session.cluster.close()


@pytest.fixture(autouse=True)
def tidy(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing is left of a test in the sessions that tests share."""
    yield
    for name in {"here", "crewed"} & set(request.fixturenames):
        request.getfixturevalue(name).objects.remove_all(["rows", "others"])


@pytest.fixture
def both(here: LocalSession, crewed: LocalSession) -> list[LocalSession]:
    return [here, crewed]


def grid(
    session: LocalSession, hyper: dict[str, Any], parameters: dict[str, Any] = FIXED, **more: Any
) -> Any:
    more = {"x": None, "y": "y", "training_frame_key": "rows", "grid_id": "g", **more}
    shared = {name: value for name, value in parameters.items() if name not in hyper}
    return session.grids.train("deeplearning", shared, hyper, **more)


def train(session: LocalSession, parameters: dict[str, Any], **more: Any) -> Any:
    more = {"x": None, "y": "y", "training_frame_key": "rows", **more}
    return session.training.train("deeplearning", {"model_id": "m", **parameters}, **more)


def timeless(value: Any, name: str = "") -> Any:
    if name in TIMES:
        return None
    if isinstance(value, dict):
        return {key: timeless(item, key) for key, item in value.items()}
    if isinstance(value, list):
        timed = value and value[0] in ("start_time", "end_time", "run_time")
        # Which nodes there are differs, too, and what is said of a parameter for them.
        kept = [item for item in value if not str(item).startswith("single_node_mode=")]
        return value[:1] if timed else [timeless(item) for item in kept]
    return None if isinstance(value, str) and MOMENT.fullmatch(value) else value


def content(session: LocalSession) -> dict[str, Any]:
    """All that is stored: models as what their files hold but for times, frames as theirs."""
    found: dict[str, Any] = {}
    for key in sorted(session.store.keys(DeepLearningModel)):
        packed = _packed({"model": session.store.get(key, DeepLearningModel)})
        document = timeless(json.loads(packed.pop(DOCUMENT).tobytes()))
        found[key] = document, {name: (a.dtype, a.shape, a.tobytes()) for name, a in packed.items()}
    for key in sorted(session.store.keys(Frame)):
        frame = session.store.frame(key)
        if "_sid_" not in key:
            found[key] = frame.names, [column.kind for column in frame.columns], _values(frame)
    return found


def _values(frame: Frame) -> list[Any]:
    return [(np.asarray(column.numbers()).tobytes(), column.levels) for column in frame.columns]


def pids(session: LocalSession) -> list[int]:
    return [node["pid"] for node in session.cluster.status()["nodes"] if node["healthy"]]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Any) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


GRIDS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "cartesian": ({"l1": [0.0, 1e-3, 1e-2], "hidden": [[4], [3, 3]]}, FIXED, {}),
    "random": (
        {"l1": [0.0, 1e-3, 1e-2], "rho": [0.9, 0.99]},
        FIXED,
        {"search_criteria": {"strategy": "RandomDiscrete", "max_models": 3, "seed": 5}},
    ),
    "folds in it": (
        {"l2": [0.0, 1e-3]},
        {**FIXED, "nfolds": 2, "keep_cross_validation_predictions": True, "keep_cross_validation_fold_assignment": True},
        {},
    ),
    "validation, weights, autoencoder": (
        {"activation": ["Tanh", "RectifierWithDropout"]},
        {**FIXED, "autoencoder": True, "weights_column": "w"},
        {"y": None, "validation_frame_key": "others"},
    ),
    "some that cannot be": ({"rate": [0.1, -1.0]}, {**FIXED, "adaptive_rate": False}, {}),
}  # fmt: skip


@pytest.mark.parametrize("case", GRIDS)
def test_members_of_grids_are_those_trained_here(both, case):
    hyper, parameters, more = GRIDS[case]
    for session in both:
        assert finished(session, grid(session, hyper, parameters, **more)) == "g"
    one, other = (session.grids.describe("g") for session in both)
    assert sorted(one["model_ids"]) == sorted(other["model_ids"])
    assert one["failure_details"] == other["failure_details"]
    assert content(both[0]) == content(both[1])


FOLDS: dict[str, dict[str, Any]] = {
    "three": {"nfolds": 3},
    "kept": {
        "nfolds": 2,
        "keep_cross_validation_predictions": True,
        "keep_cross_validation_fold_assignment": True,
        "fold_assignment": "Stratified",
    },
    "column": {"fold_column": "fold", "weights_column": "w"},
    "stopping": {
        "nfolds": 3,
        "epochs": 20,
        "stopping_rounds": 2,
        "stopping_tolerance": 0.1,
        "score_interval": 0,
    },
}


@pytest.mark.parametrize("case", FOLDS)
def test_folds_are_those_trained_here(both, case):
    for session in both:
        assert finished(session, train(session, {**FIXED, **FOLDS[case]})) == "m"
    assert content(both[0]) == content(both[1])


def test_folds_without_a_seed_are_drawn_once(crewed):
    finished(
        crewed, train(crewed, {**FIXED, "seed": -1, "nfolds": 3, "keep_cross_validation_predictions": True})
    )
    assert crewed.store.get("m_cv_1", DeepLearningModel).parameters.given["seed"] == -1  # as it was given
    combined = crewed.store.frame("cv_holdout_prediction_m")
    assert np.isfinite(combined.columns[1].numbers()).all()


def test_work_is_done_by_the_nodes(crewed, monkeypatch):
    monkeypatch.setattr("heavywater.session.runs.Trainer", None)
    assert finished(crewed, grid(crewed, {"l1": [0.0, 1e-3]}, grid_id="elsewhere")) == "elsewhere"
    assert not crewed.grids.describe("elsewhere")["failure_details"]


def test_frames_are_sent_once_and_anew_where_they_are_others(crewed, monkeypatch):
    sent = list[Frame]()

    def counted(frame: Frame) -> bytes:
        sent.append(frame)
        return frame_bytes(frame)

    monkeypatch.setattr("heavywater.session.nodes.frame_bytes", counted)
    crewed.frames.assign("others", "changing")
    nodes = len(pids(crewed))
    for key in ("one", "two"):
        finished(
            crewed, grid(crewed, {"l1": [0.0, 1e-4, 1e-3, 1e-2]}, grid_id=key, training_frame_key="changing")
        )
    assert 1 <= len(sent) <= nodes
    crewed.frames.assign("rows", "changing")
    finished(crewed, grid(crewed, {"l1": [0.0]}, grid_id="three", training_frame_key="changing"))
    assert sent[-1].nrow == 300


def test_a_restart_from_a_checkpoint_takes_the_model_along(both):
    for session in both:
        finished(session, train(session, FIXED))
        finished(session, grid(session, {"epochs": [4, 6]}, {**FIXED, "checkpoint": "m"}))
    assert not both[1].grids.describe("g")["failure_details"]
    assert content(both[0]) == content(both[1])


def test_a_recovered_search_trains_only_what_is_missing(crewed, tmp_path):
    finished(crewed, grid(crewed, {"l1": [0.0, 1e-3]}, recovery_dir=str(tmp_path)))
    before = {key: crewed.store.get(key, DeepLearningModel) for key in crewed.store.keys(DeepLearningModel)}
    crewed.objects.remove_all(["rows", "others"])
    finished(crewed, grid(crewed, {"l1": [0.0, 1e-3, 1e-2]}, recovery_dir=str(tmp_path)))
    ids = crewed.grids.describe("g")["model_ids"]
    assert len(ids) == 3
    assert set(before) < set(ids)


def test_what_only_this_process_can_do_is_done_here(crewed, tmp_path):
    folder = tmp_path / "models"
    finished(crewed, grid(crewed, {"l1": [0.0, 1e-3]}, {**FIXED, "export_checkpoints_dir": str(folder)}))
    assert {"g_model_1", "g_model_2"} <= set(os.listdir(folder))
    finished(crewed, train(crewed, {**FIXED, "nfolds": 2, "export_checkpoints_dir": str(folder)}))
    assert {"m", "m_cv_1", "m_cv_2"} <= set(os.listdir(folder))


def test_an_error_is_the_one_that_would_be_here(both):
    unstable = {
        **FIXED,
        "epochs": 200,
        "adaptive_rate": False,
        "rate": 1e30,
        "activation": "Maxout",
        "nfolds": 2,
    }
    told = []
    for session in both:
        with pytest.raises(UnstableModel) as error:
            finished(session, train(session, unstable))
        told.append(re.sub(r"fold \d", "fold", str(error.value)))
    assert told[0] == told[1]


@pytest.mark.parametrize("kind", ["grid", "folds"])
def test_cancelling_reaches_the_nodes(crewed, kind):
    if kind == "grid":
        started = grid(crewed, {"l1": [0.0, 1e-4, 1e-3]}, LONG)
    else:
        started = train(crewed, {**LONG, "nfolds": 4})
    wait_until(lambda: crewed.jobs.state(started["job"])["message"].count("rows/s"))
    crewed.jobs.cancel(started["job"])
    job = JobHandle(crewed, started)
    if kind == "grid":
        job.wait()
        assert len(crewed.grids.describe("g")["model_ids"]) == 2  # as far as they were
    else:
        with pytest.raises(JobCancelled):
            job.wait()
    assert job.status == "CANCELLED"
    wait_until(lambda: [n["state"] for n in crewed.cluster.status()["nodes"]] == ["idle", "idle"])
    assert finished(crewed, grid(crewed, {"l1": [0.0]}, grid_id="after")) == "after"


def test_status_shows_every_node(crewed):
    status = crewed.cluster.status()
    assert (status["cloud_size"], status["cloud_healthy"]) == (2, True)
    for node in status["nodes"]:
        assert node["state"] == "idle"
        assert node["nthreads"] == 1
        assert node["h2o"].startswith("127.0.0.1:")
        assert node["pid"] != os.getpid()
    started = grid(crewed, {"l1": [0.0, 1e-3]}, LONG)
    wait_until(
        lambda: (
            {n["state"] for n in crewed.cluster.status()["nodes"]}
            == {"training g_model_1", "training g_model_2"}
        )
    )
    crewed.jobs.cancel(started["job"])
    JobHandle(crewed, started).wait()


def test_status_does_not_wait_for_what_a_node_is_asked(crewed):
    """As it would while a long frame is sent: the node stands still."""
    crewed.cluster.status()
    before = crewed.cluster.status()["nodes"]
    node = crewed._crew._nodes[0]
    asking = threading.Thread(target=node.session.objects.keys, args=(None,))
    os.kill(before[0]["pid"], signal.SIGSTOP)
    try:
        asking.start()
        wait_until(lambda: not _is_free(node))
        assert crewed.cluster.status()["nodes"] == before
        assert asking.is_alive()
    finally:
        os.kill(before[0]["pid"], signal.SIGCONT)
        asking.join()


def _is_free(node: Any) -> bool:
    with node.link.at_once() as free:
        return bool(free)


def test_the_secret_is_in_no_list_of_processes(crewed):
    for pid in pids(crewed):
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        assert b"serve_as_node" in line
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        launched = crewed._crew._launched
        assert isinstance(launched, LocalNodes)
        secret = launched.secret
        for form in (secret, secret.hex().encode()):
            assert form not in line + environment


# ---- nodes that are lost


def test_models_of_lost_nodes_are_trained_elsewhere(here):
    """One is killed, later the other one: the models are what they would have been, and each loss is told once."""
    session = new_session(2)
    slow = {**FIXED, "epochs": 500, "stopping_rounds": 0, "score_interval": 0.05}
    try:
        started = grid(session, {"l1": [0.0, 1e-4, 1e-3, 1e-2]}, slow)
        hit: set[str] = set()  # a model that costs both nodes is given up, as the message says
        for left in (1, 0):
            found: list[Any] = []

            def another_is_trained(found: list[Any] = found) -> bool:
                nodes = session.cluster.status()["nodes"]
                found += [n for n in nodes if n["state"].startswith("training") and n["state"] not in hit]
                return bool(found)

            wait_until(another_is_trained)
            os.kill(found[0]["pid"], signal.SIGKILL)
            hit.add(found[0]["state"])
            wait_until(lambda left=left: len(pids(session)) == left)
        with warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("always")
            finished(session, started)
        told = [str(each.message) for each in given if "is lost" in str(each.message)]
        assert len(told) == 2
        assert "the process of the session alone" in told[1]
        status = session.cluster.status()
        assert not status["cloud_healthy"]
        assert all(node["state"].startswith("lost: ") for node in status["nodes"])
        finished(here, grid(here, {"l1": [0.0, 1e-4, 1e-3, 1e-2]}, slow))
        assert content(session) == content(here)
        with warnings.catch_warnings():  # it goes on without a further word
            warnings.simplefilter("error")
            finished(session, train(session, {**FIXED, "nfolds": 2}))
            finished(session, grid(session, {"l1": [0.0]}, grid_id="later"))
    finally:
        session.cluster.close()


@pytest.mark.long
def test_folds_of_lost_nodes_are_trained_elsewhere(here):
    session = new_session(2)
    slow = {**FIXED, "epochs": 300, "stopping_rounds": 0, "nfolds": 3}
    try:
        started = train(session, slow)
        wait_until(lambda: any(n["state"].startswith("training") for n in session.cluster.status()["nodes"]))
        os.kill(pids(session)[0], signal.SIGKILL)
        with pytest.warns(RuntimeWarning, match="is lost"):
            finished(session, started)
        finished(here, train(here, slow))
        assert content(session) == content(here)
    finally:
        session.cluster.close()


# A node that does not survive one of the models, as where the system ends what takes too much memory.
FATAL = """
import os
from heavywater.session import runs
real = runs.Prepared.of
runs.Prepared.of = lambda p, *more: os.kill(os.getpid(), 9) if p.l1 == 0.01 else real(p, *more)
"""


@pytest.mark.parametrize(("nodes", "left"), [(4, 1), (2, 0)])
def test_a_model_that_ends_nodes_is_not_tried_on_and_on(monkeypatch, nodes, left):
    """Nor in the process of the session, which has all that the user has made. The others are trained."""
    script = starting_nodes._NODE
    monkeypatch.setattr(starting_nodes, "_NODE", f"exec({FATAL!r}); {script}")
    session = new_session(nodes)
    try:
        with pytest.warns(RuntimeWarning, match="is lost"):
            finished(session, grid(session, {"l1": [0.0, 1e-2, 1e-3]}))
        found = session.grids.describe("g")
        (failed,) = found["failure_details"]
        assert f"{nodes - left} nodes were lost" in failed
        assert len(found["model_ids"]) == 2
        assert len(pids(session)) == left
    finally:
        session.cluster.close()


# ---- the end


def test_nodes_end_with_the_session():
    session = new_session(1)
    running = pids(session)
    launched = session._crew._launched
    assert isinstance(launched, LocalNodes)
    folder = Path(launched.secret_file).parent
    session.for_client().cluster.close()  # another client's end is not that of the session
    assert pids(session) == running
    session.cluster.close()
    assert [pid for pid in running if is_running(pid)] == []
    assert not folder.exists()


@pytest.mark.parametrize("way", ["exit", "raise", "kill"])
def test_nodes_end_with_the_interpreter(way):
    last = {"exit": "sys.exit()", "raise": "1 / 0", "kill": "os.kill(os.getpid(), 9)"}[way]
    script = (
        "import os, sys; from heavywater.session import start; s = start('t', 1, nodes=1); "
        f"print(s.cluster.status()['nodes'][0]['pid'], flush=True); {last}"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert found.returncode == {"exit": 0, "raise": 1, "kill": -9}[way], found.stderr
    wait_until(lambda: not is_running(int(found.stdout)))


# ---- nodes from elsewhere


def node_command(*arguments: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-c",
        "import sys; from h2o.command_line import main; sys.exit(main())",
        "node",
    ]
    return subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_node_joins_by_command_with_the_secret_only(tmp_path):
    good, other = str(tmp_path / "secret"), str(tmp_path / "other")
    new_secret_file(good)
    new_secret_file(other)
    session = new_session("listen:127.0.0.1:0", secret_file=good)
    try:
        assert session.cluster.status()["cloud_size"] == 1
        finished(session, grid(session, {"l1": [0.0]}, grid_id="alone"))
        assert session._crew is not None
        address = session._crew._listener.address
        wrong = node_command("--join", address, "--secret-file", other)
        right = node_command("--join", address, "--secret-file", good, "--nthreads", "1", "--max-mem", "1g")
        assert "same secret" in wrong.communicate()[1]
        assert wrong.returncode == 1
        wait_until(lambda: session._crew.size == 1)
        (node,) = session.cluster.status()["nodes"]
        assert (node["pid"], node["nthreads"], node["max_mem"]) == (right.pid, 1, 2**30)
        finished(session, grid(session, {"l1": [0.0, 1e-3]}))
        session.cluster.close()
        assert "the session has ended" in right.communicate()[0]
        assert right.returncode == 0
    finally:
        session.cluster.close()


@pytest.mark.parametrize(
    ("nodes", "more", "error", "text"),
    [
        (0, {}, InvalidType, "from 1 to"),
        (-1, {}, InvalidType, "from 1 to"),
        (True, {}, InvalidType, "nodes=True"),
        (2.0, {}, InvalidType, "nodes=2.0"),
        ("two", {}, InvalidType, "nodes='two'"),
        ("listen:0.0.0.0:54330", {}, InvalidArgument, "needs secret_file"),
        ("listen:127.0.0.1:54330", {}, InvalidArgument, "needs secret_file"),
        ("listen:54330", {"secret_file": "s"}, InvalidArgument, "HOST:PORT"),
        ("listen:127.0.0.1:0", {"secret_file": "/nowhere/s"}, InvalidArgument, "Make one with"),
        (
            "listen:127.0.0.1:0",
            {"secret_file": ["a", "b"]},
            InvalidType,
            "secret_file=['a', 'b'] must be the name of a file",
        ),
        (2, {"secret_file": "s"}, InvalidArgument, "secret of their own"),
        (None, {"secret_file": "s"}, InvalidArgument, "secret_file='s' belongs to nodes='listen:HOST:PORT'"),
    ],
)
def test_what_nodes_cannot_be(nodes, more, error, text):
    before = threading.active_count()
    with pytest.raises(error, match=re.escape(text)):
        start("test", 1, nodes=nodes, **more)
    assert threading.active_count() == before


def test_nodes_that_do_not_start_say_why(monkeypatch):
    monkeypatch.setattr(starting_nodes, "_NODE", "raise SystemExit('no room here')")
    with pytest.raises(InvalidArgument, match="no room here"):
        start("test", 1, nodes=2)
