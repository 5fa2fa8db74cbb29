"""The bridge with Python as the host: R runs in this process, on the session of the Python front end."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from heavywater.bridge import entrance, r_host, r_memory
from heavywater.errors import HeavywaterError

PYTHON_HOST = """
import h2o
from heavywater import rbridge

h2o.init(verbose=False, nthreads=2)
h2o.no_progress()
frame = h2o.H2OFrame({"a": [1.5, 2.5, None], "b": ["x", "y", "x"]}, destination_frame="from_python")
rbridge.attach(h2o.connection().session)

from rpy2 import rinterface

r = rinterface.evalr
r('h2o.no_progress()')
print("names", list(r('names(h2o.getFrame("from_python"))')))
print("sum", r('sum(h2o.getFrame("from_python")$a, na.rm = TRUE)')[0])
r('as.h2o(iris, "from_r")')
print("rows", h2o.get_frame("from_r").nrow)
r('fr <- h2o.getFrame("from_r")')
r('model <- h2o.deeplearning(y = "Species", training_frame = fr, hidden = 5, epochs = 1, seed = 1, model_id = "shared")')
print("model", h2o.get_model("shared").model_id)
print("error", r('tryCatch(h2o.getFrame("none"), h2o_error = function(e) class(e)[1])')[0])
rbridge.attach(h2o.connection().session)  # a second time does no harm
print("again", r('nrow(h2o.getFrame("from_r"))')[0])
"""

INTERRUPT = """
import os, signal, threading, time
from heavywater import rbridge

rbridge.attach()
from rpy2 import rinterface

r = rinterface.evalr
r('h2o.no_progress()')
threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT)).start()
r('model <- h2o.deeplearning(y = "Species", training_frame = as.h2o(iris), hidden = c(50, 50), epochs = 1e7, seed = 1, '
  'stopping_rounds = 0, classification_stop = -1)')
print("kept", r('model@model$interrupted')[0])
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
except KeyboardInterrupt:
    print("raised outside of R")
"""

WITHOUT_PACKAGE = """
import os
os.environ["R_LIBS"] = ""
from heavywater import rbridge
from heavywater.errors import HeavywaterError
try:
    rbridge.attach()
except HeavywaterError as error:
    print(error)
"""


def run(script, environment):
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("session", ["local", "loopback"])
def test_python_is_the_host(session, r_environment):
    done = run(PYTHON_HOST, {**r_environment, "HEAVYWATER_SESSION": session})
    found = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if " " in line)
    assert found["names"] == "['a', 'b']"
    assert (found["sum"], found["rows"], found["model"]) == ("4.0", "150", "shared")
    assert (found["error"], found["again"]) == ("h2o_not_found", "150")
    assert "redefined by R" not in done.stderr


def test_values_come_back_as_they_were(r_environment):
    done = run("from tests.bridge.values import main; main()", r_environment)
    assert done.stdout == "done\n"


def test_an_interrupt_in_r_stops_the_training_and_others_are_raised(r_environment):
    lines = run(INTERRUPT, r_environment).stdout.splitlines()
    assert lines[-2:] == ["kept True", "raised outside of R"]


def test_a_missing_package_is_named(r_environment):
    done = run(WITHOUT_PACKAGE, {**r_environment, "R_LIBS": "", "R_LIBS_USER": "-"})
    assert "R CMD INSTALL rfront" in done.stdout


def without_rpy2(monkeypatch):
    monkeypatch.setattr(r_memory, "running", lambda: False)
    monkeypatch.setitem(sys.modules, "rpy2", None)
    monkeypatch.setitem(sys.modules, "rpy2.rinterface", None)


def test_without_rpy2_the_remedy_is_a_command_that_exists(monkeypatch, rscript):
    without_rpy2(monkeypatch)
    with pytest.raises(HeavywaterError, match="is missing") as found:
        entrance.attach()
    command = re.search(r"`(.*?)`", str(found.value)).group(1)
    done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "rpy2 works with this R: nothing to do")


@pytest.mark.parametrize(
    ("version", "line"),
    [("4.1.0", ">=3.5.17,<3.6"), ("4.4.3", ">=3.5.17,<3.6"), ("4.5.0", ">=3.6"), ("5.0.1", ">=3.6")],
)
def test_the_version_of_r_chooses_the_line_of_rpy2(version, line, tmp_path, monkeypatch):
    program(tmp_path / "R", f"echo 'R version {version} (2022-10-31) -- \"Nickname\"'")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert r_host.requirement() == f"rpy2{line}"


def test_a_wrong_rpy2_goes_with_all_its_parts_before_the_right_one_comes(tmp_path, monkeypatch):
    log = tmp_path / "log"
    program(tmp_path / "python", f'echo "$@" $RPY2_CFFI_MODE >> {log}')
    program(tmp_path / "R", "echo 'R version 4.3.1'")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    answers = iter([False, True])
    monkeypatch.setattr(r_host, "works", lambda: next(answers))
    assert r_host.install() == "installed rpy2>=3.5.17,<3.6"
    uninstall, install = log.read_text().splitlines()
    assert uninstall.split()[-3:] == ["rpy2", "rpy2-rinterface", "rpy2-robjects"] and "uninstall" in uninstall
    assert install.split()[-2:] == ["rpy2>=3.5.17,<3.6", "ABI"] and "install" in install


def test_without_r_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HeavywaterError, match="install R"):
        r_host.requirement()


def program(path, line):
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
