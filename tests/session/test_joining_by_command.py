"""`h2o node`: how long it waits, with what code it ends, and TLS."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from heavywater.cluster.secret import new_secret_file
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import InvalidArgument

from ..cluster import certificates
from .test_nodes import LONG, finished, grid, new_session, node_command, train, wait_until

AGAIN = 75


@pytest.fixture
def secret(tmp_path: Path) -> str:
    new_secret_file(str(tmp_path / "secret"))
    return str(tmp_path / "secret")


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    found: list[subprocess.Popen[str]] = []
    yield found
    for process in found:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_node_waits_for_a_session_that_begins_later_and_ends_with_it(secret, started):
    address = f"127.0.0.1:{free_port()}"
    node = node_command("--join", address, "--secret-file", secret, "--wait", "60")
    started.append(node)
    with pytest.raises(subprocess.TimeoutExpired):
        node.wait(2)
    session = new_session(f"listen:{address}", secret_file=secret)
    wait_until(lambda: session._crew.size == 1)
    session.cluster.close()
    assert node.wait(20) == 0


def test_a_node_without_a_session_may_try_again(secret):
    node = node_command("--join", f"127.0.0.1:{free_port()}", "--secret-file", secret, "--wait", "0")
    assert "no session listens" in node.communicate()[1]
    assert node.returncode == AGAIN


def test_a_node_that_has_lost_its_session_joins_it_again(secret, started):
    """As often as it can; when nobody listens any more, another try may go better."""
    session = new_session("listen:127.0.0.1:0", secret_file=secret)
    node = node_command("--join", session.cluster.status()["join_at"], "--secret-file", secret, "--wait", "2")
    started.append(node)
    for _ in range(2):
        wait_until(lambda: session._crew.size == 1)
        link = next(each.link for each in session._crew._nodes if each.link.alive)
        link._connection.shutdown(socket.SHUT_RDWR)
        wait_until(lambda link=link: not link.alive)
        session._crew.news()
    wait_until(lambda: session._crew.size == 1)
    assert [each["healthy"] for each in session.cluster.status()["nodes"]] == [True]
    session._crew.stop_listening()
    session._crew._nodes[0].link._connection.shutdown(socket.SHUT_RDWR)
    told = node.communicate()[1]
    assert told.count("joining it again") == 3
    assert "the leader is gone" in told
    assert node.returncode == AGAIN
    session.cluster.close()


@pytest.mark.parametrize("working", [False, True])
def test_a_node_that_is_asked_to_end_does(secret, started, working):
    session = new_session("listen:127.0.0.1:0", secret_file=secret)
    node = node_command("--join", session.cluster.status()["join_at"], "--secret-file", secret)
    started.append(node)
    wait_until(lambda: session._crew.size == 1)
    if working:
        begun = grid(session, {"l1": [0.0]}, LONG)
        wait_until(lambda: session.jobs.state(begun["job"])["message"].count("rows/s"))
    node.terminate()
    assert node.wait(20) == 143
    if working:
        session.jobs.cancel(begun["job"])
        with pytest.warns(RuntimeWarning, match="is lost"):
            finished(session, begun)
    session.cluster.close()


@pytest.mark.parametrize(
    ("more", "code"),
    [(["--secret-file", "/nowhere"], 1), (["--nthreads", "0"], 2), (["--max-mem", "much"], 2)],
)
def test_what_another_try_does_not_mend(secret, more, code):
    node = node_command("--join", "127.0.0.1:1", "--secret-file", secret, "--wait", "0", *more)
    node.communicate()
    assert node.returncode == code


@pytest.mark.long
def test_nodes_join_and_train_over_tls(secret, started, tmp_path):
    certificates.write(tmp_path, "authority")
    tls = certificates.write(tmp_path, "leader", vouched_by="authority")
    session = new_session("listen:127.0.0.1:0", secret_file=secret, tls_cert=tls.cert, tls_key=tls.key)
    address = session.cluster.status()["join_at"]
    to = ["--join", address, "--secret-file", secret, "--wait", "0"]
    plain = node_command(*to)
    good = node_command(*to, "--nthreads", "1", "--tls-ca", tls.ca)
    started += [plain, good]
    assert "Does the session want TLS?" in plain.communicate()[1]
    assert plain.returncode == AGAIN
    wait_until(lambda: session._crew.size == 1)
    finished(session, grid(session, {"l1": [0.0, 1e-3]}))
    assert len(session.grids.describe("g")["model_ids"]) == 2
    assert session.cluster.link_times()["rows"][3][3] > 0
    session.cluster.close()
    assert good.wait(20) == 0


def test_one_network_over_tls(secret, started, tmp_path):
    certificates.write(tmp_path, "authority")
    tls = certificates.write(tmp_path, "leader", vouched_by="authority")
    shown = certificates.write(tmp_path, "node", vouched_by="authority")
    session = new_session("listen:127.0.0.1:0", secret_file=secret, tls_cert=tls.cert, tls_key=tls.key)
    to = [
        "--join",
        session.cluster.status()["join_at"],
        "--secret-file",
        secret,
        "--nthreads",
        "1",
        "--tls-ca",
        tls.ca,
    ]
    certificate = ["--tls-cert", shown.cert, "--tls-key", shown.key]
    started += [node_command(*to, *certificate), node_command(*to, *certificate)]
    wait_until(lambda: session._crew.size == 2)
    together = {"hidden": [5], "epochs": 2, "seed": 3, "train_samples_per_iteration": 100}
    finished(session, train(session, together))
    history = session.store.get("m", DeepLearningModel).history
    assert {row[history["columns"].index("nodes")] for row in history["rows"]} == {2}
    started.append(node_command(*to))  # has nothing to show
    wait_until(lambda: session._crew.size == 3)
    with pytest.raises(
        InvalidArgument, match="no certificate to show to other nodes: start it with --tls-cert"
    ):
        finished(session, train(session, together))
    session.cluster.close()


@pytest.mark.parametrize("nodes", [None, 2, "ray"])
def test_certificates_are_for_who_joins_by_itself(nodes, tmp_path):
    tls = certificates.write(tmp_path, "leader")
    with pytest.raises(InvalidArgument, match=r"tls_cert=.* belongs to nodes='listen:HOST:PORT'"):
        new_session(nodes, tls_cert=tls.cert, tls_key=tls.key)


def test_a_session_that_listens_with_tls_needs_the_secret_too(tmp_path):
    tls = certificates.write(tmp_path, "leader")
    with pytest.raises(InvalidArgument, match="needs secret_file"):
        new_session("listen:0.0.0.0:0", tls_cert=tls.cert, tls_key=tls.key)
