"""How long a kind of document is kept. Every collection declares one; nothing grows unseen."""

from dataclasses import dataclass
from datetime import timedelta

TOMBSTONE_LIFE = timedelta(days=1)
"""How long repeating a removal succeeds."""
REMOVED_FOR = timedelta(days=7)
"""The same for what an earlier release removed, which did not note when its facts were out."""
MAX_REMEMBERED = 100
"""How many removed entries a document remembers: repeating one of those removals succeeds."""


@dataclass(frozen=True, slots=True)
class Forever:
    """No limit by time; the reason says what bounds the number of documents instead."""

    reason: str


@dataclass(frozen=True, slots=True)
class Expires:
    """A document is deleted so long after the date that the state's `member` holds: by MongoDB, in
    the embedded platform by its service (`kit.expiry`).

    A document whose member is absent or no date stays.
    """

    member: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class RemovedBy:
    """Work of ours deletes it: which, and when."""

    work: str


Retention = Forever | Expires | RemovedBy
