"""When a fact that could not be taken comes again, and when it never does."""

from dataclasses import dataclass

from pydantic import ValidationError

from contracts.errors import Kind, PlatformError
from kit.cloudevents import Unreadable
from kit.errors import DatabaseRefused

TRANSIENT = (Kind.UNAVAILABLE, Kind.LIMITED)


@dataclass(frozen=True, slots=True)
class Redelivery:
    """One delivery, and one more after each delay."""

    delays_seconds: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0, 600.0)
    longest_outage_delay_seconds: float = 30.0

    @property
    def max_deliveries(self) -> int:
        return len(self.delays_seconds) + 1

    def after(self, error: Exception, deliveries: int) -> float | None:
        """Seconds until the next delivery; None where there must be none.

        *Unavailable* and *limited* say nothing about the fact: it comes again until that is over.
        What the database refuses for the sake of the document never comes again; what it refuses
        for another reason, such as a missing right, comes as often as any failure.
        """
        if isinstance(error, PlatformError) and error.kind in TRANSIENT:
            return self._outage_delay(deliveries)
        if isinstance(error, PlatformError | ValidationError | Unreadable):
            return None
        if isinstance(error, DatabaseRefused) and error.about_the_document:
            return None
        return self.delays_seconds[deliveries - 1] if deliveries < self.max_deliveries else None

    def _outage_delay(self, deliveries: int) -> float:
        delay = self.delays_seconds[min(deliveries, len(self.delays_seconds)) - 1]
        return min(delay, self.longest_outage_delay_seconds)


def reason_of(error: Exception) -> str:
    """What a dead letter says about its cause, in one line without anybody's data."""
    if isinstance(error, PlatformError | Unreadable):
        return error.code
    if isinstance(error, DatabaseRefused):
        return f"{type(error).__name__}: {error.reason}"
    return type(error).__name__
