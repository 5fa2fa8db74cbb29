"""Settings of all tests."""

from hypothesis import settings

# No deadlines: how long a test takes depends on what else the machine does.
settings.register_profile("heavywater", deadline=None)
settings.load_profile("heavywater")
