"""Documents of repositories: a workspace scope that no query can leave out, and facts that commit
with the state they are about.

Every document reads `{_id, workspace_id, revision, state, outbox?, outbox_since?, removed?,
settled?}`. The state is the service's; the rest is kept here. Times are the database's. What is
removed stays as a tombstone without a state, `settled` once its facts are out, and expires then.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any, Protocol

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument

from contracts.errors import Precondition
from contracts.fact import Fact
from contracts.ids import WorkspaceId
from kit.errors import NothingHere
from kit.mongo import Database, Document, Taken, driver_errors
from kit.outbox import SWEEP_BATCH, Outbox

TOMBSTONE_LIFE = timedelta(days=1)
"""How long who repeats a removal is told that it succeeded."""
CARRIED = {"workspace_id": True, "revision": True, "removed": True, "outbox": True}
"""What is read of a document whose facts are to be published; its state may be large."""
LEFT_BEHIND = {"outbox": True, "outbox_since": True, "removed": True}
NOT_ADDED = {"revision": 0}
"""Matches no document: an upsert then inserts, or finds the id in use."""
_EMPTY = {"$eq": [{"$ifNull": ["$outbox", []]}, []]}
_CLOSED = {
    "$set": {
        "outbox": {"$cond": [_EMPTY, "$$REMOVE", "$outbox"]},
        "outbox_since": {"$cond": [_EMPTY, "$$REMOVE", "$outbox_since"]},
        "settled": {
            "$cond": [{"$and": [_EMPTY, {"$gt": ["$removed", None]}]}, "$$NOW", "$$REMOVE"]
        },
    }
}
"""The last stage of every update: an outbox without facts goes, a tombstone's time begins."""


