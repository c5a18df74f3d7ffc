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
    `operator` may publish any fact, and this service's own user may not.
    """

    def __init__(self, nats_url: str) -> None:
        self._nats_url = nats_url

    async def page(self, limit: int, after: int) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        async with self._letters() as letters:
            async for letter in letters.each(EVERY, after):
                found.append(_shown(letter))
                if len(found) > limit:
                    break
        return found

    async def retry(self, sequence: int) -> None:
        async with self._letters() as letters:
            letter = await letters.read(sequence)
            await letters.replay(letter)
        _log("dead_letter_retried", letter)

    async def discard(self, sequence: int) -> None:
        async with self._letters() as letters:
            letter = await letters.read(sequence)
            await letters.discard(letter)
        _log("dead_letter_discarded", letter)

    @asynccontextmanager
    async def _letters(self) -> AsyncIterator[dead_letters.DeadLetters]:
        try:
            async with connected(self._nats_url) as broker:
                yield dead_letters.DeadLetters(broker.jetstream)
        except (dead_letters.NoSuchLetter, StreamMissing):
            raise DeadLetterNotFound from None
        except dead_letters.LetterWasCut:
            raise DeadLetterCut from None
        except OperatorFailed as failed:
            log.warning("dead_letters_unavailable", reason=type(failed).__name__)
            raise DeadLettersUnavailable from failed


def _shown(letter: dead_letters.DeadLetter) -> DeadLetter:
    return DeadLetter(
        sequence=letter.sequence,
        service=letter.service,
        subject=letter.fact,
        reason=letter.reason,
        deliveries=letter.deliveries,
        at=letter.time,
        workspace_id=letter.headers.get("ce-subject"),
        is_whole=letter.cut_from is None,
    )


def _log(event: str, letter: dead_letters.DeadLetter) -> None:
    """A line for the operator's records; the data stay where they were."""
    log.warning(
        event,
        sequence=letter.sequence,
        service=letter.service,
        subject=letter.fact,
        reason=letter.said_reason,
        workspace=letter.headers.get("ce-subject"),
    )
