"""JSON, strictly (RFC 8259)."""

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a reader gave up; line and column from one, where it has them; what to do, if known."""

    reason: str
    line: int | None = None
    column: int | None = None
    hint: str = ""


def read_json(raw: bytes) -> Any | Unreadable:
    """Only what `excess_of_json` allows should come here."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        hint = _WHOLE if "end of data" in error.msg else ""
        return Unreadable(error.msg, error.lineno, error.colno, hint)


_WHOLE = "The text ends in the middle: paste the whole document again."
