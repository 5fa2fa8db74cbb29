"""A session at a node when connections end, nodes start anew, and what the way there needs."""

from __future__ import annotations

import gc
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import ConnectionLost, InvalidArgument, NotFound, ParseError, Unreachable
from heavywater.exchange import table_of
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.session import LocalSession, connect, fetched, sent
from heavywater.session.files import FileService
from heavywater.session.http_link import HttpLink
from heavywater.session.http_session import HttpSession
from heavywater.session.remote import OPERATIONS
from heavywater.session.retries import IDEMPOTENT

from ..sessions import finished
from .cables import CUT, Cable
from .served import nodes, over_http

TABLE = table_of({"x": list(range(1000))})


@pytest.fixture
def local() -> LocalSession:
    return LocalSession("far", nthreads=1)


@pytest.fixture
def cable() -> Iterator[Cable]:
    found = Cable(nodes().port)
    yield found
    found.close()


@pytest.fixture
def session(local: LocalSession, cable: Cable) -> Iterator[HttpSession]:
    """Through a cable, with one connection that is in use again and again."""
    path = nodes().open(OpenNode(local)).rpartition("/")[2]
    found = connect(f"http://127.0.0.1:{cable.port}/{path}")
    yield found
    found.end()


def test_the_table_names_operations_of_the_protocol():
    assert set(OPERATIONS) > IDEMPOTENT


@pytest.mark.parametrize("after", [0, 1, 100, 400, 5000])
def test_what_does_no_harm_is_asked_again(session, local, cable, after):
    """Wherever the connection is cut: within the question, or within the answer."""
    session.frames.upload(TABLE, "rows")
    cable.fail(CUT, after)
    assert session.frames.fetch("rows").num_rows == 1000
    assert session.cluster.echo(b"x") == b"x"


@pytest.mark.parametrize("done", [False, True])
def test_what_could_be_there_twice_is_not(session, local, cable, done, tmp_path, monkeypatch):
    """Whether the question was lost on its way, or the answer."""
    (tmp_path / "rows.csv").write_text("a\n1\n")
    real = local.files.import_files

    def cut_behind(*given: Any, **named: Any) -> Any:
        started = real(*given, **named)
        cable.fail(CUT)
        return started

    monkeypatch.setattr(FileService, "import_files", lambda self, *a, **k: cut_behind(*a, **k))
    session.cluster.echo(b"a connection is there")
    if not done:
        cable.fail(CUT, 10)
    with pytest.raises(
        ConnectionLost, match=r"files\.import_files.*not known, and it was not asked again.*h2o\.get_job"
    ):
        session.files.import_files(str(tmp_path / "rows.csv"))
    known = session.jobs.known()  # and all goes on
    assert [each["description"] for each in known] == (["Parse"] if done else [])


def test_a_job_goes_on_and_is_found_again(session, local, cable):
    stop = threading.Event()

    def work(job: Any) -> str:
        stop.wait(30)
        return "made"

    started = local.jobs.start("Work", work)
    cable.fail(CUT)
    cable.close()
    with pytest.raises(Unreachable):
        session.jobs.state(started["job"])
    other = over_http(local)
    assert other.jobs.state(started["job"])["status"] == "RUNNING"
    stop.set()
    assert finished(other, other.jobs.state(started["job"])) == "made"


def test_a_lost_connection_names_the_node_and_no_secret(local, cable):
    url = nodes().open(OpenNode(local, NodeOptions(token="0123456789abcdef0123456789abcdef")))
    with pytest.raises(Unreachable, match=r"does not let in.*token"):
        connect(url)
    with pytest.raises(Unreachable, match="does not let in"):
        connect(url, token="wrong")
    session = connect(url, token="0123456789abcdef0123456789abcdef")
    assert session.cluster.status()["cloud_name"] == "far"
    session._link.close()
    told = f"{session!r} {vars(session)!r} {session._link.__dict__.keys()}"
    assert "0123456789abcdef" not in told
    session.end()


def test_many_threads_ask_at_once(session):
    session.frames.upload(TABLE, "rows")
    sums: list[float] = []

    def ask(k: int) -> None:
        for _ in range(5):
            sums.append(session.frames.rapids(f"(sum (* {k} rows))"))

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(sums) == sorted(499500.0 * k for k in range(12) for _ in range(5))


def test_who_waits_takes_no_thread_of_the_node(local):
    """More clients wait than there are threads, and another one is answered all the same."""
    stop = threading.Event()
    job = local.jobs.start("Work", lambda job: stop.wait(60))["job"]
    session = over_http(local)
    ended: list[str] = []

    def wait() -> None:
        ended.append(session.jobs.wait(job, 60)["status"])

    threads = [threading.Thread(target=wait) for _ in range(60)]
    for each in threads:
        each.start()
    start = time.monotonic()
    assert session.cluster.echo(b"here") == b"here"
    assert not ended and time.monotonic() - start < 30
    stop.set()
    for each in threads:
        each.join(30)
    assert ended == ["DONE"] * 60
    assert local._registry.job(job)._told == []


def test_a_wait_ends_when_its_time_is_over(local):
    stop = threading.Event()
    job = local.jobs.start("Work", lambda job: stop.wait(60))["job"]
    session = over_http(local)
    assert session.jobs.wait(job, 0.01)["status"] == "RUNNING"
    assert session.jobs.wait(job, -1.0)["status"] == "RUNNING"
    stop.set()
    assert session.jobs.wait(job, 60.0)["status"] == "DONE"


