"""The Python front end at a node: which one is meant, what is there, and what goes when."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import h2o
import pytest
from h2o.exceptions import H2OConnectionError, H2OValueError
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.session import LocalSession

from ..session.served import nodes

DATA = Path(__file__).parents[1] / "data"
CLOSED = "http://127.0.0.1:9"  # discard: nobody listens there


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("HEAVYWATER_SESSION", raising=False)
    monkeypatch.delenv("HEAVYWATER_TOKEN", raising=False)
    h2o.shutdown()
    yield
    h2o.shutdown()


@pytest.fixture
def held() -> LocalSession:
    """The session at the node."""
    return LocalSession("shared", nthreads=1)


@pytest.fixture
def url(held: LocalSession) -> str:
    return nodes().open(OpenNode(held))


class Answers(BaseHTTPRequestHandler):
    """A server that is no node: what its class attributes say."""

    status, headers_sent, body = 200, {"Content-Type": "text/html"}, b"<html>"

    def do_GET(self) -> None:
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def other(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that answers as the parameter of the test says."""
    status, headers, body = request.param
    handler = type("Other", (Answers,), {"status": status, "headers_sent": headers, "body": body})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_init_at_a_node(url, held, capsys):
    h2o.init(url=f"{url}/")
    shown = capsys.readouterr().out
    assert (
        f"Connected to the node at {url}" in shown and "shared" in shown and f"1 (the node at {url})" in shown
    )
    connection = h2o.connection()
    assert (connection.base_url, connection.at_node, connection.connected) == (url, True, True)
    assert url in repr(connection) and h2o.cluster().nodes[0]["host"] == url
    frame = h2o.H2OFrame({"a": [1, 2, 3]}, destination_frame="numbers")
    doubled = frame * 2
    assert doubled["a"].sum() == 12 and "numbers" in held.objects.keys("frame")
    h2o.init(verbose=True)
    assert "already" in capsys.readouterr().out
    assert h2o.connect(url=url, verbose=False) is connection
    h2o.shutdown()
    assert held.store.keys() == ["numbers"] and not connection.connected
    with pytest.raises(H2OConnectionError, match="was closed"):
        doubled.sum()
    h2o.init(url=url, verbose=False)
    assert h2o.get_frame("numbers").sum() == 6


def test_two_clients_share_what_has_a_name(url, held):
    h2o.init(url=url, verbose=False)
    temporary = h2o.H2OFrame({"a": [1]}) + 1
    other = nodes_session(url)
    assert temporary.frame_id in other.objects.keys("frame")
    other.end()
    assert temporary.sum() == 2
    assert h2o.connection().session_id != f"_sid_{other.client}"


def nodes_session(url: str) -> Any:
    from heavywater.session import connect

    return connect(url)


@pytest.mark.parametrize(
    "arguments",
    [
        {"url": CLOSED},
        {"url": CLOSED.removeprefix("http://")},
        {"port": 9, "token": "a-secret"},
        {"port": 9, "username": "me", "password": "a-secret"},
        {"port": 9, "cookies": ["steam=a-secret"]},
        {"port": 9, "https": True},
        {"ip": "127.0.0.1", "port": 9, "start_h2o": False},
    ],
)
def test_nobody_is_there(arguments):
    with pytest.raises(H2OConnectionError, match=r"http.*:9\b") as caught:
        h2o.init(verbose=False, **arguments)
    assert "secret" not in str(caught.value)
    assert isinstance(caught.value, OSError) and h2o.backend.running.connection is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"url": "ftp://node:1"}, "http://localhost:54321"),
        ({"url": "http://"}, "must be the address of a node"),
        ({"url": "http://node:port"}, "must be the address of a node"),
        ({"url": "http://me:secret@node:1"}, "without user, password"),
        ({"url": "http://node:1?token=secret"}, "without user, password"),
        ({"url": "http://node:1", "port": 2}, "leave them out"),
        ({"port": "many"}, "port='many' must be a whole number"),
        ({"url": CLOSED, "token": "a", "token_file": "b"}, "leave one of them out"),
        ({"url": CLOSED, "token": "two\nlines"}, "ASCII text without spaces"),
        ({"url": CLOSED, "token_file": "/nowhere/token"}, "/nowhere/token.*cannot be read"),
        ({"url": "https://localhost:9", "cacert": __file__}, "no certificates"),
        ({"url": CLOSED, "proxy": "::"}, "proxy must be the address"),
        ({"url": 5}, "url must be a text"),
    ],
)
def test_arguments_that_mean_no_node(arguments, message):
    with pytest.raises((H2OValueError, h2o.exceptions.H2OTypeError), match=message) as caught:
        h2o.init(verbose=False, **arguments)
    assert "secret" not in str(caught.value)


