"""One workspace's documents of one collection: what changes them, and the facts about it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bson import ObjectId
from pymongo import ReturnDocument

from contracts.errors import Kind, Precondition
from contracts.fact import Fact
from kit.across_workspaces import DELETED_AT_ONCE, DELETING_PAUSE_SECONDS, EPOCH
from kit.errors import DatabaseUnavailable, NotInForce, WriteUnconfirmed
from kit.mongo import Document, Taken, driver_errors
from kit.reading import Reading
from kit.stored import Stored

T = TypeVar("T")
CARRIED = {"workspace_id": True, "revision": True, "removed": True, "outbox": True}
"""What is read of a document whose facts are to be published; its state may be large."""
NOT_ADDED = {"revision": 0}
"""Matches no document: an upsert then inserts, or finds the id in use."""
_EMPTY = {"$eq": [{"$ifNull": ["$outbox", []]}, []]}
CLOSED = {
    "$set": {
        "outbox": {"$cond": [_EMPTY, "$$REMOVE", "$outbox"]},
        "outbox_since": {"$cond": [_EMPTY, "$$REMOVE", "$outbox_since"]},
        "settled": {
            "$cond": [{"$and": [_EMPTY, {"$gt": ["$removed", None]}]}, "$$NOW", "$$REMOVE"]
        },
    }
}
"""The last stage of every update: an outbox without facts goes, a tombstone's time begins."""


def literal(value: Any) -> Document:
    """As it is, whatever looks like an operator in it."""
    return {"$literal": value}


def with_facts(packed: Sequence[Document]) -> Document:
    """`outbox_since` is when the oldest of the pending facts was committed."""
    if not packed:
        return {}
    earlier = {"$ifNull": ["$outbox", []]}
    return {
        "outbox": {"$concatArrays": [earlier, literal([*packed])]},
        "outbox_since": {"$ifNull": ["$outbox_since", "$$NOW"]},
    }


def _members(members: Mapping[str, Any] | None) -> Document:
    """With their paths in a document."""
    return {f"state.{member}": value for member, value in (members or {}).items()}


REMEMBERED_WRITES = 8
"""Writes by which a document is known to hold what a write made whose answer was lost: its own, and
those that others committed between its two attempts.
"""


def _with_write(write: ObjectId, revision: Document) -> Document:
    made = [{"id": write, "revision": revision}]
    writes = {"$concatArrays": [{"$ifNull": ["$writes", []]}, made]}
    return {"$slice": [writes, -REMEMBERED_WRITES]}


class ChangedMeanwhile(Precondition):
    """The revision that the caller named is no longer the newest one."""

    code = "platform.changed_meanwhile"
    sentence = "Somebody else changed this since you read it."
    hint = "Read it again, then retry."

    def __init__(self) -> None:
        super().__init__(self.sentence, hint=self.hint)


class Overtaken(ChangedMeanwhile):
    """Another write came between a reading and the write that relies on it (decision 36).

    `kit.contention` begins anew. A caller who is answered this gets 503 and no failed precondition
    (RFC 9110, 412): a revision that they named is compared with the next reading.
    """

    kind = Kind.UNAVAILABLE
    code = "platform.overtaken"
    sentence = "Others change this at the same moment, so this change was not made."
    hint = "Repeat the same request in a moment."


