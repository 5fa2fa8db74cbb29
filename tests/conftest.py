"""Settings of all tests."""

import gc
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Tests start hundreds of processes: each would compile our sources anew, a quarter of a second, where none may keep them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = ["tests.rfront.fixtures"]  # R, for the package and the bridge

# No deadlines: how long a test takes depends on what else the machine does.
# Within `make test` a property that says nothing else gets fewer examples than in `make test-long`.
settings.register_profile("usual", deadline=None, max_examples=40)
settings.register_profile("long", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("HEAVYWATER_EXAMPLES", "usual"))

# Files whose tests take longest begin first: beside them the others are done, and no process waits at the end.
FIRST = (
    "rfront/test_installation",
    "server/pages/test_story",
    "rfront/test_package",
    "house",
    "session/test_contract",
    "server/pages",
    "export/test_mojo_real_h2o",
    "server/genuine",
    "vignettes",
    "session",
)


# Marks of tests that need the session closer than it is: for `HEAVYWATER_SESSION=loopback`, and at a node.
CLOSE = {"loopback": ["in_process"], "http": ["in_process", "same_process"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; leave out, where the session is reached through bytes, what exists in its own process only."""
    items.sort(key=_place)
    marks = CLOSE.get(os.environ.get("HEAVYWATER_SESSION", "").partition("s:")[0].partition(":")[0], [])
    for item in items:
        if any(map(item.get_closest_marker, marks)):
            item.add_marker(pytest.mark.skip(reason="a session in another process cannot be given this"))


def _place(item: pytest.Item) -> int:
    file = item.nodeid.partition("::")[0].removeprefix("tests/")
    return next((place for place, name in enumerate(FIRST) if file.startswith(name)), len(FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Some files go to one process, in their order.

    Those of the contract of sessions, since the last test counts what the others asked for, and those about the source tree,
    which then is parsed once.
    """
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            if "/test_contract" in file:
                return "contract"
            return "house" if file.startswith("tests/house/") else file

    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """The garbage collector need not look at thousands of tests again and again: they stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def few_objects() -> None:
    """The garbage collector looks only at what the tests of a module make: all that was made before would take it seconds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def _no_file_meets_what_another_left() -> Iterator[None]:
    """Which files share a process is chance: what one leaves in the session under a name, another would find there."""
    yield
    running = sys.modules.get("h2o.backend.running")
    connection = running and running.connection
    if connection and not connection.at_node and connection.connected:
        sys.modules["h2o"].remove_all()


@pytest.fixture(autouse=True, scope="session")
def _a_node_is_left_as_it_was() -> Iterator[None]:
    """Where tests run at a node in another process, they find it empty, as a session of their own would be."""
    url = os.environ.get("HEAVYWATER_SESSION", "")
    if not url.startswith("http"):
        yield
        return
    from heavywater.session.http_session import HttpSession

    end = HttpSession.end

    def emptied(session: HttpSession) -> None:
        if session.connected and session.url == url:
            session.objects.remove_all()
            session.cluster.configure(nthreads=-1, max_mem_size=2**60)
        end(session)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpSession, "end", emptied)
        yield
