"""A collection for tests of what every collection does."""

from dataclasses import dataclass
from datetime import datetime

from kit.codec import Codec
from kit.documents import Collection, Unique
from kit.retention import Forever

OURS, THEIRS = "ws_ours", "ws_theirs"


@dataclass(frozen=True)
class Thing:
    name: object
    at: datetime | None = None
    kind: str | None = None


def things_of(database, outbox, *, name="things", **declared):
    with_defaults = {
        "codec": Codec(Thing),
        "kept": Forever("for tests"),
        "unique": (Unique(("name",)),),
        **declared,
    }
    return Collection(database=database, name=name, outbox=outbox, **with_defaults)
