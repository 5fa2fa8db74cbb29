"""Settings of all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

pytest_plugins = ["tests.rfront.fixtures"]  # R, for the package and the bridge

# No deadlines: how long a test takes depends on what else the machine does.
settings.register_profile("heavywater", deadline=None)
settings.load_profile("heavywater")


# Marks of tests that need the session closer than it is: for `HEAVYWATER_SESSION=loopback`, and at a node.
CLOSE = {"loopback": ["in_process"], "http": ["in_process", "same_process"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, where the session is reached through bytes, what exists in its own process only."""
    marks = CLOSE.get(os.environ.get("HEAVYWATER_SESSION", "").partition("s:")[0].partition(":")[0], [])
    for item in items:
        if any(map(item.get_closest_marker, marks)):
            item.add_marker(pytest.mark.skip(reason="a session in another process cannot be given this"))


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
