"""Blocks of a YAML text that are removed or rewritten, as they are written: whatever is written
anew and has the same value is written in the same words, with the comments in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from schema_service.domain import pointers
from schema_service.domain.position.members import Member
from schema_service.domain.position.splices import Splice
from schema_service.domain.position.yaml_extent import YamlExtent
from schema_service.domain.reading.reading import Reading
from schema_service.domain.reading.yaml_line import filled_lines, is_block_mark, width
from schema_service.domain.repairing.yaml_written import Block

MAX_BLOCKS = 500
"""Looked at in one text; comments within those beyond stand above what is written."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """`top` is the pointer of the removed or rewritten value that it is a part of."""

    top: str
    block: Block


class KeptBlocks:
    def __init__(
        self, reading: Reading, removed: Collection[str] = (), replaced: Sequence[str] = ()
    ) -> None:
        """Pointers of members that go, and of those that another value is written for."""
        self._reading = reading
        self._extent = YamlExtent(reading.text)
        self._tops = [*removed, *replaced]
        self._used = set(replaced)
        self.is_used = False

    def block(self, value: Any) -> Block | None:
        """A block with comments that has this value, once each."""
        if not self._known or not isinstance(value, dict | list) or not value:
            return None
        waiting = self._known.get(orjson.dumps(value))
        if not waiting:
            return None
        found = waiting.pop(0)
        self._used.add(found.top)
        self.is_used = True
        return found.block

    def with_lost(self, splices: Sequence[Splice]) -> list[Splice]:
        """The comments within what was used, or rewritten, that stand in none of the new texts, go
        above the first of these that begins a line.
        """
        made = list(splices)
        texts = self._texts
        wanted = [each for top in self._used if top in texts for each in comments_in(texts[top])]
        for splice in splices if wanted else ():
            for each in comments_in(splice.text.lstrip("\n")):
                if each in wanted:
                    wanted.remove(each)
        for index, splice in enumerate(made if wanted else ()):
            column = self._column(splice)
            if splice.text.strip() and column is not None:
                text = _above(wanted, splice.text, column)
                made[index] = Splice(splice.start, splice.end, text)
                break
        return made

    def _column(self, splice: Splice) -> int | None:
        """Of its first line; None where more than a dash stands before it on its line."""
        if splice.text.startswith("\n"):
            return width(splice.text.lstrip("\n").partition("\n")[0])
        start = self._reading.text.rfind("\n", 0, splice.start) + 1
        before = self._reading.text[start : splice.start]
        return None if before.strip(" -") else len(before)

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Of the tops that have a comment in them, as far as it looks."""
        found = {}
        for top in self._tops:
            text = self._text_of(top)
            if text is not None and "#" in text:
                found[top] = text
        return found

    @cached_property
    def _known(self) -> dict[bytes, list[_Kept]]:
        found: dict[bytes, list[_Kept]] = defaultdict(list)
        room = MAX_BLOCKS
        for top in self._texts:
            for pointer, value in _within(top, self._value(top)):
                room -= 1
                block = self._block_at(pointer, value) if room >= 0 else None
                if block is not None:
                    found[orjson.dumps(value)].append(_Kept(top, block))
        return found

    def _value(self, pointer: str) -> Any:
        return pointers.look_up(self._reading.document, pointers.split(pointer))

    def _text_of(self, pointer: str) -> str | None:
        found = self._span(pointer, self._value(pointer))
        return None if found is None else self._reading.text[slice(*found[1])]

    def _span(self, pointer: str, value: Any) -> tuple[Member, tuple[int, int]] | None:
        """Of an object or a list in block style."""
        member = self._reading.locator.exact(pointer)
        if member is None or member.value.flow or not isinstance(value, dict | list):
            return None
        span = self._extent.of(member.value, value)
        return None if span is None else (member, span)

    def _block_at(self, pointer: str, value: Any) -> Block | None:
        """None where there is no comment, or the value begins on the line of its key."""
        found = self._span(pointer, value)
        if found is None:
            return None
        member, (start, end) = found
        text = self._reading.text[start:end]
        if "#" not in text or text[:1] in ("{", "[", "&", "*"):
            return None
        if member.key is None:
            begin = self._reading.text.rfind("\n", 0, start) + 1
            return Block("", _dedented(" " * (start - begin) + text))
        first, line_end, below = text.partition("\n")
        is_bare = not first.strip() or first.lstrip().startswith("#")
        return Block(first.rstrip(), _dedented(below)) if line_end and is_bare else None


def comments_in(text: str) -> list[str]:
    """Without their indentation, in order: whole lines and those behind values."""
    lines = text.splitlines()
    entries = {index: (line, parts) for index, line, parts in filled_lines(lines)}
    found, text_column = [], -1
    for index, line in enumerate(lines):
        if index in entries:
            shown, parts = entries[index]
            text_column = width(shown) if is_block_mark(parts.value) else -1
            behind = parts.value if parts.value.startswith("#") else parts.rest.strip()
            found += [behind.strip()] if behind.startswith("#") else []
        elif line.lstrip().startswith("#") and not 0 <= text_column < width(line):
            found.append(line.strip())
    return found


def _within(pointer: str, value: Any) -> Iterator[tuple[str, Any]]:
    """An object or list and those in it, the outer ones first."""
    waiting = [(pointer, value)]
    for at, each in waiting:
        if isinstance(each, dict | list) and each:
            yield at, each
            members = each.items() if isinstance(each, dict) else enumerate(each)
            waiting += [(at + pointers.join([key]), inner) for key, inner in members]


def _dedented(text: str) -> tuple[str, ...]:
    """By the column of the first line that is no comment; comments further left begin there."""
    lines = text.rstrip().splitlines()
    filled = (line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    column = width(next(filled, ""))
    return tuple(line[column:] if width(line) >= column else line.lstrip() for line in lines)


def _above(comments: Sequence[str], text: str, column: int) -> str:
    indent = " " * column
    if text.startswith("\n"):
        return "".join(f"\n{indent}{each}" for each in comments) + text
    return "".join(f"{each}\n{indent}" for each in comments) + text
