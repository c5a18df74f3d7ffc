"""Facts that a service could not process: found, shown, and published once more."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg
from nats.js.errors import APIError, NotFoundError
from pydantic import ValidationError

from contracts.fact import FACTS, Fact
from kit.operators_broker import OperatorFailed
from kit.streams import DEAD_LETTERS_STREAM

OURS = ("oa-", "nats-")
"""Headers of the dead letter rather than of the fact."""
SUBJECTS = "fact."
VERSIONED = re.compile(r"\.v[0-9]+$")
DELETE_FAILED = 10057
"""JetStream's `err_code` where the message that is to be deleted is not there."""


class NoSuchDeadLetter(OperatorFailed):
    def __init__(self, sequence: int) -> None:
        super().__init__(
            f"There is no dead letter {sequence}: it was never one, was replayed or has "
            "expired. `openactions dead-letters list` shows what is there."
        )


class DeadLetterWasCut(OperatorFailed):
    """The stream keeps the beginning of it alone: it cannot be published once more."""

    def __init__(self, letter: "DeadLetter") -> None:
        super().__init__(
            f"Dead letter {letter.sequence} cannot be replayed: only the first "
            f"{len(letter.data)} of its {letter.cut_from} bytes were kept."
        )


def names_of(fact: type[Fact]) -> tuple[str, str, str]:
    """`action.removed`, `action.removed.v1`, `fact.action.removed.v1`."""
    return fact.name, fact.subject.removeprefix(SUBJECTS), fact.subject


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of the stream `DEAD_LETTERS`, by its sequence number there."""

    sequence: int
    service: str
    """Which could not process it."""
    fact: str
    """The subject that it was published on."""
    reason: str
    """Why, in one line: the service's error code, with the members of the data that do not fit."""
    deliveries: int
    time: datetime | None
    cut_from: int | None
    """How long it was, where only its beginning was kept."""
    headers: dict[str, str]
    data: bytes

    @classmethod
    def of(cls, message: RawStreamMsg) -> "DeadLetter":
        headers = dict(message.headers or {})
        _, service, fact = (message.subject or "").split(".", 2)
        cut_from = headers.get("oa-cut-from")
        return cls(
            sequence=message.seq or 0,
            service=service,
            fact=fact,
            reason=_reason(headers.get("oa-reason", "unknown"), fact, message.data or b""),
            deliveries=int(headers.get("oa-deliveries", "0")),
            time=message.time,
            cut_from=int(cut_from) if cut_from else None,
            headers=headers,
            data=message.data or b"",
        )

    @property
    def said_reason(self) -> str:
        """The service's error code, without the members."""
        return self.headers.get("oa-reason", "unknown")

    def summary(self) -> dict[str, Any]:
        return {
            "sequence": self.sequence,
            "service": self.service,
            "fact": self.fact,
            "reason": self.reason,
            "deliveries": self.deliveries,
            "time": self.time.isoformat() if self.time else None,
            "workspace_id": self.headers.get("ce-subject"),
        }


def _reason(said: str, fact: str, data: bytes) -> str:
    """What the service said; where that is that the data do not fit, also which members do not."""
    if said != ValidationError.__name__ or fact not in FACTS:
        return said
    try:
        FACTS[fact].model_validate_json(data)
    except ValidationError as error:
        wrong = (".".join(map(str, one["loc"])) or "data" for one in error.errors())
        faults = zip(wrong, (one["type"] for one in error.errors()), strict=True)
        return f"{said}: {', '.join(f'{member} ({kind})' for member, kind in faults)}"
    return said


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters are meant; None leaves a question open."""

    service: str | None = None
    fact: str | None = None
    """A name such as `action.removed`, that with a version, or a whole subject."""
    reason: str | None = None
    since: datetime | None = None

    @property
    def subject(self) -> str:
        """As the broker filters: by service and fact; a name stands for each of its versions."""
        fact = ">"
        if self.fact is not None:
            fact = f"{SUBJECTS}{self.fact.removeprefix(SUBJECTS)}"
            fact += "" if VERSIONED.search(fact) else ".*"
        return f"dead.{self.service or '*'}.{fact}"

    def takes(self, letter: DeadLetter) -> bool:
        if self.reason is not None and self.reason not in {letter.reason, letter.said_reason}:
            return False
        return self.since is None or (letter.time is not None and letter.time >= self.since)


class DeadLetters:
    def __init__(self, jetstream: JetStreamContext) -> None:
        self._jetstream = jetstream

    async def each(self, wanted: Wanted, after: int = 0) -> AsyncIterator[DeadLetter]:
        """Oldest first, from the sequence number behind `after` on."""
        while True:
            try:
                message = await self._jetstream.get_msg(
                    DEAD_LETTERS_STREAM, seq=after + 1, subject=wanted.subject, next=True
                )
            except NotFoundError:
                return
            letter = DeadLetter.of(message)
            after = letter.sequence
            if wanted.takes(letter):
                yield letter

    async def read(self, sequence: int) -> DeadLetter:
        try:
            message = await self._jetstream.get_msg(DEAD_LETTERS_STREAM, seq=sequence)
        except NotFoundError:
            raise NoSuchDeadLetter(sequence) from None
        return DeadLetter.of(message)

    async def replay(self, letter: DeadLetter) -> None:
        """Publish the fact as it was, then remove the dead letter; a crash between leaves both.

        Raises `NoSuchDeadLetter` where somebody else removed it meanwhile: of two who replay at
        once, the broker keeps one fact, for both have one message id.

        Every consumer of that subject gets it again, and all are idempotent; `oa-replay-for` names
        the one that it is meant for. Its message id is new, or the broker would drop it as known.
        """
        if letter.cut_from is not None:
            raise DeadLetterWasCut(letter)
        moment = int(letter.time.timestamp()) if letter.time else 0
        headers = {k: v for k, v in letter.headers.items() if not k.lower().startswith(OURS)} | {
            "Nats-Msg-Id": f"replay-{letter.sequence}-{moment}",
            "oa-replay-of": str(letter.sequence),
            "oa-replay-for": letter.service,
        }
        await self._jetstream.publish(letter.fact, letter.data, headers=headers)
        await self.discard(letter)

    async def discard(self, letter: DeadLetter) -> None:
        """Remove it: nobody gets the fact from it any more. Raises `NoSuchDeadLetter`."""
        try:
            await self._jetstream.delete_msg(DEAD_LETTERS_STREAM, letter.sequence)
        except APIError as failed:
            if failed.err_code != DELETE_FAILED:
                raise
            raise NoSuchDeadLetter(letter.sequence) from None
