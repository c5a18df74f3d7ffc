"""Ids: a prefix that names the thing and a ULID, so that they sort by time and never hold a dot."""

from typing import NewType

from ulid import ULID

WorkspaceId = NewType("WorkspaceId", str)
MemberId = NewType("MemberId", str)
TokenId = NewType("TokenId", str)
GptId = NewType("GptId", str)
ActionId = NewType("ActionId", str)
SchemaId = NewType("SchemaId", str)
InvocationId = NewType("InvocationId", str)
FactId = NewType("FactId", str)


def new_id(prefix: str) -> str:
    """A fresh id such as `gpt_01J…`: 48 bits of milliseconds, 80 random bits (ULID spec)."""
    return f"{prefix}_{ULID()}"
