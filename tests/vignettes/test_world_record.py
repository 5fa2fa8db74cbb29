"""The long run on MNIST, in small: killed and taken up again, and what it tells of itself."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import h2o
import pytest

from vignettes import world_record

from .conftest import DATA

EPOCHS = 40


@pytest.fixture(scope="module", autouse=True)
def data():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEAVYWATER_CACHE", str(DATA))
        yield
    h2o.show_progress()
    h2o.remove_all()


def asked(folder, piece):
    return [
        "--quick",
        "--epochs",
        str(EPOCHS),
        "--piece",
        str(piece),
        "--threads",
        "1",
        "--folder",
        str(folder),
    ]


def points(folder):
    try:
        return json.loads((folder / "curve.json").read_text())["points"]
    except FileNotFoundError:
        return []


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a run that nothing interrupts."""
    folder = tmp_path_factory.mktemp("whole")
    world_record.main(asked(folder, 60))
    return folder


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """The folder of a run that is killed when it has a point or two, and taken up again."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "vignettes.world_record", *asked(folder, 0.01)]
    root = Path(world_record.__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as process:
        while not points(folder):
            assert process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert 0 < points(folder)[-1]["epochs"] < EPOCHS
    world_record.main(asked(folder, 60))
    return folder


def test_a_killed_run_ends_where_it_would_have_ended(whole, killed):
    ends = [points(folder)[-1] for folder in (whole, killed)]
    assert ends[0]["epochs"] == ends[1]["epochs"] == EPOCHS
    assert ends[0]["test_logloss"] == ends[1]["test_logloss"]
    assert ends[0]["held_out_logloss"] == ends[1]["held_out_logloss"]
    assert ends[0]["test_error"] < 0.8


def test_time_counts_in_all_sittings(killed):
    curve = points(killed)
    for quantity in ("epochs", "seconds", "core_hours"):
        values = [point[quantity] for point in curve]
        assert values == sorted(values) and 0 < values[0] < values[-1]
    assert json.loads((killed / "curve.json").read_text())["sittings"] == 2


def test_the_folder_has_one_model_the_curve_and_the_report(killed):
    known = json.loads((killed / "curve.json").read_text())
    names = {path.name for path in killed.iterdir() if not path.name.startswith(".")}
    assert names == {"curve.json", "curve.csv", "report.md", "curve.svg", known["model"]}
    with open(killed / "curve.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert [float(row["test_error"]) for row in table] == [point["test_error"] for point in known["points"]]
    assert sum(map(sum, known["picked_confusion"])) == 150


def test_a_complete_run_is_told_again(whole, capsys):
    before = (whole / "curve.csv").read_bytes()
    world_record.main(asked(whole, 60))
    assert (whole / "curve.csv").read_bytes() == before
    assert f"{points(whole)[-1]['test_error']:.2%}" in capsys.readouterr().out


def test_another_run_is_not_mixed_in(whole):
    with pytest.raises(SystemExit, match=r"has a run with other settings.*another --folder"):
        world_record.main([*asked(whole, 60), "--all-rows"])


def point(held_out, test, logloss=1.0):
    return {
        "epochs": 1.0, "seconds": 60.0, "core_hours": 0.5, "test_error": test, "test_logloss": 1.0,
        "held_out_error": held_out, "held_out_logloss": logloss,
    }  # fmt: skip


def test_the_test_rows_pick_nothing():
    curve = [point(0.02, 0.01), point(0.01, 0.03, 2.0), point(0.01, 0.02, 1.0), point(0.015, 0.005)]
    assert world_record.picked(curve) is curve[2]
    without = [point(None, error) for error in (0.01, 0.02)]
    assert world_record.picked(without) is without[1]


def test_the_report_says_what_picking_on_the_test_set_gives(tmp_path):
    run = world_record.Run(tmp_path, {"threads": 2, "parameters": {"rate": 0.1}})
    run.known |= {"processor": "abacus", "picked_confusion": [[7, 1], [0, 8]]}
    run.points.extend([point(0.0123, 0.0145), point(0.02, 0.0099)])
    text = world_record.report(run)
    assert "fewest errors on the rows held out | 1.45% |" in text
    assert "end of the run | 0.99% |" in text
    assert "on the test set, as the booklet picked its own | 0.99% |" in text
    assert "| **0** | 7 | 1 |" in text
    assert "abacus, 2 threads" in text


def test_a_model_is_told_once(tmp_path):
    run = world_record.Run(tmp_path, {"threads": 1, "parameters": {}})
    run.known |= {"processor": "abacus", "picked_confusion": [[8]]}
    run.points.extend([point(None, 0.01), point(None, 0.02)])
    assert world_record.report(run).count("| the model of the end of the run | 2.00% |") == 1


def test_hours_become_epochs():
    assert world_record.epochs_for(4, 8000, 50_000) == 2142
    assert world_record.epochs_for(0.001, 1, 50_000) == 1


@pytest.mark.parametrize("count", [1, 19, 20, 21, 60, 61])
def test_the_table_has_few_lines_and_the_end(count):
    curve = [{"epochs": i} for i in range(count)]
    some = world_record.milestones(curve)
    assert some[-1] == curve[-1] and len(some) == min(count, len(some)) <= 20
