"""Replacements of stretches of a text, made together."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Splice:
    """Characters from `start` up to `end` become `text`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Offsets are those of the text as it came; insertions at one place stay in their order."""
    pieces, done = [], 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        pieces += [text[done : splice.start], splice.text]
        done = splice.end
    return "".join([*pieces, text[done:]])


def overlap(one: Splice, other: Splice) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start < other.end and other.start < one.end
    return max(one.start, other.start) < min(one.end, other.end)


@dataclass(frozen=True, slots=True)
class Mending:
    """What made a text readable: `splices` in their order, none of which overlap."""

    splices: tuple[Splice, ...]

    def written_at(self, offset: int) -> int:
        """Where a character of the mended text stands in the text as it came."""
        grown = 0
        for splice in self.splices:
            start = splice.start + grown
            if offset < start:
                break
            if offset < start + len(splice.text):
                return splice.start
            grown += len(splice.text) - (splice.end - splice.start)
        return offset - grown
