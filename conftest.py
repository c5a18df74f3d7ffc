"""Fixtures that every test may use: real servers (`nats_url`, `mongodb_url`, `database_name`)."""

from hypothesis import settings

pytest_plugins = ["openactions_local.pytest_plugin"]

# No example is timed: how long one takes is the machine's load.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
