"""A patch of a group (RFC 7644, 3.5.2).

What directories send about members, such as `members[value eq "…"]` and lists of `{"value": …}`, is
carried out on their ids, in as many steps as it names members. All else is the library's, which
compares every member with every term: it is bounded (`demand_few_steps`).
"""

import asyncio
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from scim2_models import PatchOp

from identity_service.entrypoints.scim_bounds import demand_few_steps, steps_of
from identity_service.entrypoints.scim_requests import (
    operations_of,
    patch_model,
    patch_of,
    patches_of,
)
from identity_service.entrypoints.scim_resources import CONTROL, MAX_TEXT, Group, MemberEntry

_ATTRIBUTE = r"(?:urn:ietf:params:scim:schemas:core:2\.0:Group:)?members"
_NAMED = r'value\s+eq\s+"[^"\\]*"'
MEMBERS = re.compile(_ATTRIBUTE, re.IGNORECASE)
SELECTED = re.compile(rf"{_ATTRIBUTE}\[\s*{_NAMED}(?:\s+or\s+{_NAMED})*\s*\]", re.IGNORECASE)
IN_QUOTES = re.compile(r'"([^"\\]*)"')
Operation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MemberChange:
    op: str
    ids: frozenset[str] | None
    """None: all there are."""

    @property
    def whole(self) -> bool:
        """Does it say who is a member, whoever was one before?"""
        return self.op == "replace" or self.ids is None

    def of(self, members: AbstractSet[str]) -> AbstractSet[str]:
        if self.ids is None:
            return frozenset()
        if self.op == "replace":
            return self.ids
        return members | self.ids if self.op == "add" else members - self.ids


@dataclass(frozen=True, slots=True)
class LibraryChange:
    operation: Operation
    patch: PatchOp[Group]
    about_members: bool

    @property
    def whole(self) -> bool:
        return self.about_members

    def steps(self, members: int) -> int:
        entries = members if self.about_members else 1
        return steps_of(self.operation, entries) + entries

    def of(self, group: Group, members: AbstractSet[str]) -> AbstractSet[str]:
        """Changes the group; the ids that are left."""
        if not self.about_members:
            self.patch.patch(group)
            return members
        group.members = [MemberEntry(value=each, type="User") for each in sorted(members)]
        self.patch.patch(group)
        left = frozenset(each.value for each in group.members or () if each.value)
        group.members = None
        return left


@dataclass(frozen=True, slots=True)
class GroupPatch:
    changes: tuple[MemberChange | LibraryChange, ...]

    @property
    def whole(self) -> bool:
        return any(each.whole for each in self.changes)

    async def patch(self, group: Group, members: AbstractSet[str]) -> AbstractSet[str]:
        """Changes the group, which has no members itself; the ids of those that it has then. Others
        get their turn after each of the library's.
        """
        steps = 0
        for change in self.changes:
            if isinstance(change, MemberChange):
                members = change.of(members)
                continue
            steps += change.steps(len(members))
            demand_few_steps(steps)
            members = change.of(group, members)
            await asyncio.sleep(0)
        return members


async def group_patch_of(body: dict[str, Any]) -> GroupPatch:
    """Others get their turn between two operations that are the library's."""
    parts = [part for one in operations_of(Group, body) for part in _parts(one)]
    known = [_member_change(part) for part in parts]
    in_short = _in_short([k.op for k in known if k is not None])
    others = [part for part, k in zip(parts, known, strict=True) if k is None]
    if in_short or not others:  # else what the library refuses of a patch is read with the others
        patch_of(Group, body, in_short, 1)
    patches = await patches_of(Group, body, others, 1) if others else []
    read = (each for patch in patches for each in patch.operations or ())
    pairs = zip(parts, known, strict=True)
    return GroupPatch(tuple(k or _library_change(part, next(read)) for part, k in pairs))


def _parts(operation: Operation) -> list[Operation]:
    """Members that stand among other attributes are an operation of their own."""
    value = operation.get("value")
    if "path" in operation or not isinstance(value, dict):
        return [operation]
    named = {name: each for name, each in value.items() if MEMBERS.fullmatch(name)}
    rest = {name: each for name, each in value.items() if name not in named}
    apart = [{**operation, "path": "members", "value": each} for each in named.values()]
    return [{**operation, "value": rest}, *apart] if rest or not apart else apart


def _member_change(operation: Operation) -> MemberChange | None:
    """None for what is the library's to read, or to refuse."""
    op, path = str(operation.get("op")).lower(), operation.get("path")
    if not isinstance(path, str):
        return None
    value = operation.get("value")
    if op == "remove" and value is None:
        if SELECTED.fullmatch(path):
            return MemberChange(op, frozenset(IN_QUOTES.findall(path)))
        return MemberChange(op, None) if MEMBERS.fullmatch(path) else None
    if op not in ("add", "remove", "replace") or not MEMBERS.fullmatch(path):
        return None
    if op == "replace" and value is None and "value" in operation:
        return MemberChange(op, frozenset())
    ids = [_id_of(each) for each in (value if isinstance(value, list) else [value])]
    named = frozenset(each for each in ids if each is not None)
    return MemberChange(op, named) if None not in ids else None


def _id_of(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None
    id_ = next((each for name, each in entry.items() if name.lower() == "value"), None)
    if not isinstance(id_, str) or not id_ or len(id_) > MAX_TEXT or CONTROL.search(id_):
        return None
    return id_


def _in_short(ops: list[str]) -> list[Operation]:
    """With which the library finds nothing to refuse, and nothing to go through: one of a kind, for
    it takes a millisecond for each.
    """
    value: dict[str, Operation] = {"add": {"value": []}, "replace": {"value": []}}
    return [{"op": op, "path": "members", **value.get(op, {})} for op in sorted({*ops})]


def _library_change(operation: Operation, read: Any) -> LibraryChange:
    schemas: Any = [PatchOp.__schema__]  # else each is looked up for a millisecond
    patch: PatchOp[Group] = patch_model(Group).model_construct(schemas=schemas, operations=[read])
    value = operation.get("value")
    names = (str(operation.get("path") or ""), *(value if isinstance(value, dict) else ()))
    about_members = any("members" in name.lower() for name in names)
    return LibraryChange(operation, patch, about_members)
