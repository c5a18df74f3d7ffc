"""Ids: a prefix that names the thing and a ULID, so that they sort by time and never hold a dot."""

from datetime import UTC, datetime, timedelta
from typing import NewType

from ulid import ULID

WorkspaceId = NewType("WorkspaceId", str)
MemberId = NewType("MemberId", str)
TokenId = NewType("TokenId", str)
SessionId = NewType("SessionId", str)
GptId = NewType("GptId", str)
ActionId = NewType("ActionId", str)
SchemaId = NewType("SchemaId", str)
ConnectionId = NewType("ConnectionId", str)
InvocationId = NewType("InvocationId", str)
FactId = NewType("FactId", str)


def new_id(prefix: str) -> str:
    """A fresh id such as `gpt_01J…`: 48 bits of milliseconds, 80 random bits (ULID spec)."""
    return f"{prefix}_{ULID()}"


def made_at(id_: str) -> datetime:
    """The time in the id's ULID; for an id without one, the earliest time there is."""
    try:
        at: datetime = ULID.from_str(id_.rpartition("_")[2]).datetime
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return at


def least_id(prefix: str, at: datetime) -> str:
    """No id with this prefix that was made at that time or later sorts before it."""
    milliseconds = (at - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
    return f"{prefix}_{ULID.from_bytes(max(0, milliseconds).to_bytes(6, 'big') + bytes(10))}"
