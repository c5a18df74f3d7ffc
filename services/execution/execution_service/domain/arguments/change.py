"""What was done to an argument so that it fits, as the trace, the record and the answer name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from execution_service.domain.arguments.fault import pointer

MAX_COERCIONS = 20
"""Listed in the answer and the record of one call."""
Step = str | int


class Change(StrEnum):
    TEXT_TO_INTEGER = "text_to_integer"
    TEXT_TO_NUMBER = "text_to_number"
    TEXT_TO_BOOLEAN = "text_to_boolean"
    TEXT_TO_OBJECT = "text_to_object"
    TEXT_TO_ARRAY = "text_to_array"
    NUMBER_TO_TEXT = "number_to_text"
    BOOLEAN_TO_TEXT = "boolean_to_text"
    NULL_LEFT_OUT = "null_left_out"
    """Null for an optional argument, or member, that may not be null."""
    CREDENTIAL_LEFT_OUT = "credential_left_out"
    """A value where the action's credential goes."""


@dataclass(frozen=True, slots=True)
class Coercion:
    pointer: str
    """RFC 6901, into the arguments object."""
    change: str
    """A `Change`; of a later release perhaps another one."""


class Changed(NamedTuple):
    """What was done at one place of the arguments."""

    path: tuple[Step, ...]
    change: Change

    def recorded(self) -> Coercion:
        return coercion(self.path, self.change)


def coercion(path: Sequence[Step], change: Change) -> Coercion:
    return Coercion(pointer(path), change)
