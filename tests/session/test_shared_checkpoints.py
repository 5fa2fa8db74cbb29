"""One network trained by several processes, whose leader ends, or cannot write."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.files import writing

from ..sessions import finished
from .test_nodes import is_running, wait_until
from .test_shared_training import LONG, ROWS, begin, history, new_session, trained

# A leader that says which processes its nodes are, and trains until it is killed.
LEADER = """
import sys
from tests.session.test_shared_training import LONG, begin, new_session, nodes
from tests.sessions import finished
session = new_session(2)
print(*(node["pid"] for node in nodes(session)), flush=True)
finished(session, begin(session, **{**LONG, "epochs": 1e6}, export_checkpoints_dir=sys.argv[1]))
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that a leader has left that was killed while it trained with two nodes."""
    folder = tmp_path_factory.mktemp("saved")
    leader = subprocess.Popen([sys.executable, "-c", LEADER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert leader.stdout is not None
    there = [int(pid) for pid in leader.stdout.readline().split()]
    assert len(there) == 2
    wait_until((folder / "m").exists)
    leader.kill()
    leader.communicate()
    wait_until(lambda: not any(map(is_running, there)))
    return folder / "m"


@pytest.mark.parametrize("nodes", [None, 1, 3])
@pytest.mark.long
def test_a_training_whose_leader_was_killed_goes_on_with_other_nodes(killed: Path, nodes: int | None) -> None:
    session = new_session(nodes)
    try:
        key = session.model_files.load(str(killed))
        saved = session.store.get(key, DeepLearningModel)
        assert saved.facts["samples"] > 0
        epochs = saved.facts["samples"] // ROWS + 20
        model = trained(session, "more", **{**LONG, "epochs": epochs}, checkpoint=key)
        assert model.facts["samples"] == epochs * ROWS
        taken = history(model)["nodes"].dropna() if nodes else history(saved)["nodes"].dropna()
        assert taken.iloc[0] == 2
        assert nodes is None or taken.iloc[-1] == nodes
        assert history(model)["training_logloss"].iloc[-1] < history(saved)["training_logloss"].iloc[0]
    finally:
        session.cluster.close()


def test_a_full_disk_at_a_checkpoint_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a node that is lost meanwhile. What could not be saved is saved when there is room."""
    tries, workplace = list[str](), writing.workplace

    def full(folder: str, name: str) -> Any:
        tries.append(name)
        if len(tries) == 1:
            os.kill(session.cluster.status()["nodes"][0]["pid"], signal.SIGKILL)
        if len(tries) < 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        return workplace(folder, name)

    monkeypatch.setattr(writing, "workplace", full)
    session = new_session(2)
    try:
        with pytest.warns(RuntimeWarning, match=r"No space left on device|is lost"):
            finished(session, begin(session, **LONG, export_checkpoints_dir=str(tmp_path)))
        model = session.store.get("m", DeepLearningModel)
        assert len(tries) > 4
        assert model.facts["samples"] == LONG["epochs"] * ROWS
        assert history(model)["nodes"].iloc[-1] == 1
        assert {2, 1} == set(history(model)["nodes"])
        session.objects.remove("m")
        assert session.model_files.load(str(tmp_path / "m")) == "m"
        assert session.store.get("m", DeepLearningModel).facts["samples"] == model.facts["samples"]
    finally:
        session.cluster.close()
