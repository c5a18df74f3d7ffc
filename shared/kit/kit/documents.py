"""Documents of repositories: a workspace scope that no query can leave out, and facts that commit
with the state they are about.

Every document reads `{_id, workspace_id, revision, state, outbox?, outbox_since?, removed?}`. The
state is the service's; the rest is kept here.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument

from contracts.errors import Conflict
from contracts.fact import Fact
from contracts.ids import WorkspaceId
from kit.errors import NothingHere
from kit.mongo import Database, Document, driver_errors
from kit.outbox import Outbox


class ChangedMeanwhile(Conflict):
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
    raw: AsyncIOMotorCollection[Document] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "raw", self.database[self.name])
        self.outbox.serve(self)

    async def ensure_indexes(self) -> None:
        models = [
            IndexModel([("workspace_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("outbox_since", ASCENDING)], sparse=True),
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

    def within(self, workspace_id: WorkspaceId) -> "Within":
        return Within(self, workspace_id)

    async def find_across_workspaces(self, member: str, value: str) -> Stored | None:
        """Look up by a globally unique member, before it is known whose it is."""
        with driver_errors():
            found = await self.raw.find_one({f"state.{member}": value, "removed": None})
        return Stored.of(found) if found else None

    async def left_behind(self, before: datetime, limit: int) -> list[Document]:
        """Documents whose facts have been waiting since before then, across workspaces."""
        with driver_errors():
            cursor = self.raw.find({"outbox_since": {"$lte": before}}).limit(limit)
            return [dict(document) async for document in cursor]

    async def forget_facts(self, id_: str, fact_ids: Sequence[str]) -> None:
        """These facts are out. A removed document goes with the last of its facts."""
        mine: Document = {"outbox": {"$size": len(fact_ids)}}
        if fact_ids:  # none are left where two writers took out theirs at once
            mine["outbox.id"] = {"$all": [*fact_ids]}
        with driver_errors():
            emptied = await self._emptied(id_, mine)
            if emptied is None:  # others added theirs meanwhile; leave those
                left = await self.raw.find_one_and_update(
                    {"_id": id_},
                    {"$pull": {"outbox": {"id": {"$in": [*fact_ids]}}}},
                    projection={"outbox.id": True},
                    return_document=ReturnDocument.AFTER,
                )
                if left is not None and left.get("outbox") == []:  # and took them out by now
                    emptied = await self._emptied(id_, {"outbox": {"$size": 0}})
            if emptied is not None and emptied.get("removed"):
                await self.delete_removed(id_)

    async def _emptied(self, id_: str, outbox: Document) -> Document | None:
        emptied: Document | None = await self.raw.find_one_and_update(
            {"_id": id_, **outbox},
            {"$unset": {"outbox": "", "outbox_since": ""}},
            projection={"removed": True},  # the state may be large
            return_document=ReturnDocument.AFTER,
        )
        return emptied

    async def delete_removed(self, id_: str) -> None:
        """What is left of a removed document, unless facts are still waiting in it."""
        with driver_errors():
            await self.raw.delete_one({"_id": id_, "removed": {"$ne": None}, "outbox": None})


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
        """Insert; raises `Taken` where the id or a unique member is in use."""
        document = {
            "_id": id_,
            "workspace_id": self.workspace_id,
            "revision": 1,
            "state": state,
            **self.collection.outbox.pending(facts),
        }
        with driver_errors():
            await self.collection.raw.insert_one(document)
        await self.collection.outbox.release(self.collection, id_, facts)
        return Stored.of(document)

    async def change(self, seen: Stored, state: Document, *facts: Fact) -> Stored:
        """Replace the state, if nobody else did meanwhile, and commit the facts with it."""
        changed = await self._change(seen, {"state": state}, facts)
        return Stored.of(changed)

    async def remove(self, seen: Stored, *facts: Fact) -> None:
        """Gone for every reader at once; the document itself goes when its facts are out.

        If they are by now, its id is free again.
        """
        removed = {"state": {}, "removed": datetime.now(UTC)}
        await self._change(seen, removed, facts, forget_first=True)
        if not facts:
            await self.collection.delete_removed(seen.id)

    async def _change(
        self, seen: Stored, changes: Document, facts: Sequence[Fact], *, forget_first: bool = False
    ) -> Document:
        update: Document = {"$set": {**changes}, "$inc": {"revision": 1}}
        pending = self.collection.outbox.pending(facts)
        if pending:
            update["$set"]["outbox_since"] = pending["outbox_since"]
            update["$push"] = {"outbox": {"$each": pending["outbox"]}}
        with driver_errors():
            changed = await self.collection.raw.find_one_and_update(
                self._filter({"_id": seen.id, "revision": seen.revision}),
                update,
                return_document=ReturnDocument.AFTER,
            )
        if changed is None:
            raise ChangedMeanwhile
        await self.collection.outbox.release(
            self.collection, seen.id, facts, forget_first=forget_first
        )
        return dict(changed)

    async def each(self) -> AsyncIterator[Stored]:
        with driver_errors():
            async for found in self.collection.raw.find(self._filter({})):
                yield Stored.of(found)
