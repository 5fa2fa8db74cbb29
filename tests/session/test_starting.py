"""Where front ends get their session."""

import os
import subprocess
import sys

import pytest
from heavywater.errors import InvalidArgument
from heavywater.session import LocalSession, start
from heavywater.session.remote import RemoteSession


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, LocalSession), ("", LocalSession), ("local", LocalSession), ("loopback", RemoteSession)],
)
def test_the_environment_says_which_kind(value, kind, monkeypatch):
    monkeypatch.delenv("HEAVYWATER_SESSION", raising=False)
    if value is not None:
        monkeypatch.setenv("HEAVYWATER_SESSION", value)
    session = start("mine", 2, 2**30, "R")
    assert isinstance(session, kind)
    status = session.cluster.status()
    assert (status["cloud_name"], status["allowed_cores"], status["max_mem_size"]) == ("mine", 2, 2**30)
    assert start().cluster.status()["cloud_name"] == f"heavywater_{os.getpid()}"


@pytest.mark.parametrize(("language", "stem"), [("python", "py_"), ("R", "RTMP_")])
def test_temporaries_have_the_names_of_the_language(language, stem):
    session = start(language=language)
    first = session.frames.rapids("(cbind 1 2)")
    assert first.key.startswith(stem) and first.key.endswith(session.client)


def test_an_unknown_kind_is_refused(monkeypatch):
    monkeypatch.setenv("HEAVYWATER_SESSION", "remote")
    with pytest.raises(InvalidArgument, match=r"HEAVYWATER_SESSION='remote' must be one of local, loopback"):
        start()


def test_the_python_front_end_takes_it():
    script = "import h2o; h2o.init(verbose=False); print(type(h2o.connection().session).__name__, h2o.H2OFrame([1, 2]).nrow)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "HEAVYWATER_SESSION": "loopback"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["LoopbackSession", "2"]


REFUSED = """
import h2o
from h2o.estimators import H2ODeepLearningEstimator

def mine(actual, predicted):
    return 0.5

h2o.init(verbose=False)
frame = h2o.H2OFrame({"x": range(10), "y": range(10)})
own = H2ODeepLearningEstimator(epochs=1, hidden=[2], custom_metric_func=mine)
for ask in (lambda: own.train(["x"], "y", frame), lambda: h2o.upload_custom_metric(mine)):
    try:
        ask()
    except h2o.exceptions.H2OValueError as error:
        print(error)
print(len(h2o.ls()))
"""


def test_a_function_is_refused_by_name_where_it_cannot_go():
    done = subprocess.run(
        [sys.executable, "-c", REFUSED],
        env={**os.environ, "HEAVYWATER_SESSION": "loopback"},
        capture_output=True,
        text=True,
        check=True,
    )
    *refusals, objects = done.stdout.splitlines()
    assert len(refusals) == 2
    assert all(
        "the function mine cannot be sent to a session in another process" in each for each in refusals
    )
    assert objects == "1"
