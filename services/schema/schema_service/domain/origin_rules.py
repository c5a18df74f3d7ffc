"""What an operator decides about the origins that documents name."""

from typing import Protocol

from contracts.errors import PlatformError


class OriginRules(Protocol):
    """What the operator's settings say of an origin, `scheme://host:port`."""

    def refusal(self, origin: str) -> PlatformError | None:
        """Why it may not be called; None where it may."""
        ...

    def is_example(self, origin: str) -> bool:
        """Whether it may be called, and nobody's API is there."""
        ...

    def resembling(self, origin: str) -> str | None:
        """The part of its host that is more often a placeholder than a name; None where none is."""
        ...
