"""Fixtures that every test may use: real servers (`nats_url`, `mongodb_url`, `database_name`)."""

pytest_plugins = ["openactions_local.pytest_plugin"]
