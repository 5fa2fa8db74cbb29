"""Settings of all tests."""

import os

import pytest
from hypothesis import settings

pytest_plugins = ["tests.rfront.fixtures"]  # R, for the package and the bridge

# No deadlines: how long a test takes depends on what else the machine does.
settings.register_profile("heavywater", deadline=None)
settings.load_profile("heavywater")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, where the session is reached through bytes, what exists in its own process only."""
    if os.environ.get("HEAVYWATER_SESSION") == "loopback":
        for item in items:
            if item.get_closest_marker("in_process"):
                item.add_marker(pytest.mark.skip(reason="a Python function cannot go to another process"))
