import io
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import h2o
import pytest
from h2o.backend import progress
from h2o.backend.progress import wait_with_progress
from h2o.exceptions import H2OConnectionError, H2OValueError
from heavywater.errors import JobCancelled
from heavywater.session import JobHandle, memory_size

from ..sessions import behind


@pytest.fixture(autouse=True)
def fresh():
    h2o.shutdown()
    yield
    h2o.shutdown()
    h2o.show_progress()
    logging.getLogger("h2o").setLevel(logging.NOTSET)


def test_init_prints_a_status_without_java(capsys):
    h2o.init(nthreads=1, name="mine", max_mem_size="512m")
    shown = capsys.readouterr().out
    assert "mine" in shown
    assert "0.5 GB" in shown
    assert "java" not in shown.lower()
    cluster = h2o.cluster()
    assert (cluster.cloud_name, cluster.cloud_size, cluster.timezone) == ("mine", 1, "UTC")
    assert cluster.nodes[0]["nthreads"] == behind().settings.nthreads == 1
    assert cluster.version == h2o.__version__
    cluster.show_status(True)
    assert "healthy" in repr(cluster)
    h2o.init(verbose=False)
    assert h2o.cluster().cloud_name == "mine"


def test_work_without_init_starts_quietly(capsys):
    assert h2o.H2OFrame([1, 2]).nrow == 2
    assert capsys.readouterr().out == ""
    assert h2o.cluster().is_running()


def test_shutdown_ends_the_session(monkeypatch):
    h2o.init(verbose=False)
    cluster, frame = h2o.cluster(), h2o.H2OFrame([1])
    monkeypatch.setattr("builtins.input", lambda prompt: "n")
    h2o.shutdown(prompt=True)
    assert cluster.is_running()
    h2o.cluster().shutdown()
    assert not cluster.is_running()
    assert behind().store.keys() == []
    with pytest.raises(h2o.exceptions.NotFound):
        _ = frame.nrow


def test_without_nodes_there_are_no_links_to_measure(capsys):
    for test in (h2o.cluster().network_test, h2o.network_test):
        assert test().cell_values == []
        assert "no nodes beside this process" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argument",
    [
        "ice_root",
        "enable_assertions",
        "min_mem_size",
        "extra_classpath",
        "jvm_custom_args",
        "bind_to_localhost",
        "max_log_file_size",
        "port",
    ],
)
def test_arguments_without_effect_warn_by_name(argument):
    start: Any = h2o.init
    with pytest.warns(UserWarning, match=f"no effect of {argument}"):
        start(verbose=False, **{argument: 1234})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"nthreads": 0}, "nthreads=0"),
        ({"nthreads": "two"}, "nthreads='two'"),
        ({"max_mem_size": "much"}, "'much'"),
        ({"log_level": "LOUD"}, "'LOUD' must be one of TRACE"),
        ({"no_such": 1}, "unknown argument 'no_such'"),
    ],
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(H2OValueError, match=message):
        h2o.init(**arguments)


def test_session_that_must_run_already():
    with pytest.raises(H2OConnectionError, match="no session runs"):
        h2o.init(start_h2o=False)


@pytest.mark.parametrize(
    ("value", "size"),
    [("512m", 2**29), ("2G", 2**31), (4, 2**32), ("1.5g", 3 * 2**29), (3 * 2**20, 3 * 2**20), (None, None)],
)
def test_memory_sizes(value, size):
    assert memory_size(value) == size


