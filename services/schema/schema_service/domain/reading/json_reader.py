"""JSON, strictly (RFC 8259)."""

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a reader gave up; line and column from one, where it has them."""

    reason: str
    line: int | None = None
    column: int | None = None


def read_json(raw: bytes) -> Any | Unreadable:
    """Only what `excess_of_json` allows should come here."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return Unreadable(error.msg, error.lineno, error.colno)