def test_a_node_that_was_started_anew_is_told(local, cable):
    """The same address, another session behind it."""
    server = nodes()
    url = server.open(OpenNode(local))
    session = connect(url)
    session.frames.upload(TABLE, "rows")
    new = OpenNode(LocalSession("new", nthreads=1))
    new.start_time += 5
    server.replace(url, new)
    with pytest.warns(RuntimeWarning, match="was started anew"), pytest.raises(NotFound):
        session.frames.facts("rows")
    assert session.cluster.status()["cloud_name"] == "new"


def test_what_finalizers_let_go_is_released_with_the_next_request(local):
    session = over_http(local)
    keys = [session.frames.upload(TABLE)["frame"] for _ in range(3)]
    session.let_go(keys[:2])
    assert [key for key in session.objects.keys("frame") if key in keys] == keys[2:]
    session.let_go(keys[2:])
    for _ in range(300):  # and without one after a moment
        if not local.store.keys():
            break
        time.sleep(0.02)
    assert local.store.keys() == []


def test_facts_of_temporaries_are_asked_once_and_forgotten_with_them(local, monkeypatch):
    session, asked = over_http(local), []
    key = session.frames.rapids("(cbind 1 2)").key
    real = HttpLink.ask

    def noted(self: HttpLink, method: str, path: str, *more: Any, **named: Any) -> Any:
        asked.append(path)
        return real(self, method, path, *more, **named)

    monkeypatch.setattr(HttpLink, "ask", noted)
    found = session.frames.facts(key)
    found["nrow"] = 99  # what is given is the caller's
    assert session.frames.facts(key)["nrow"] == 1 and asked == []
    session.objects.remove_all()
    with pytest.raises(NotFound):
        session.frames.facts(key)
    named = session.frames.upload(TABLE, "named")
    local.frames.upload(table_of({"y": [1]}), "named")  # somebody else
    assert session.frames.facts("named")["nrow"] == 1 != named["nrow"]


def test_a_session_that_nobody_holds_ends_its_thread(local):
    count = threading.active_count
    session = over_http(local)
    pulses = [each for each in threading.enumerate() if each.name == "heavywater: pulse" and each.is_alive()]
    session.end()
    del session
    gc.collect()
    for each in pulses[-1:]:
        each.join(5)
        assert not each.is_alive()
    assert count() < 500


@contextmanager
def with_tls(local: LocalSession, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Address and certificate of a node with TLS."""
    from heavywater.server.node_server import RunningNode

    from ..cluster.certificates import write

    tls = write(tmp_path, "node")
    with RunningNode(OpenNode(local), tls=tls) as node:
        yield f"https://127.0.0.1:{node.port}", str(tls.ca)


def test_certificates(local, tmp_path):
    with with_tls(local, tmp_path) as (url, cert):
        with pytest.raises(Unreachable, match=r"does not show a certificate that is trusted here.*cacert="):
            connect(url)
        for more in ({"cafile": cert}, {"insecure": True}):
            session = connect(url, **more)
            assert session.cluster.echo(b"x") == b"x"
            session.end()
        with pytest.raises(Unreachable, match="is it https://"):
            connect(url.replace("https", "http"))
    with pytest.raises(Unreachable, match="does not speak TLS: is it http://"):
        connect(nodes().open(OpenNode(local)).replace("http:", "https:"))
    assert ssl.OPENSSL_VERSION


CONTENTS = {
    "empty": b"",
    "one piece": bytes(range(256)),
    "exactly a piece": b"p" * 2**23,
    "more than a piece": b"q" * (2**23 + 5),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_files_arrive_byte_for_byte(local, tmp_path, name):
    session, content = over_http(local), CONTENTS[name]
    path = tmp_path / "a file.bin"
    path.write_bytes(content)
    with sent(session, path, whole=True) as there:
        assert Path(there).read_bytes() == content and Path(there).name == "a file.bin"

        def write(target: str) -> str:
            Path(target).write_bytes(content)
            return target

        back = fetched(session, tmp_path / "back", write)
    assert Path(back).read_bytes() == content
    assert list(local.transit.folder.iterdir()) == []


def test_folders_patterns_and_addresses(local, tmp_path):
    session = over_http(local)
    for k in range(3):
        (tmp_path / f"part{k}.csv").write_text(f"a\n{k}\n")
    for paths in (
        tmp_path,
        f"{tmp_path}/part*.csv",
        [tmp_path / f"part{k}.csv" for k in range(3)],
        tmp_path.as_uri(),
    ):
        with sent(session, paths) as there:
            assert [Path(each).name for each in there] == ["part0.csv", "part1.csv", "part2.csv"]
            key = finished(session, session.files.import_files(there, "all"))
        assert session.frames.facts(key)["nrow"] == 3
    with sent(session, ["https://host/a.csv"]) as there:
        assert there == "https://host/a.csv"
    with pytest.raises(ParseError, match="nowhere"), sent(session, tmp_path / "nowhere.csv"):
        pass


def test_files_on_their_way_are_below_every_root(local, tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "rows.csv").write_text("a\n1\n")
    session = over_http(local, NodeOptions(roots=(str(tmp_path / "root"),), max_upload=1000))
    with pytest.raises(InvalidArgument):
        session.files.find(str(tmp_path / "rows.csv"))
    with sent(session, tmp_path / "rows.csv") as there:
        assert session.files.find(there) == [there]
    (tmp_path / "large.csv").write_text("a\n" * 1000)
    with pytest.raises(InvalidArgument), sent(session, tmp_path / "large.csv"):
        pass


def test_urls_are_shown_as_they_are_asked():
    for given, shown in {
        "http://host": "http://host:80",
        "host:54321": "http://host:54321",
        "https://[::1]:8443/a/b/": "https://[::1]:8443/a/b",
    }.items():
        from heavywater.session import NodeAddress

        assert str(NodeAddress.of(given)) == shown
    assert HttpLink.__doc__