def test_a_port_is_tried_and_a_default_is_not(url, held, monkeypatch):
    """Scripts of H2O's say ip and port; where no node is, the session runs in this process as ever."""
    port = nodes().port
    with pytest.warns(UserWarning, match="no effect of ip, port"):
        h2o.init(ip="localhost", port=9, verbose=False)
    assert not h2o.connection().at_node
    with pytest.warns(UserWarning, match="no effect of port"):
        h2o.init(port=port, verbose=False)  # there is a session already
    h2o.shutdown()
    monkeypatch.setattr("heavywater.session.reaching.PORT", port)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        h2o.init(verbose=False)
        assert not h2o.connection().at_node
    h2o.shutdown()
    h2o.connect(ip="127.0.0.1", port=port, context_path=url.rpartition("/")[2], verbose=False)
    assert h2o.connection().base_url == url
    with pytest.warns(UserWarning, match="no effect of ip and port"):
        h2o.init(ip="localhost", port=9, verbose=False)
    with pytest.warns(UserWarning, match=r"no effect of name, nthreads, max_mem_size.*the node"):
        h2o.init(url=url, name="mine", nthreads=2, max_mem_size="1G", verbose=False)
    assert h2o.cluster().cloud_name == "shared"


def test_a_session_with_something_in_it_is_not_left(url):
    frame = h2o.H2OFrame([1, 2])
    with pytest.raises(H2OValueError, match=r"1 frames and models in it would be lost.*h2o.shutdown"):
        h2o.init(url=url, verbose=False)
    assert frame.nrow == 2
    h2o.remove_all()
    h2o.init(url=url, verbose=False)
    assert h2o.connection().at_node


H2O = {"X-h2o-build-project-version": "3.46.0.12", "Content-Type": "application/json"}
GREETING = b'{"node": "heavywater", "version": "0.0.1", "protocol": 2}'


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>Welcome"), "no node of heavywater but a web page"),
        (
            (404, {"Content-Type": "text/plain"}, b"no"),
            "no node of heavywater but another service .status 404",
        ),
        ((404, H2O, b"{}"), r"a server of H2O-3 3.46.0.12, which H2O's own client.*h2o serve"),
        ((301, {"Location": "https://elsewhere/"}, b""), "sends on to https://elsewhere/"),
        ((401, {}, b""), "does not let in .status 401.: token="),
        (
            (200, {"Content-Type": "application/json"}, GREETING),
            "version 0.0.1 and speaks protocol 2.*same version",
        ),
        ((200, {"Content-Type": "application/json"}, b"[1]"), "another service"),
    ],
    indirect=["other"],
)
def test_what_is_there_is_named(other, message):
    with pytest.raises(H2OConnectionError, match=message):
        h2o.init(url=other, verbose=False)


def test_a_node_of_another_version_is_named(url, monkeypatch):
    monkeypatch.setattr("heavywater.session.http_session.__version__", "0.0.1")
    monkeypatch.setattr("heavywater.session.reaching.__version__", "0.0.1")
    with pytest.warns(UserWarning, match=r"has version .* of heavywater, here is 0\.0\.1"):
        h2o.init(url=url, verbose=False)
    h2o.shutdown()
    with (
        pytest.warns(UserWarning, match="of heavywater"),
        pytest.raises(H2OValueError, match="strict_version_check"),
    ):
        h2o.init(url=url, strict_version_check=True, verbose=False)


def test_a_job_that_somebody_else_began(url, held):
    h2o.init(url=url, verbose=False)
    frame = h2o.H2OFrame({"x": list(range(40)), "y": list(range(40))}, destination_frame="rows")
    model = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1e9, seed=1, model_id="long", stopping_rounds=0)
    model.start(x=["x"], y="y", training_frame=frame)
    key = h2o.jobs()["jobs"][-1]["job"]
    h2o.shutdown()  # the connection ends, the job does not
    h2o.init(url=url, verbose=False)
    job = h2o.get_job(key)
    assert (job.status, job.job_key) == ("RUNNING", key)
    job.cancel()
    with pytest.raises(h2o.exceptions.H2OJobCancelled):
        job.poll()
    assert h2o.get_model(job.dest_key).model_id == "long"
    with pytest.raises(h2o.exceptions.NotFound, match="job_99"):
        h2o.get_job("job_99")


