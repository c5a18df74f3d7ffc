"""The Python SDK and the `openactions` command."""
