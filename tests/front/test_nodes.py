"""The Python front end with nodes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import h2o
import pytest
from h2o.callbacks import Run, Scores
from h2o.estimators import H2ODeepLearningEstimator
from h2o.grid import H2OGridSearch
from heavywater.cluster.secret import new_secret_file
from heavywater.errors import InvalidArgument

pytestmark = pytest.mark.same_process


class Histories(h2o.Callback):
    """Notes the epochs of all scorings."""

    def __init__(self) -> None:
        self.epochs: dict[str, list[float]] = {}

    def on_scoring(self, run: Run, scores: Scores) -> None:
        self.epochs.setdefault(run.model_id, []).append(scores.epochs)
        assert run.about["hidden"] == [3] and run.samples > 0


@pytest.fixture
def ended() -> Iterator[None]:
    h2o.shutdown()
    yield
    h2o.shutdown()


def test_a_cluster_of_two_from_beginning_to_end(ended, capsys):
    h2o.init(nodes=2, nthreads=1)
    assert "2 beside this process" in capsys.readouterr().out
    cluster = h2o.cluster()
    assert cluster.cloud_size == 2
    assert cluster.cloud_healthy
    assert [cluster.node(i)["state"] for i in range(2)] == ["idle", "idle"]
    table = cluster.get_status_details()
    assert len(table.cell_values) == 2
    assert {"h2o", "healthy", "num_cpus", "nthreads", "mem_value_size", "max_mem", "state"} <= set(
        table.col_header
    )
    frame = h2o.H2OFrame({"a": list(range(60)), "b": [i % 2 for i in range(60)]})
    grid = H2OGridSearch(H2ODeepLearningEstimator(hidden=[3], epochs=1, nfolds=2), {"l1": [0.0, 1e-3]})
    watched = Histories()
    grid.train(y="b", training_frame=frame, callbacks=[watched])
    assert len(grid.model_ids) == 2
    assert watched.epochs == {
        model.model_id: model.scoring_history()["epochs"].tolist() for model in grid.models
    }
    with pytest.warns(UserWarning, match="no effect of nodes=3"):
        h2o.init(nodes=3, verbose=False)
    h2o.shutdown()
    assert not cluster.is_running()


def test_one_process_is_a_cluster_of_one(ended):
    h2o.init(verbose=False)
    assert (h2o.cluster().cloud_size, h2o.cluster().nodes[0]["state"]) == (1, "this process")


def test_one_network_on_all_nodes_and_what_the_status_tells_of_it(ended):
    h2o.init(nodes=2, nthreads=1, verbose=False)
    frame = h2o.H2OFrame({"x": list(range(500)), "y": [k % 7 for k in range(500)]})
    model = H2ODeepLearningEstimator(hidden=[5], epochs=10, seed=1, train_samples_per_iteration=1000)
    model.train(y="y", training_frame=frame)
    events = model.scoring_history()
    assert (events["nodes"] == 2).all() and (events["rows_per_round"] == 1000).all()
    assert all(node["rows_per_second"] > 0 and 0 <= node["ring_share"] <= 1 for node in h2o.cluster().nodes)
    lines = str(h2o.cluster()).splitlines()
    assert "time in the ring" in lines[-4] and all(line.endswith("%") for line in lines[-2:])
    assert "rows/s" in h2o.cluster()._repr_html_()


def test_listening_needs_a_secret(ended):
    with pytest.raises(InvalidArgument, match="secret_file"):
        h2o.init(nodes="listen:0.0.0.0:0")


def test_links_are_measured(ended, capsys):
    h2o.init(nodes=2, nthreads=1, verbose=False)
    rows = h2o.network_test().as_data_frame()
    assert "Network Test" in capsys.readouterr().out
    assert list(rows.columns) == ["node", "host", "bytes", "microseconds", "MB_per_s"]
    assert len(set(rows["node"])) == 2
    assert list(rows["bytes"]) == [1, 1 << 10, 1 << 20, 8 << 20] * 2
    assert (rows["microseconds"] > 0).all()
    assert rows["MB_per_s"].tolist() == pytest.approx((2 * rows["bytes"] / rows["microseconds"]).tolist())
    os.kill(h2o.cluster().nodes[0]["pid"], signal.SIGKILL)
    rows = h2o.cluster().network_test().as_data_frame()
    assert rows["microseconds"].isna().tolist() == [True] * 4 + [False] * 4


def test_who_listens_says_where_and_who_joins_says_so(ended, capsys, tmp_path):
    new_secret_file(str(tmp_path / "secret"))
    h2o.init(nodes="listen:127.0.0.1:0", secret_file=str(tmp_path / "secret"))
    found = re.search(r"1 \(this process\); others can join at (127\.0\.0\.1:\d+)", capsys.readouterr().out)
    assert found
    script = "import sys; from h2o.command_line import main; sys.exit(main())"
    node = subprocess.Popen(
        [sys.executable, "-c", script, "node", "--join", found[1], "--secret-file", str(tmp_path / "secret")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert node.stderr.readline() == f"node: joined {found[1]}\n"
    while not h2o.cluster().nodes[0]["h2o"].startswith("127"):
        assert node.poll() is None
    assert f"1 beside this process; others can join at {found[1]}" in str(h2o.cluster())
    h2o.shutdown()
    assert node.communicate(timeout=30) == ("node: the session has ended\n", "")


@pytest.mark.parametrize(
    "late", [{"nodes": 2}, {"secret_file": "s"}, {"nodes": "listen:h:1", "secret_file": "s"}]
)
def test_what_comes_too_late_is_named(ended, late):
    h2o.init(verbose=False)
    with pytest.warns(UserWarning, match="running already") as told:
        h2o.init(**late, verbose=False)
    [text] = [str(each.message) for each in told]
    assert [name for name in ("nodes=", "secret_file=") if f" {name}" in text.split(": the session")[0]] == [
        f"{n}=" for n in late
    ]