def test_memory_limit_refuses_an_import(tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("a\n" + "1.234567891234\n" * 20_000)
    h2o.init(max_mem_size="100k", verbose=False)
    with pytest.raises(H2OValueError, match="max_mem_size"):
        h2o.import_file(str(path))
    assert behind().store.keys() == []


def test_connection_and_log(tmp_path):
    h2o.init(verbose=False, log_dir=str(tmp_path), log_level="INFO")
    connection = h2o.connection()
    count = connection.requests_count
    _ = h2o.H2OFrame([1]) + 1
    assert connection.requests_count == count + 1
    assert connection.session_id.startswith("_sid_")
    connection.start_logging(str(tmp_path / "client.log"))
    h2o.log_and_echo("a message")
    connection.stop_logging()
    h2o.log_and_echo("another")
    assert "a message" in (tmp_path / "h2o.log").read_text()
    assert (tmp_path / "client.log").read_text().strip() == "a message"
    assert h2o.connect(verbose=False) is connection


def begun(description: str, work: Callable[[Any], Any]) -> JobHandle:
    """A job of the session that does made-up work."""
    session = h2o.connection().session
    return JobHandle(session, behind().jobs.start(description, work))


def slow(job):
    job.update(0.5, "half")
    time.sleep(0.8)
    return 2


def test_progress_bar_only_for_long_jobs(capsys, monkeypatch):
    monkeypatch.setattr(progress, "_is_terminal", lambda: True)
    wait_with_progress(begun("Short", lambda job: 1))
    assert capsys.readouterr().out == ""
    assert wait_with_progress(begun("Long", slow)) == 2
    shown = capsys.readouterr().out
    assert "Long: |" in shown and "left, half" in shown and "100%" in shown
    assert shown.count("\n") == 1
    h2o.no_progress()
    assert wait_with_progress(begun("Long", slow)) == 2
    assert capsys.readouterr().out == ""


def test_files_and_pipes_get_a_line_now_and_then(capsys, monkeypatch):
    assert wait_with_progress(begun("Long", slow)) == 2
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(progress.LogLines, "_quiet", 0.2)
    assert wait_with_progress(begun("Long", slow)) == 2
    assert [line.partition("%")[0] for line in capsys.readouterr().out.splitlines()] == ["Long: 100"]
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.3)
    assert wait_with_progress(begun("Long", slow)) == 2
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("%")[0] for line in lines] == [*["Long: 50"] * (len(lines) - 1), "Long: 100"]
    assert 2 <= len(lines) <= 4


@pytest.mark.parametrize("terminal", [True, False])
def test_output_that_takes_nothing_does_not_end_the_work(monkeypatch, terminal):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError("no space left on device")

    monkeypatch.setattr(progress, "_is_terminal", lambda: terminal)
    monkeypatch.setattr(progress.LogLines, "_quiet", 0.1)
    monkeypatch.setattr(sys, "stdout", Full())
    assert wait_with_progress(begun("Long", slow)) == 2


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_in_letters_that_the_output_has(monkeypatch, terminal):
    output = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(progress, "_is_terminal", lambda: terminal)
    monkeypatch.setattr(progress.LogLines, "_quiet", 0.1)
    monkeypatch.setattr(sys, "stdout", output)
    assert wait_with_progress(begun("Long 模\x1b", slow)) == 2
    output.seek(0)
    assert r"Long \u6a21\x1b: " in output.read()


def test_job_errors_reach_the_caller():
    def fail(job):
        raise ValueError("broken")

    job = begun("Fail", fail)
    with pytest.raises(ValueError, match="broken"):
        job.wait()
    assert job.status == "FAILED"


def test_cancelled_job_gives_what_it_has():
    started = threading.Event()

    def work(job):
        started.set()
        while not job.cancel_requested:
            time.sleep(0.01)
        return "so far"

    job = begun("Work", work)
    started.wait()

    def interrupt(job, calls=[]):  # noqa: B006
        if not calls:
            calls.append(1)
            raise KeyboardInterrupt

    assert job.wait(interrupt, interval=0.01) == "so far"
    assert job.status == "CANCELLED"

    def cancelled(job: Any) -> None:
        job.cancel()
        job.stop_if_cancelled()

    job = begun("Work", cancelled)
    with pytest.raises(JobCancelled, match="Work was cancelled"):
        job.wait()


def test_genuine_distribution_is_refused(tmp_path):
    package = tmp_path / "h2o-3.46.0.12.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: h2o\nVersion: 3.46.0.12\n")
    (package / "RECORD").write_text("h2o/__init__.py,,\n")
    paths = [*sys.path, str(tmp_path)]
    code = f"import sys; sys.path[:] = {paths!r}; import h2o"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ImportError: the distribution 'h2o'" in done.stderr


def test_import_loads_nothing_heavy():
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; import h2o; h2o.init(verbose=False); "
        "print([m for m in ('pandas', 'pyarrow', 'scipy', 'tqdm', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
