"""What JetStream's API answers about a stream, as far as a watch needs it (NATS ADR-1, ADR-2)."""

from base64 import b64decode
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any

import orjson

NANOSECONDS = 1_000_000_000
LED_SECONDS = 2.5
"""A leader without an answer from the majority for longer may have been replaced: followers wait
four seconds before they elect another, and answer its heartbeat every second."""
NOT_FOUND = 404


class StreamMissing(ValueError):
    """There is no such stream."""


class MessageMissing(ValueError):
    """The stream no longer holds that message, or never did."""


@dataclass(frozen=True, slots=True)
class Position:
    """First and last sequence of a stream, as its leader reports them."""

    stream: str
    """When it was created: another stream of the same name is another stream."""
    first: int
    last: int
    led: bool
    """Whether the majority of its replicas answered this leader lately."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    sequence: int
    subject: str
    data: bytes
    headers: dict[str, str]


def read_position(answer: bytes) -> Position:
    """Of `STREAM.INFO`; raises `StreamMissing`, or ValueError for any other error."""
    found = _read(answer, StreamMissing)
    state = found["state"]
    return Position(
        found["created"], state["first_seq"], state["last_seq"], _is_led(found.get("cluster"))
    )


def _is_led(cluster: dict[str, Any] | None) -> bool:
    """A stream of one replica has no cluster, or one without other replicas."""
    others = (cluster or {}).get("replicas") or []
    lately = [other for other in others if 0 < other.get("active", 0) < LED_SECONDS * NANOSECONDS]
    return 2 * (1 + len(lately)) > 1 + len(others)


def read_message(answer: bytes) -> StoredMessage:
    """Of `STREAM.MSG.GET`; raises `MessageMissing`, or ValueError for any other error."""
    message = _read(answer, MessageMissing)["message"]
    return StoredMessage(
        message["seq"],
        message["subject"],
        b64decode(message.get("data", "")),
        _headers(b64decode(message.get("hdrs", ""))),
    )


def _headers(block: bytes) -> dict[str, str]:
    """`NATS/1.0`, then lines as in a mail (NATS ADR-4)."""
    _, _, lines = block.partition(b"\r\n")
    return dict(BytesParser().parsebytes(lines).items())


def _read(answer: bytes, missing: type[ValueError]) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(answer)
    if error := found.get("error"):
        kind = missing if error.get("code") == NOT_FOUND else ValueError
        raise kind(str(error.get("description")))
    return found
