"""The report of the benchmarks, on made-up runs."""

from __future__ import annotations

import json
import sys

import pytest

from . import history, report, run
from .environments import command_of
from .workloads import TARGETS, WORKLOADS

WORKS = {work.name: work for work in WORKLOADS}


def _runs(workload, engine, threads, values, **more):
    common = {"workload": workload, "engine": engine, "threads": threads, "other_cores_busy": 0.0}
    common |= {"peak_rss_mb": 100.0, "version": "1"}
    return [common | {WORKS[workload].quantity: value} | more for value in values]


def _reached(runs, workload, kind):
    work = [WORKS[workload]]
    target = next(t for t in TARGETS if (t.workload, t.kind) == (workload, kind))
    return report.reached(target, work, report.summarize(work, runs))


def test_every_target_belongs_to_a_workload_that_gives_its_figure():
    for target in TARGETS:
        work = WORKS[target.workload]
        assert work.peer is not None or target.kind in report.OF_OURS
        assert target.kind != "scaling" or work.quantity == "rows_per_second"


def test_the_median_counts_and_failures_do_not():
    runs = _runs("default", "heavywater", 2, [9.0, 1.0, 2.0])
    runs.append({"workload": "default", "engine": "heavywater", "threads": 2, "failure": "it broke"})
    (summary,) = report.summarize([WORKS["default"]], runs)
    assert (summary["median"], summary["lowest"], summary["highest"], summary["runs"]) == (2.0, 1.0, 9.0, 3)


@pytest.mark.parametrize(("ours", "good"), [(35_900.0, False), (36_000.0, True)])
def test_speed_is_ours_over_the_peers(ours, good):
    runs = _runs("default", "heavywater", 2, [ours]) + _runs("default", "h2o", 2, [1000.0])
    result = _reached(runs, "default", "ratio")
    assert result["value"] == pytest.approx(ours / 1000) and result["reached"] is good


@pytest.mark.parametrize(("ours", "good"), [(1.5, True), (1.6, False)])
def test_time_is_the_peers_over_ours(ours, good):
    runs = _runs("import", "heavywater", 2, [ours]) + _runs("import", "h2o", 2, [6.0])
    result = _reached(runs, "import", "ratio")
    assert result["value"] == pytest.approx(6 / ours) and result["reached"] is good


def test_scaling_is_two_threads_over_one():
    runs = _runs("record", "heavywater", 1, [100.0]) + _runs("record", "heavywater", 2, [159.0])
    result = _reached(runs, "record", "scaling")
    assert result["value"] == pytest.approx(1.59) and not result["reached"]


@pytest.mark.parametrize(("error", "good"), [(0.0199, True), (0.0201, False)])
def test_a_race_counts_only_if_the_error_is_reached(error, good):
    runs = _runs("race", "heavywater", 2, [1.0], test_error=error) + _runs("race", "torch", 2, [5.0])
    assert _reached(runs, "race", "ratio")["reached"] is good


def test_a_target_without_measurement_is_left_out():
    assert _reached(_runs("default", "heavywater", 2, [1.0]), "default", "ratio") is None
    assert _reached(_runs("default", "h2o", 2, [1.0]), "default", "scaling") is None


def test_report_names_failures_and_disturbed_runs(tmp_path, capsys):
    runs = _runs("default", "heavywater", 2, [17_000.0, 17_500.0], test_error=0.0612)
    runs[0]["other_cores_busy"] = 0.8
    runs.append({"workload": "default", "engine": "h2o", "threads": 2, "failure": "Traceback\nno Java"})
    report.write(tmp_path, [WORKS["default"]], runs)
    text = (tmp_path / "speed.md").read_text()
    assert text in capsys.readouterr().out
    assert "17 250 (±1%)*" in text and "6.12%" in text and "1 of 3 runs were disturbed" in text
    assert "**Failed**: default, h2o, 2 thread(s): no Java" in text
    assert json.loads((tmp_path / "speed.json").read_text())["runs"] == runs


def test_history_keeps_every_day_and_what_was_measured_on_it(tmp_path, monkeypatch, capsys):
    works = [WORKS["default"], WORKS["memory"]]
    runs = _runs("default", "heavywater", 2, [17_000.0], test_error=0.06)
    memory = _runs("memory", "heavywater", 2, [200.0])
    report.write(tmp_path, works, runs + memory)
    report.write(
        tmp_path, works, _runs("default", "heavywater", 2, [18_000.0]) + memory
    )  # the same day again
    monkeypatch.setattr(report, "describe_machine", lambda runs: {"date": "2030-01-01", "processor": "P", "cores": 8,
                        "system": "", "python": "", "versions": {"heavywater": "2"}})  # fmt: skip
    report.write(tmp_path, works, runs + memory, measured_now={"default"})
    lines = history.read(tmp_path / "history.csv")
    assert [(line["workload"], line["median"]) for line in lines] == [
        ("default", "18000"), ("memory", "200"), ("default", "17000")]  # fmt: skip
    assert (lines[2]["date"], lines[2]["processor"], lines[2]["version"]) == ("2030-01-01", "P", "2")
    assert (lines[0]["test_error"], lines[2]["test_error"]) == ("", "0.06")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("print('noise'); print('{\"seconds\": 2}')", {"seconds": 2}),
        ("import sys; sys.exit('it broke')", {"failure": "it broke"}),
        ("print('no result')", {"failure": "exit status 0"}),
    ],
)
def test_a_worker_gives_a_result_or_a_failure(script, expected):
    assert run._run_worker([sys.executable, "-c", script], "heavywater") == expected


def test_a_worker_that_hangs_is_asked_to_stop(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "WORKER_TIMEOUT", 2.0)
    trace = tmp_path / "stopped"
    script = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))\n"
        f"try: time.sleep(60)\nfinally: pathlib.Path({str(trace)!r}).touch()"
    )
    result = run._run_worker([sys.executable, "-c", script], "heavywater")
    assert result == {"failure": "no result within 2 s"}
    assert trace.exists()


@pytest.mark.parametrize("name", ["group", "merge", "sort"])
def test_ours_and_pandas_find_the_same_rows(name):
    """The frames of both are made alike, and a worker's figure is that of the whole result."""
    rows = []
    for engine in ("heavywater", "pandas"):
        job = json.dumps(WORKS[name].quick().job(engine, 2))
        result = run._run_worker([*command_of(engine), job], engine)
        assert result["seconds"] > 0 and result["peak_rss_mb"] > 0
        rows.append(result["rows"])
    assert rows[0] == rows[1] > 0


def test_a_peer_does_not_see_our_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "here")
    script = "import json, os; print(json.dumps({'path': os.environ.get('PYTHONPATH')}))"
    command = [sys.executable, "-c", script]
    assert run._run_worker(command, "heavywater") == {"path": "here"}
    assert run._run_worker(command, "h2o") == {"path": None}