def test_what_a_client_left_goes_when_its_jobs_have_ended(url, held):
    h2o.init(url=url, verbose=False)
    frame = h2o.H2OFrame({"x": list(range(40)), "y": list(range(40))})
    model = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1e9, seed=1, model_id="long", stopping_rounds=0)
    model.start(x=["x"], y="y", training_frame=frame)
    h2o.shutdown()
    assert frame.frame_id in held.objects.keys("frame")
    job = held.jobs.known()[-1]["job"]
    held.jobs.cancel(job)
    held.jobs.wait(job, 30)
    for _ in range(500):
        if frame.frame_id not in held.objects.keys("frame"):
            break
        threading.Event().wait(0.01)
    assert held.store.keys() == ["long"]


def test_files_go_between_the_disks(url, held, tmp_path, monkeypatch):
    """What is uploaded and downloaded lies here, what is imported and saved lies there."""
    monkeypatch.chdir(tmp_path)
    h2o.init(url=url, verbose=False)
    iris = h2o.load_dataset("iris")
    assert (iris.frame_id, iris.dim) == ("iris.hex", [150, 5])
    assert h2o.download_csv(iris, "out.csv") == str(tmp_path / "out.csv")
    assert h2o.import_file(str(tmp_path / "out.csv")).dim == [150, 5]
    model = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1, model_id="flowers")
    model.train(y="class", training_frame=iris)
    written = [
        h2o.download_model(model, str(tmp_path)),
        model.download_mojo("here/"),
        model.download_mojo("named.zip"),
        h2o.download_pojo(model, str(tmp_path)),
        model.to_onnx("here/"),
        model.to_c("here/"),
    ]
    assert [Path(each).relative_to(tmp_path).as_posix() for each in written] == [
        "flowers",
        "here/flowers.zip",
        "named.zip",
        "flowers.java",
        "here/flowers.onnx",
        "here/flowers.c",
    ]
    assert Path("here/flowers.h").is_file()
    expected = model.predict(iris).as_data_frame()
    h2o.remove(model)
    assert h2o.upload_model(written[0]).predict(iris).as_data_frame().equals(expected)
    assert h2o.upload_mojo("named.zip").predict(iris).dim == [150, 4]
    assert len(h2o.mojo_predict_csv("out.csv", "named.zip", "scored.csv")) == 150
    assert list(held.transit.folder.iterdir()) == []


def test_what_is_wrong_with_a_file_is_told_by_its_own_name(url, tmp_path):
    h2o.init(url=url, verbose=False)
    broken, strange = tmp_path / "broken.csv", tmp_path / "strange.csv"
    broken.write_text("a,b\n1,2\n1,2,3,4\n")
    strange.write_bytes(b"a,b\n1,\xe4\n2,x\n")
    with pytest.raises(h2o.exceptions.ParseError, match=f"^{broken}"):
        h2o.upload_file(str(broken))
    with pytest.warns(Warning, match=str(strange)):
        h2o.upload_file(str(strange))
    with pytest.raises(h2o.exceptions.ParseError, match="there is no such file"):
        h2o.upload_model(str(tmp_path / "nowhere"))
    with pytest.raises(h2o.exceptions.ParseError, match=f"{broken}"):
        h2o.upload_model(str(broken))


def test_a_client_that_was_given_up_is_opened_again(held):
    node = OpenNode(held)
    h2o.init(url=nodes().open(node), verbose=False)
    named, temporary = h2o.H2OFrame([1], destination_frame="named"), h2o.H2OFrame([2]) + 1
    node.clients.end(h2o.connection().session.client)
    with pytest.warns(RuntimeWarning, match="had not heard from here for too long"):
        assert named.sum() == 1
    with pytest.raises(h2o.exceptions.NotFound):
        temporary.sum()


def test_signs_of_life_keep_what_is_temporary(held):
    node = OpenNode(held, NodeOptions(expiry=2.0))
    h2o.init(url=nodes().open(node), verbose=False)
    temporary = h2o.H2OFrame([2]) + 1
    for _ in range(14):
        threading.Event().wait(0.2)
        node.clients.expire()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert temporary.sum() == 3