class ChangedMeanwhile(Precondition):
    code = "platform.changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this since you read it.", hint="Read it again, then retry."
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it was read: its state, and the revision a change must still find."""

    id: str
    workspace_id: WorkspaceId
    revision: int
    state: Document

    @classmethod
    def of(cls, document: Document) -> "Stored":
        return cls(
            document["_id"],
            WorkspaceId(document["workspace_id"]),
            document["revision"],
            document["state"],
        )


class Repository(Protocol):
    """What the chassis needs of a repository: its collections' indexes, made at start."""

    @property
    def collections(self) -> Sequence["Collection"]: ...


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique index over members of the state, within a workspace (or across all)."""

    members: tuple[str, ...]
    across_workspaces: bool = False


@dataclass(frozen=True)
class Collection:
    """One kind of document. `within` is the way in; `across_workspaces` says why it is not."""

    database: Database
    name: str
    outbox: Outbox
    unique: tuple[Unique, ...] = ()
    sorted_by: tuple[str, ...] = ()
    swept_by: tuple[str, ...] = ()
    """Members by which a background task finds documents of all workspaces."""
    expire_at: str | None = None
    """The member of the state that holds when a document may be deleted."""
    reuses_ids: bool = False
    """Whether an id that was removed may be added again at once; its revisions then go on."""
    replaced_indexes: tuple[str, ...] = ()
    """Names under which earlier releases had indexes that are no longer wanted."""
    raw: AsyncIOMotorCollection[Document] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "raw", self.database[self.name])
        self.outbox.serve(self)

    async def ensure_indexes(self) -> None:
        models = [
            IndexModel([("workspace_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("outbox_since", ASCENDING)], sparse=True),
            IndexModel(
                [("settled", ASCENDING)], expireAfterSeconds=int(TOMBSTONE_LIFE.total_seconds())
            ),
        ]
        for unique in self.unique:
            keys = [(f"state.{member}", ASCENDING) for member in unique.members]
            scope = [] if unique.across_workspaces else [("workspace_id", ASCENDING)]
            # Not sparse: a removed document, whose state is gone, would still hold a place.
            present = {f"state.{member}": {"$exists": True} for member in unique.members}
            models.append(IndexModel([*scope, *keys], unique=True, partialFilterExpression=present))
        models += [
            IndexModel([("workspace_id", ASCENDING), (f"state.{member}", ASCENDING)])
            for member in self.sorted_by
        ]
        if self.swept_by:
            models.append(IndexModel([(f"state.{each}", ASCENDING) for each in self.swept_by]))
        if self.expire_at:
            models.append(
                IndexModel([(f"state.{self.expire_at}", ASCENDING)], expireAfterSeconds=0)
            )
        with driver_errors():
            await self.raw.create_indexes(models)
            if self.replaced_indexes:
                for name in {*await self.raw.index_information()} & {*self.replaced_indexes}:
                    await self.raw.drop_index(name)

    def within(self, workspace_id: WorkspaceId) -> "Within":
        return Within(self, workspace_id)

    async def find_across_workspaces(self, member: str, value: str) -> Stored | None:
        """Look up by a globally unique member, before it is known whose it is."""
        with driver_errors():
            found = await self.raw.find_one({f"state.{member}": value, "removed": None})
        return Stored.of(found) if found else None

    async def left_behind(self, grace: timedelta) -> AsyncGenerator[Document, None]:
        """Documents with facts that wait longer than that, across workspaces, oldest first."""
        with driver_errors():
            hello = await self.database.command("hello", codec_options=self.raw.codec_options)
            before = hello["localTime"].replace(tzinfo=UTC) - grace
            found = self.raw.find({"outbox_since": {"$lte": before}}, LEFT_BEHIND)
            async for document in found.sort("outbox_since", ASCENDING).batch_size(SWEEP_BATCH):
                yield dict(document)

    async def forget_facts(self, id_: str, fact_ids: Sequence[str]) -> None:
        """These facts are out."""
        out = {"$in": ["$$fact.id", [*fact_ids]]}
        facts = {"$ifNull": ["$outbox", []]}
        left = {"$filter": {"input": facts, "as": "fact", "cond": {"$not": [out]}}}
        with driver_errors():
            await self.raw.update_one({"_id": id_}, [{"$set": {"outbox": left}}, _CLOSED])


@dataclass(frozen=True, slots=True)
class Within:
    """One workspace's documents of one collection. Foreign and absent look the same."""

    collection: Collection
    workspace_id: WorkspaceId

    def _filter(self, more: Mapping[str, Any]) -> Document:
        return {**more, "workspace_id": self.workspace_id, "removed": None}

    async def find(self, id_: str) -> Stored | None:
        with driver_errors():
            found = await self.collection.raw.find_one(self._filter({"_id": id_}))
        return Stored.of(found) if found else None

    async def read(self, id_: str) -> Stored:
        found = await self.find(id_)
        if found is None:
            raise NothingHere
        return found

    async def find_by(self, **members: Any) -> Stored | None:
        wanted = {f"state.{member.replace('__', '.')}": value for member, value in members.items()}
        with driver_errors():
            found = await self.collection.raw.find_one(self._filter(wanted))
        return Stored.of(found) if found else None

    async def page(
        self, limit: int, after: str | None, *, without: Sequence[str] = (), **members: Any
    ) -> list[Stored]:
        """Up to `limit + 1` documents, newest first; one more than asked for shows a next page.

        `without` are members of the state that a list does not show and need not be read.
        """
        wanted: Document = {f"state.{member}": value for member, value in members.items()}
        if after:
            wanted["_id"] = {"$lt": after}
        with driver_errors():
            unread = {f"state.{member}": False for member in without}
            found_ones = self.collection.raw.find(self._filter(wanted), unread or None)
            cursor = found_ones.sort("_id", DESCENDING)
            return [Stored.of(found) async for found in cursor.limit(limit + 1)]

    async def add(self, id_: str, state: Document, *facts: Fact) -> Stored:
        """Insert; raises `Taken` where the id or a unique member is in use, or was lately."""
        reused = {"removed": {"$ne": None}} if self.collection.reuses_ids else NOT_ADDED
        added = await self._write({"_id": id_, **reused}, state, facts, upsert=True)
        return Stored(id_, self.workspace_id, added["revision"], state)

    async def change(self, seen: Stored, state: Document, *facts: Fact) -> Stored:
        """Replace the state, if nobody else did meanwhile, and commit the facts with it.

        Raises `NotInForce` where a fact that voids could not be published. What is committed stays.
        """
        changed = await self._write(self._seen(seen), state, facts)
        return Stored(seen.id, self.workspace_id, changed["revision"], state)

    async def remove(self, seen: Stored, *facts: Fact) -> None:
        """Gone for every reader at once; `NotInForce` as above."""
        await self._write(self._seen(seen), {}, facts, removed=True)

    async def bury(self, id_: str) -> None:
        """Nobody adds this from now on, as if it had been removed; `Taken` where it is here."""
        try:
            await self._write({"_id": id_, **NOT_ADDED}, {}, (), removed=True, upsert=True)
        except Taken:
            if not await self.removed_lately(id_) and await self.find(id_) is not None:
                raise

    async def ensure_in_force(self, id_: str) -> None:
        """Publish what is pending of it; raises `NotInForce` where a fact that voids stays."""
        await self._release_all(self._filter({"_id": id_}))

    async def removed_lately(self, id_: str) -> bool:
        """True for what was removed in the last day and is in force; raises as above."""
        return await self._release_all({**self._filter({"_id": id_}), "removed": {"$ne": None}})

    def _seen(self, seen: Stored) -> Document:
        return self._filter({"_id": seen.id, "revision": seen.revision})

    async def _release_all(self, wanted: Document) -> bool:
        with driver_errors():
            found = await self.collection.raw.find_one(wanted, CARRIED)
        if found is None:
            return False
        await self.collection.outbox.release_all(self.collection, found)
        return True

    async def _write(
        self,
        wanted: Document,
        state: Document,
        facts: Sequence[Fact],
        *,
        removed: bool = False,
        upsert: bool = False,
    ) -> Document:
        """One write commits state and facts; what a writer before left pending goes out first."""
        packed = self.collection.outbox.packed(facts)
        with driver_errors():
            written = await self.collection.raw.find_one_and_update(
                {**wanted, "workspace_id": self.workspace_id},
                [{"$set": _members(state, packed, removed=removed)}, _CLOSED],
                projection=CARRIED,
                upsert=upsert,
                return_document=ReturnDocument.AFTER,
            )
        if written is None:
            raise ChangedMeanwhile
        await self.collection.outbox.release(self.collection, written, facts)
        return dict(written)

    async def each(self) -> AsyncIterator[Stored]:
        with driver_errors():
            async for found in self.collection.raw.find(self._filter({})):
                yield Stored.of(found)


def _members(state: Document, packed: Sequence[Document], *, removed: bool) -> Document:
    """What an update sets. `outbox_since` is when the oldest of the pending facts was committed."""
    members: Document = {
        "state": {"$literal": state},
        "revision": {"$add": [{"$ifNull": ["$revision", 0]}, 1]},
        "removed": "$$NOW" if removed else "$$REMOVE",
    }
    if packed:
        earlier = {"$ifNull": ["$outbox", []]}
        members["outbox"] = {"$concatArrays": [earlier, {"$literal": [*packed]}]}
        members["outbox_since"] = {"$ifNull": ["$outbox_since", "$$NOW"]}
    return members
