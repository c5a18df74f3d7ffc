from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from identity_service.domain.dead_letter import (
    DeadLetter,
    DeadLetterCut,
    DeadLetterNotFound,
    DeadLettersUnavailable,
)
from kit import dead_letters, logs
from kit.operators_broker import OperatorFailed, StreamMissing, connected

log = logs.logger("identity.operator")
EVERY = dead_letters.Wanted()


class BrokerDeadLetters:
    """The broker's stream, by a connection of its own for each request: the broker's user
    `dead_letters` may publish any fact, and this service's own user may not.
    """

    def __init__(self, nats_url: str) -> None:
        self._nats_url = nats_url

    async def page(self, limit: int, after: int) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        async with self._connected() as stored:
            async for dead_letter in stored.each(EVERY, after):
                found.append(_shown(dead_letter))
                if len(found) > limit:
                    break
        return found

    async def retry(self, sequence: int) -> None:
        async with self._connected() as stored:
            dead_letter = await stored.read(sequence)
            await stored.replay(dead_letter)
        _log("dead_letter_retried", dead_letter)

    async def discard(self, sequence: int) -> None:
        async with self._connected() as stored:
            dead_letter = await stored.read(sequence)
            await stored.discard(dead_letter)
        _log("dead_letter_discarded", dead_letter)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[dead_letters.DeadLetters]:
        try:
            async with connected(self._nats_url) as broker:
                yield dead_letters.DeadLetters(broker.jetstream)
        except (dead_letters.NoSuchDeadLetter, StreamMissing):
            raise DeadLetterNotFound from None
        except dead_letters.DeadLetterWasCut:
            raise DeadLetterCut from None
        except OperatorFailed as failed:
            log.warning("dead_letters_unavailable", reason=type(failed).__name__)
            raise DeadLettersUnavailable from failed


def _shown(dead_letter: dead_letters.DeadLetter) -> DeadLetter:
    return DeadLetter(
        sequence=dead_letter.sequence,
        service=dead_letter.service,
        subject=dead_letter.fact,
        reason=dead_letter.reason,
        deliveries=dead_letter.deliveries,
        at=dead_letter.time,
        workspace_id=dead_letter.headers.get("ce-subject"),
        is_whole=dead_letter.cut_from is None,
    )


def _log(event: str, dead_letter: dead_letters.DeadLetter) -> None:
    """A line for the operator's records; the data stay where they were."""
    log.warning(
        event,
        sequence=dead_letter.sequence,
        service=dead_letter.service,
        subject=dead_letter.fact,
        reason=dead_letter.said_reason,
        workspace=dead_letter.headers.get("ce-subject"),
    )
