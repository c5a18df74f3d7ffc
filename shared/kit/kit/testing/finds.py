"""What the driver sends to find documents."""

from collections.abc import Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)


class Finds(CommandListener):
    """The filters of `find`, in their order."""

    def __init__(self) -> None:
        self.filters: list[Any] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            self.filters.append(event.command["filter"])

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing is kept of it."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing is kept of it."""

    def matched(self, ids: Sequence[str]) -> int:
        """How many of these ids the filters let in together, whatever their limits."""
        spans = [wanted.get("_id", {}) for wanted in self.filters]
        return sum(
            span.get("$gte", "") <= id_ < span.get("$lt", "~") for span in spans for id_ in ids
        )


def watched_finds(mongodb_url: str) -> tuple[Any, Finds]:
    """A client of the driver, and what it finds."""
    finds = Finds()
    return AsyncIOMotorClient(mongodb_url, tz_aware=True, event_listeners=[finds]), finds
