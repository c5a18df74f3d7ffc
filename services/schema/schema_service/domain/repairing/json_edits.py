"""Edits of JSON texts: only the touched members change, white space around them stays."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Edit
from schema_service.domain.position.json_text import JsonText
from schema_service.domain.position.members import Member
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading.reading import Reading
from schema_service.domain.repairing.moving import inner_edits, last_first
from schema_service.domain.repairing.siblings import Siblings


class JsonEdits:
    def __init__(self, reading: Reading, removed: Collection[str] = ()) -> None:
        """`removed` are the pointers of all members that go at the same time."""
        self._text = reading.text
        self._locator = reading.locator
        gone = map(reading.locator.exact, removed)
        self._gone = frozenset(each.key_offset for each in gone if each is not None)
        self._siblings: dict[str, Siblings] = {}
        self._syntax = JsonText(reading.text)

    def splices(self, edits: Sequence[Edit]) -> list[Splice] | None:
        """Of all edits; None where one cannot be done."""
        made = [splice for splice in map(self.splice, edits) if splice is not None]
        return made if len(made) == len(edits) else None

    def splice(self, edit: Edit) -> Splice | None:
        """What the edit does to the text; None where it cannot be done."""
        member = self._locator.exact(edit.pointer)
        if edit.op == "add" and member is None:
            return self._insertion(edit)
        if member is None:
            return None
        if edit.op == "first":
            return self._first(edit)
        if edit.op in ("replace", "add"):
            start = member.value.offset
            return Splice(start, self._syntax.end(start), self._written(edit.value, start))
        if edit.op == "rename" and member.key is not None:
            return Splice(member.key_offset, member.key_end, json.dumps(edit.value))
        return self._removal(edit.pointer, member) if edit.op == "remove" else None

    def _first(self, edit: Edit) -> Splice | None:
        listed, _, step = edit.pointer.rpartition("/")
        members = self._members_of(listed).members[: int(step) + 1]
        slots = [(each.value.offset, self._syntax.end(each.value.offset)) for each in members]
        within = [self.splice(each) for each in inner_edits(edit)]
        return last_first(self._text, slots, within)

    def _insertion(self, edit: Edit) -> Splice | None:
        parent, _, last = edit.pointer.rpartition("/")
        container = self._locator.exact(parent)
        if container is None and parent:
            return None
        start = container.value.offset if container else self._locator.root().offset
        keyed = self._text[start] == "{"
        [key] = pointers.split(f"/{last}")
        siblings = self._members_of(parent)
        members = siblings.members
        inside = self._gap(start) if members else ""
        value = self._written(edit.value, start + len(inside))
        text = f"{json.dumps(key, ensure_ascii=False)}: {value}" if keyed else value
        if not members:
            return Splice(start + 1, start + 1, text)
        if keyed and not isinstance(edit.value, dict | list):
            first = members[0].key_offset
            return Splice(first, first, f"{text},{inside or ' '}")
        end = self._syntax.end(members[-1].value.offset)
        return Splice(end, end, f",{inside or ' '}{text}" if siblings.staying else text)

    def _removal(self, pointer: str, member: Member) -> Splice:
        """Together with the comma behind it, or else, where no member stays behind it, with the
        one before it.
        """
        siblings = self._members_of(pointer.rpartition("/")[0])
        members, position = siblings.members, siblings.position(member)
        end, last = self._syntax.end(member.value.offset), siblings.last_staying(member)
        if last > position or (last < 0 and position + 1 < len(members)):
            return Splice(member.key_offset, members[position + 1].key_offset, "")
        if last >= 0:
            return Splice(self._syntax.end(members[position - 1].value.offset), end, "")
        return Splice(member.key_offset, end, "")

    def _members_of(self, pointer: str) -> Siblings:
        known = self._siblings.get(pointer)
        if known is None:
            members = self._locator.members_of(pointer)
            known = self._siblings[pointer] = Siblings(members, self._gone)
        return known

    def _gap(self, opening: int) -> str:
        """The white space between a bracket and its first member."""
        end = opening + 1
        while self._text[end].isspace():
            end += 1
        return self._text[opening + 1 : end]

    def _written(self, value: Any, offset: int) -> str:
        """Indented like its surroundings if those are on lines of their own."""
        begin = self._text.rfind("\n", 0, offset) + 1
        line = self._text[begin:offset]
        if not isinstance(value, dict | list) or "\n" not in self._text.strip():
            return json.dumps(value, ensure_ascii=False)
        indent = line[: len(line) - len(line.lstrip())]
        return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", f"\n{indent}")