@dataclass(frozen=True, slots=True)
class WorkspaceDocuments(Reading[T]):
    """With a fence it changes only what no later holder of a lease has changed (`kit.leases`).

    Every change leaves its fence in the document, so that whoever held the lease before is refused
    from then on. What is deleted remembers none.
    """

    fence: int | None = None

    def _refuse_fence(self) -> None:
        if self.fence is not None:
            raise ValueError(
                "this kind of change checks no fence; use add, change, remove, swap, delete, "
                "delete_seen or delete_by"
            )

    def _writable(self, more: Mapping[str, Any]) -> Document:
        if self.fence is None:
            return self._filter(more)
        return {**self._filter(more), "$or": self._not_later}

    @property
    def _not_later(self) -> list[Document]:
        return [{"fence": None}, {"fence": {"$lte": self.fence}}]

    @property
    def _fenced(self) -> Document:
        return {} if self.fence is None else {"fence": self.fence}

    async def add(self, id_: str, state: T, *facts: Fact) -> Stored[T]:
        """Insert; raises `Taken` where the id or a unique member is in use, or was lately."""
        reused: Document = {"removed": {"$ne": None}} if self.collection.reuses_ids else NOT_ADDED
        if self.fence is not None:
            reused = {**reused, "$or": self._not_later}
        members = {"state": literal(self.collection.codec.write(state)), **self._written}
        added = await self._write({"_id": id_, **reused}, members, facts, upsert=True)
        return Stored(id_, self.workspace_id, added["revision"], state)

    async def change(
        self,
        seen: Stored[Any],
        state: T,
        *facts: Fact,
        where: Mapping[str, Any] | None = None,
    ) -> Stored[T]:
        """Replace the state, if nobody else did meanwhile, and commit the facts with it.

        Members that only a newer release knows stay. Raises `NotInForce` where a fact that voids
        could not be published. What is committed stays. Members that are set without a new revision
        (`swap`) may be named in `where`: they must be as they were seen, too.
        """
        set_, gone = await self._replacing(seen, state)
        members: Document = {name: literal(value) for name, value in set_.items()}
        members |= {name: "$$REMOVE" for name in gone}  # noqa: C420 - of another type
        wanted = {**self._seen(seen), **_members(where)}
        changed = await self._write(wanted, {**members, **self._written}, facts)
        return Stored(seen.id, self.workspace_id, changed["revision"], state)

    async def _replacing(self, seen: Stored[Any], state: T) -> tuple[Document, Document]:
        """A state with objects costs a reading: `seen` need not hold what is stored."""
        codec = self.collection.codec
        if not codec.nests(state):
            return codec.replacing(state)
        with driver_errors():
            before = await self._raw.find_one(self._seen(seen), {"state": True, "v": True})
        if before is None:
            raise Overtaken
        return codec.replacing(state, before["state"], before.get("v", 1))

    async def remove(
        self, seen: Stored[Any], *facts: Fact, where: Mapping[str, Any] | None = None
    ) -> None:
        """Gone for every reader at once; `NotInForce` and `where` as above."""
        await self._write({**self._seen(seen), **_members(where)}, self._gone, facts)

    async def mark_removed(self, id_: str) -> None:
        """Nobody adds this from now on, as if it had been removed; `Taken` where it is here."""
        self._refuse_fence()
        try:
            await self._write({"_id": id_, **NOT_ADDED}, self._gone, (), upsert=True)
        except Taken:
            if not await self.removed_lately(id_) and await self.find(id_) is not None:
                raise

    async def ensure_in_force(self, id_: str) -> None:
        """Publish what is pending of it; raises `NotInForce` where a fact that voids stays."""
        await self._release_all(self._filter({"_id": id_}))

    async def ensure_all_in_force(self) -> None:
        """The same of whatever is pending in the workspace, also of what was removed. All of it is
        tried; `NotInForce` then. The filter has an index only as it is.
        """
        late: NotInForce | None = None
        with driver_errors():
            pending = self._raw.find({"outbox_since": {"$gt": EPOCH}}, CARRIED)
            async for found in pending:
                if found["workspace_id"] != self.workspace_id:
                    continue
                try:
                    await self.collection.outbox.release_all(self.collection, found)
                except NotInForce as error:
                    late = error
        if late is not None:
            raise late

    async def removed_lately(self, id_: str) -> bool:
        """True for what was removed in the last day and is in force; raises as above."""
        return await self._release_all({**self._filter({"_id": id_}), "removed": {"$ne": None}})

    async def _release_all(self, wanted: Document) -> bool:
        with driver_errors():
            found = await self._raw.find_one(wanted, CARRIED)
        if found is None:
            return False
        await self.collection.outbox.release_all(self.collection, found)
        return True

    def _seen(self, seen: Stored[Any]) -> Document:
        return self._writable({"_id": seen.id, "revision": seen.revision})

    @property
    def _written(self) -> Document:
        return {"v": self.collection.codec.version, "removed": "$$REMOVE", **self._fenced}

    @property
    def _gone(self) -> Document:
        return {**self._written, "state": literal({}), "removed": "$$NOW"}

    async def _write(
        self, wanted: Document, members: Document, facts: Sequence[Fact], *, upsert: bool = False
    ) -> Document:
        """One write commits state and facts; what a writer before left pending goes out first.

        Where an answer is lost, the driver sends the write again, and not every database knows that
        it made it: the second attempt then finds its own result in its way, and is told it by the
        write's id. `revision` in the answer is the write's own.
        """
        write, revision = ObjectId(), {"$add": [{"$ifNull": ["$revision", 0]}, 1]}
        members |= {"revision": revision, "writes": _with_write(write, revision)}
        members |= with_facts(self.collection.outbox.packed(facts))
        try:
            written = await self._update(wanted, members, upsert=upsert)
        except (Overtaken, Taken):
            made = await self._made_before(wanted["_id"], write)
            if made is None:
                raise
            written = made
        await self.collection.outbox.release(self.collection, written, facts)
        return written

    async def _update(self, wanted: Document, members: Document, *, upsert: bool) -> Document:
        with driver_errors(writing=True):
            written = await self._raw.find_one_and_update(
                {**wanted, "workspace_id": self.workspace_id},
                [{"$set": members}, CLOSED],
                projection=CARRIED,
                upsert=upsert,
                return_document=ReturnDocument.AFTER,
            )
        if written is None:
            raise Overtaken
        return dict(written)

    async def _made_before(self, id_: str, write: ObjectId) -> Document | None:
        """The document as it is now, with the revision that this write made; None: it made none."""
        wanted = {"_id": id_, "workspace_id": self.workspace_id, "writes.id": write}
        try:
            with driver_errors():
                found = await self._raw.find_one(wanted, {**CARRIED, "writes": True})
        except DatabaseUnavailable as error:
            raise WriteUnconfirmed from error
        if found is None:
            return None
        [made] = [each["revision"] for each in found["writes"] if each["id"] == write]
        return {**found, "revision": made}

    async def put(self, id_: str, state: T) -> None:
        """Write a document that has one writer and no facts, whether it is there or not."""
        self._refuse_fence()
        mine = {"_id": id_, "workspace_id": self.workspace_id}
        with driver_errors(writing=True):
            await self._raw.replace_one(
                mine, self.collection.document(id_, self.workspace_id, state), upsert=True
            )

    async def swap(self, id_: str, seen: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        """Replace single members, if others are as they were seen; no new revision, no fact."""
        wanted = {"_id": id_, **_members(seen)}
        with driver_errors(writing=True):
            result = await self._raw.update_one(
                self._writable(wanted), {"$set": {**_members(new), **self._fenced}}
            )
        return bool(result.matched_count)

    async def touch(self, id_: str, member: str, at: datetime, *, older_by: timedelta) -> None:
        """Set a date, if there is none or one so much older; no new revision, no fact."""
        self._refuse_fence()
        name = f"state.{member}"
        outdated = [{name: None}, {name: {"$lte": at - older_by}}]
        with driver_errors(writing=True):
            await self._raw.update_one(
                self._filter({"_id": id_, "$or": outdated}), {"$set": {name: at}}
            )

    async def delete(self, id_: str) -> bool:
        """At once and without a fact; was it there, and ours to delete?"""
        with driver_errors(writing=True):
            return bool((await self._raw.delete_one(self._writable({"_id": id_}))).deleted_count)

    async def delete_seen(self, seen: Stored[Any]) -> bool:
        """The same, if nobody changed it meanwhile; was it as it was seen?"""
        with driver_errors(writing=True):
            return bool((await self._raw.delete_one(self._seen(seen))).deleted_count)

    async def delete_by(self, **members: Any) -> int:
        """All with these members, at once and without a fact; how many that were."""
        if not members:
            raise ValueError("Say which: by no member it would delete the workspace's all.")
        with driver_errors(writing=True):
            return (await self._raw.delete_many(self._writable(self._with(members)))).deleted_count

    async def delete_all(self, limit: int) -> int:
        """Whatever there is of the workspace, what was removed and facts that are pending too.

        At most `limit` documents, little by little; how many that were.
        """
        self._refuse_fence()
        with driver_errors(writing=True):
            found = self._raw.find({"workspace_id": self.workspace_id}, {"_id": True})
            ids = [document["_id"] async for document in found.limit(limit)]
            deleted = 0
            for first in range(0, len(ids), DELETED_AT_ONCE):
                part = ids[first : first + DELETED_AT_ONCE]
                mine = {"_id": {"$in": part}, "workspace_id": self.workspace_id}
                deleted += (await self._raw.delete_many(mine)).deleted_count
                await asyncio.sleep(DELETING_PAUSE_SECONDS)
        return deleted
