from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChosenFinding:
    """A finding by its code, and by its pointer where only one of several is meant."""

    code: str
    pointer: str | None = None


def is_chosen(code: str, pointer: str, chosen: Sequence[ChosenFinding] | None) -> bool:
    """None: every finding is."""
    if chosen is None:
        return True
    return any(code == each.code and each.pointer in (None, pointer) for each in chosen)
