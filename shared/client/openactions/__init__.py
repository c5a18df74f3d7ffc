"""The Python SDK and the `openactions` command."""

from openactions.client import OpenActions
from openactions.errors import ProblemError, Unreachable

__all__ = ["OpenActions", "ProblemError", "Unreachable"]
