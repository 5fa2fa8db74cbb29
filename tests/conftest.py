"""Settings of all tests."""

from hypothesis import settings

pytest_plugins = ["tests.rfront.fixtures"]  # R, for the package and the bridge

# No deadlines: how long a test takes depends on what else the machine does.
settings.register_profile("heavywater", deadline=None)
settings.load_profile("heavywater")
