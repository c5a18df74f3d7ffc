"""Edits of YAML texts: comments, order and style of everything else stay."""

from collections.abc import Collection, Sequence

from schema_service.domain import pointers
from schema_service.domain.finding import Edit
from schema_service.domain.position.members import Member
from schema_service.domain.position.splices import Splice
from schema_service.domain.position.yaml_extent import YamlExtent
from schema_service.domain.reading.reading import Reading
from schema_service.domain.repairing.edited_tree import edited
from schema_service.domain.repairing.kept_blocks import KeptBlocks
from schema_service.domain.repairing.moving import (
    block_slots,
    flow_slots,
    inner_edits,
    last_first,
    refers_back,
)
from schema_service.domain.repairing.siblings import Siblings
from schema_service.domain.repairing.yaml_written import below_key, in_block, in_flow, object_lines


class YamlEdits:
    def __init__(
        self, reading: Reading, removed: Collection[str] = (), kept: KeptBlocks | None = None
    ) -> None:
        """`removed` are the pointers of all members that go at the same time; `kept` has what is
        written elsewhere in the words of the text.
        """
        self._text = reading.text
        self._document = reading.document
        self._locator = reading.locator
        self._extent = YamlExtent(reading.text)
        self._kept = kept or KeptBlocks(reading)
        gone = map(reading.locator.exact, removed)
        self._gone = frozenset(each.key_offset for each in gone if each is not None)
        self._siblings: dict[str, Siblings] = {}

    def splices(self, edits: Sequence[Edit]) -> list[Splice] | None:
        """Of all edits, with the comments of what they move and rewrite; None where one cannot be
        done.
        """
        made = [splice for splice in map(self.splice, edits) if splice is not None]
        return self._kept.with_lost(made) if len(made) == len(edits) else None

    def splice(self, edit: Edit) -> Splice | None:
        """What the edit does to the text; None where it cannot be done."""
        member = self._locator.exact(edit.pointer)
        if edit.op == "add" and member is None:
            return self._insertion(edit)
        if edit.op == "first":
            return self._first(edit)
        if member is None or self._extent.is_alias(member.value):
            return None
        if edit.op in ("replace", "add"):
            return self._replacement(edit, member)
        if edit.op == "quote_key":
            return self._quoted(member)
        if edit.op == "rename" and member.key is not None:
            return Splice(member.key_offset, member.key_end, in_flow(edit.value))
        return self._removal(edit, member) if edit.op == "remove" else None

    def _first(self, edit: Edit) -> Splice | None:
        """With the comments that belong to it."""
        listed, _, step = edit.pointer.rpartition("/")
        number, members = int(step), self._members_of(listed).members
        if number >= len(members):
            return None
        if members[0].value.flow:
            slots = flow_slots(self._text, members[: number + 1])
        else:
            slots = block_slots(self._text, members, number)
        if not slots:
            return None
        within = [self.splice(each) for each in inner_edits(edit)]
        if None not in within and not refers_back(self._text, slots):
            return last_first(self._text, slots, within)
        old = pointers.look_up(self._document, pointers.split(edit.pointer))
        item = members[number]
        start, end = self._extent.of(item.value, old) or (item.key_offset, slots[-1][1])
        written = Splice(start, end, in_flow(edited(old, edit.value)))
        return last_first(self._text, slots, [written])

    def _replacement(self, edit: Edit, member: Member) -> Splice | None:
        old = pointers.look_up(self._document, pointers.split(edit.pointer))
        span = self._extent.of(member.value, old)
        if span is None:
            return None
        start, end = span
        if start == member.value.offset and self._text[start - 1 : start] == ":":
            if member.key is not None and edit.value and isinstance(edit.value, dict | list):
                return Splice(
                    start, end, below_key(edit.value, member.value.indent, self._kept.block)
                )
            return Splice(start, end, f" {in_flow(edit.value)}")
        if self._is_item_in_lines(member, span) and edit.value and isinstance(edit.value, dict):
            column = start - self._text.rfind("\n", 0, start) - 1
            return Splice(start, end, object_lines(edit.value, column, self._kept.block))
        return Splice(start, end, in_flow(edit.value))

    def _is_item_in_lines(self, member: Member, span: tuple[int, int]) -> bool:
        """An object behind a dash, of several lines."""
        text = self._text[slice(*span)]
        return member.key is None and not member.value.flow and "\n" in text and text[0] not in "{["

    def _quoted(self, member: Member) -> Splice | None:
        raw = self._text[member.key_offset : member.key_end]
        if raw[:1] in ("'", '"') or not raw:
            return None
        return Splice(member.key_offset, member.key_end, in_flow(raw, quoted=True))

    def _insertion(self, edit: Edit) -> Splice | None:
        parent, _, last = edit.pointer.rpartition("/")
        [key] = pointers.split(f"/{last}")
        siblings = self._members_of(parent)
        members = siblings.members
        if not members:
            return self._first_of_all(edit, parent, key)
        first = members[0]
        if first.value.flow:
            at = first.key_offset
            text = in_flow(edit.value) if first.key is None else f"{key}: {in_flow(edit.value)}"
            return Splice(at, at, f"{text}, ") if last != "-" else None
        if first.key is None:
            return self._item(edit, members[-1])
        return self._member(edit, siblings, key)

    def _first_of_all(self, edit: Edit, parent: str, key: str) -> Splice | None:
        """Into empty brackets."""
        container = self._locator.exact(parent)
        start = self._extent.content(container.value) if container else self._locator.root().offset
        if self._text[start : start + 1] not in ("{", "["):
            return None
        keyed = self._text[start] == "{"
        text = f"{in_flow(key)}: {in_flow(edit.value)}" if keyed else in_flow(edit.value)
        return Splice(start + 1, start + 1, text)

    def _member(self, edit: Edit, siblings: Siblings, key: str) -> Splice:
        """A plain value before the first member that stays, anything longer before the last one.
        Where none stays, it is written on lines before theirs.
        """
        plain = not isinstance(edit.value, dict | list)
        members, staying = siblings.members, siblings.staying
        before = (staying or members)[0 if plain else -1]
        column = before.value.indent
        text = in_block(key, edit.value, column, self._kept.block)
        if not staying:
            start = self._text.rfind("\n", 0, members[0].key_offset) + 1
            return Splice(start, start, f"{' ' * column}{text}\n")
        return Splice(before.key_offset, before.key_offset, f"{text}\n{' ' * column}")

    def _item(self, edit: Edit, last: Member) -> Splice | None:
        """Behind the last item of a block sequence."""
        if not edit.pointer.endswith("/-"):
            return None
        steps = pointers.split(edit.pointer.rpartition("/")[0])
        items = pointers.look_up(self._document, steps)
        span = self._extent.of(last.value, items[-1])
        if span is None:
            return None
        dash = " " * last.value.indent + "- "
        return Splice(span[1], span[1], f"\n{dash}{in_flow(edit.value)}")

    def _members_of(self, pointer: str) -> Siblings:
        known = self._siblings.get(pointer)
        if known is None:
            members = self._locator.members_of(pointer)
            known = self._siblings[pointer] = Siblings(members, self._gone)
        return known

    def _removal(self, edit: Edit, member: Member) -> Splice | None:
        """Whole lines of a block; nothing is taken from behind a dash."""
        value = pointers.look_up(self._document, pointers.split(edit.pointer))
        span = self._extent.of(member.value, value)
        start = self._text.rfind("\n", 0, member.key_offset) + 1
        before = self._text[start : member.key_offset]
        if member.value.flow and member.key is not None and span is not None:
            return self._out_of_braces(edit.pointer, member, span[1])
        alone = before.isspace() or not before or (member.key is None and before.strip() == "-")
        if span is None or member.value.flow or not alone:
            return None
        return Splice(start, min(span[1] + 1, len(self._text)), "")

    def _out_of_braces(self, pointer: str, member: Member, end: int) -> Splice | None:
        """With the comma behind it, or where no member stays behind it, with the one before it."""
        parent = pointer.rpartition("/")[0]
        siblings = self._members_of(parent)
        members, position = siblings.members, siblings.position(member)
        last = siblings.last_staying(member)
        if last > position or (last < 0 and position + 1 < len(members)):
            return Splice(member.key_offset, members[position + 1].key_offset, "")
        if last < 0:
            return Splice(member.key_offset, end, "")
        node = pointers.look_up(self._document, pointers.split(parent))
        before = members[position - 1]
        span = self._extent.of(before.value, [*node.values()][position - 1])
        return None if span is None else Splice(span[1], end, "")
