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
        if "end of data" in error.msg:
            return ends_early(error.lineno, error.colno)
        return Unreadable(error.msg, error.lineno, error.colno)


def ends_early(line: int, column: int) -> Unreadable:
    """Of a text that was cut off."""
    return Unreadable("it stops before all that it began is complete", line, column, WHOLE)


WHOLE = "The text ends in the middle: paste the whole document again."
