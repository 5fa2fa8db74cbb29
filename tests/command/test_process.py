"""The command as a process: pipes, signals, exit codes."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

from .helpers import DATA, IRIS

COMMAND = [sys.executable, "-c", "import sys; from h2o_command.main import main; sys.exit(main())"]


def test_results_and_remarks_have_their_streams(tmp_path):
    done = subprocess.run([*COMMAND, "import", IRIS, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["rows"] == 150
    assert subprocess.run([*COMMAND, "trian"], capture_output=True, check=False).returncode == 2
    module = [sys.executable, "-m", "h2o"]
    done = subprocess.run(
        [*module, "demo"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    assert "model.predict(test)" in done.stderr
    assert done.stdout == "demo: done\n"


def test_predictions_in_a_pipe(flowers):
    with open(IRIS, "rb") as data:
        done = subprocess.run(
            [*COMMAND, "predict", flowers, "-"], stdin=data, capture_output=True, check=True
        )
    assert len(done.stdout.splitlines()) == 151 and done.stderr == b""


def test_a_reader_that_has_seen_enough(flowers, tmp_path):
    (tmp_path / "long.csv").write_text(
        "sepal_len,sepal_wid,petal_len,petal_wid\n" + "5.1,3.5,1.4,0.2\n" * 20_000
    )
    running = subprocess.Popen(
        [*COMMAND, "predict", flowers, tmp_path / "long.csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout.readline().startswith(b'"predict"')
    running.stdout.close()
    assert (running.wait(30), running.stderr.read()) == (141, b"")
    running.stderr.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_while_it_waits_for_data(number, code):
    environment = {**os.environ, "TMPDIR": ""}
    running = subprocess.Popen([*COMMAND, "import", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=environment)  # fmt: skip
    spool = _spool_of(running.pid)
    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (code, "")
    assert err in ("h2o: interrupted\n", "")
    assert not os.path.exists(spool)


@pytest.mark.parametrize(
    ("shell", "code", "said"),
    [
        ("predict {model} {iris} > /dev/full", 1, "No space left"),
        ("import {iris} >&-", 1, "standard output is closed"),
        ("predict {model} {iris} >&-", 1, "standard output is closed"),
        ("import - <&-", 1, "there is no standard input"),
        ("predict {model} {iris} 2>&-", 0, ""),
    ],
)
@pytest.mark.long
def test_streams_that_are_full_or_closed(flowers, shell, code, said):
    line = f"{shlex.join(COMMAND)} {shell.format(model=flowers, iris=IRIS)}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert said in done.stderr and len(done.stderr.splitlines()) == (said != "")
    assert len(done.stdout.splitlines()) == (151 if code == 0 else 0)


def test_bytes_that_are_no_text(shell):
    for words in (["--missing", "\udcff"], ["--quote", "\udcff"], ["--factors", "\udcff"], ["\udcff.csv"]):
        assert "\\udcff" in shell.refused("import", IRIS, *words)


def _spool_of(process: int) -> str:
    """The file that takes standard input, as soon as it is there."""
    for _ in range(600):
        for each in os.listdir(f"/proc/{process}/fd"):
            try:
                target = os.readlink(f"/proc/{process}/fd/{each}")
            except OSError:
                continue
            if "h2o_stdin_" in target:
                return target
        time.sleep(0.05)
    raise AssertionError


def test_an_interrupted_training_is_saved(tmp_path):
    model = tmp_path / "model"
    running = subprocess.Popen(
        [*COMMAND, "train", IRIS, "--response", "class", "--set", "epochs=1e9", "--set", "hidden=4", "--model", str(model)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while running.poll() is None and not _trains(running.pid):
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert f"model: {model}" in out and model.exists()
    assert "interrupted; what was done until then is kept" in err


def _trains(process: int) -> bool:
    """Whether it has used two seconds of a processor."""
    with open(f"/proc/{process}/stat") as file:
        ticks = file.read().rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK") > 2


def test_the_help_loads_nothing_heavy():
    code = (
        "import sys; from h2o_command.main import main; main(['train', '--help']);"
        "heavy = {'h2o', 'numpy', 'pandas', 'pyarrow', 'scipy', 'starlette', 'heavywater.session', 'heavywater.server'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_the_script_and_the_old_name_lead_to_it():
    from h2o import command_line
    from h2o_command import main

    assert command_line.main is main.main
    text = (DATA.parents[1] / "pyproject.toml").read_text()
    assert 'h2o = "h2o_command.main:main"' in text
