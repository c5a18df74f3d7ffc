"""The Python SDK and the `openactions` command."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openactions.client import OpenActions
    from openactions.errors import ProblemError, Unreachable

__all__ = ["OpenActions", "ProblemError", "Unreachable"]


def __getattr__(name: str) -> Any:
    """Loaded when asked for: the command line need not wait for an HTTP client that it may not
    use.
    """
    if name == "OpenActions":
        from openactions import client  # noqa: PLC0415 - as said

        return client.OpenActions
    if name in __all__:
        from openactions import errors  # noqa: PLC0415 - as said

        return getattr(errors, name)
    raise AttributeError(name)
