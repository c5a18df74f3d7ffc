"""What only whoever operates the installation may see and do."""

from typing import Protocol

from identity_service.domain.dead_letter import DeadLetter


class DeadLetterStore(Protocol):
    """Facts that a service could not process. Each raises `DeadLettersUnavailable`."""

    async def page(self, limit: int, after: int) -> list[DeadLetter]:
        """Up to `limit + 1`, oldest first, behind the sequence number `after`."""
        ...

    async def retry(self, sequence: int) -> None:
        """Publish the fact once more for the service that could not process it, and remove it here.

        Raises `DeadLetterNotFound` or `DeadLetterCut`.
        """
        ...

    async def discard(self, sequence: int) -> None:
        """Remove it for good. Raises `DeadLetterNotFound`."""
        ...
