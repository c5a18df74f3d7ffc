"""All workspaces' documents of one collection: for background work, and for what is not yet known
whose it is. No request reaches any of it with a filter of its own.

A list here leaves out what cannot be read (`DocumentUnreadable`), and logs it: one such document
must not stop the work on all others.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorCursor
from pymongo import ASCENDING, DESCENDING, InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from contracts.ids import WorkspaceId
from kit import logs
from kit.codec import DocumentUnreadable
from kit.indexes import name_of
from kit.mongo import Document, driver_errors
from kit.stored import Stored

if TYPE_CHECKING:
    from kit.documents import Collection

log = logs.logger("kit.documents")
T = TypeVar("T")
DUPLICATE_KEY = 11000
EPOCH = datetime.fromtimestamp(0, UTC)
"""Earlier than any date of ours, and later than none at all."""
DELETED_AT_ONCE = 50
DELETING_PAUSE_SECONDS = 0.05
"""The embedded database answers nobody while it deletes: 50 documents take it 40 ms."""


@dataclass(frozen=True, slots=True)
class Record(Generic[T]):
    """A document to write whatever is there already, unless that is the better one."""

    id: str
    workspace_id: WorkspaceId
    state: T
    over: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Values of members, one of which a stored state must have to give way to this; none: never."""


@dataclass(frozen=True, slots=True)
class AcrossWorkspaces(Generic[T]):
    collection: "Collection[T]"

    @property
    def _raw(self) -> AsyncIOMotorCollection[Document]:
        return self.collection._raw  # noqa: SLF001 - the collection's other half

    async def find_by(self, member: str, value: str) -> Stored[T] | None:
        """Look up by a globally unique member, before it is known whose it is."""
        with driver_errors():
            found = await self._raw.find_one({f"state.{member}": value, "removed": None})
        return self.collection.stored(found) if found else None

    async def all_by(self, limit: int, **members: Any) -> list[Stored[T]]:
        """Up to `limit` with such members, of which a list need only hold the value, in the order
        of their ids. `found_by` must have an index for one of them.
        """
        wanted: Document = {f"state.{name}": value for name, value in members.items()}
        if members.keys().isdisjoint(self.collection.found_by):
            raise ValueError(f"{self.collection.name} is not found by {', '.join(sorted(members))}")
        with driver_errors():
            cursor = self._raw.find({**wanted, "removed": None}).sort("_id", ASCENDING)
            return await self._readable(cursor, limit)

    async def older(
        self, member: str, before: datetime, limit: int, **members: Any
    ) -> list[Stored[T]]:
        """Up to `limit` of those whose date is before then; `swept_by` must have an index for it.

        What is removed has no state, so no date. The index is named, because the embedded database
        would take one that expires by the same date, and read every document.
        """
        where = {f"state.{name}": value for name, value in members.items()}
        wanted = {f"state.{member}": {"$lt": before}, **where}
        with driver_errors():
            cursor = self._raw.find(wanted)
            if index := await name_of(self._raw, self.collection.index_of_sweep(member, members)):
                cursor = cursor.hint(index)
            return await self._readable(cursor, limit)

    async def _readable(self, found: AsyncIOMotorCursor[Document], limit: int) -> list[Stored[T]]:
        stored: list[Stored[T]] = []
        try:
            async for document in found.batch_size(limit):
                try:
                    stored.append(self.collection.stored(document))
                except DocumentUnreadable as error:
                    about = {"collection": self.collection.name, "id": document["_id"]}
                    log.error("document_unreadable", **about, error=str(error))  # noqa: TRY400
                if len(stored) >= limit:
                    break
        finally:
            await found.close()
        return stored

    async def differing(
        self, member: str, value: str, *, after: str, limit: int, each_of: str = ""
    ) -> list[Stored[T]]:
        """Those that have the member with another value, in the order of their ids.

        With `each_of` it is a member of the elements of that list, of which one has it so.
        """
        wanted = {**_differing(member, value, each_of), "_id": {"$gt": after}}
        with driver_errors():
            cursor = self._raw.find(wanted).sort("_id", ASCENDING)
            return await self._readable(cursor, limit)

    async def count_differing(self, member: str, value: str, *, each_of: str = "") -> int:
        """How many there are of them, without an index."""
        with driver_errors():
            return await self._raw.count_documents(_differing(member, value, each_of))

    async def lacking(self, *members: str, after: str, limit: int) -> list[Stored[T]]:
        """Those without one of the members, or with None there, in the order of their ids; without
        an index.
        """
        lacks = [{f"state.{member}": None} for member in members]
        wanted = {"$or": lacks, "_id": {"$gt": after}, "removed": None}
        with driver_errors():
            cursor = self._raw.find(wanted).sort("_id", ASCENDING)
            return await self._readable(cursor, limit)

    async def page(self, limit: int, after: str | None, **members: Any) -> list[Stored[T]]:
        """Up to `limit + 1` of all workspaces, newest first, with such members; without an index of
        its own, for the few that an operator looks at.
        """
        wanted: Document = {f"state.{name}": value for name, value in members.items()}
        wanted |= {"removed": None, **({"_id": {"$lt": after}} if after else {})}
        with driver_errors():
            cursor = self._raw.find(wanted).sort("_id", DESCENDING)
            return await self._readable(cursor, limit + 1)

    async def below(
        self, member: str, value: int, *, after: str, limit: int
    ) -> list[tuple[WorkspaceId, str]]:
        """Workspaces and ids of those whose number is lower, in the order of their ids.

        Numbers begin at 1, which is also what a document without the member has. `swept_below` must
        have an index for it.
        """
        wanted = {
            f"state.{member}": {"$in": [None, *range(1, value)] if value > 1 else []},
            "_id": {"$gt": after},
            "removed": None,
        }
        with driver_errors():
            found = self._raw.find(wanted, {"workspace_id": True}).sort("_id", ASCENDING)
            return [
                (WorkspaceId(each["workspace_id"]), each["_id"])
                async for each in found.limit(limit)
            ]

    async def record(self, records: Sequence[Record[T]]) -> None:
        """Write a batch in one round trip, and in a second one those that were there already.

        Harmless when repeated, and in any order if `over` says which state is the better one. What
        belongs to another workspace than its record says is left as it is. Raises
        `DatabaseRefused` for a unique member that another document has.
        """
        with driver_errors(writing=True):
            try:
                documents = [
                    self.collection.document(record.id, record.workspace_id, record.state)
                    for record in records
                ]
                await self._raw.bulk_write(
                    [InsertOne(document) for document in documents], ordered=False
                )
            except BulkWriteError as failed:
                errors = failed.details["writeErrors"]
                concerns = failed.details.get("writeConcernErrors")
                if concerns or any(error["code"] != DUPLICATE_KEY for error in errors):
                    raise
                unclear = {records[error["index"]].id for error in errors if not _of_its_id(error)}
                if unclear and not await self._are_known(unclear):
                    raise
                known = (records[error["index"]] for error in errors)
                updates = [self._update(record) for record in known if record.over]
                if updates:
                    await self._raw.bulk_write(updates, ordered=False)

    async def delete_between(self, member: str, since: datetime, until: datetime) -> int:
        """Delete documents with that date, little by little; how many that were.

        `member` is a path from the document's root, as `Collection.expiring` names it. The embedded
        database reads all that is between the dates at once, and needs both for its index.
        """
        dates = {"$gte": since, "$lt": until}
        with driver_errors():
            found = self._raw.find({member: dates}, {"_id": True})
            ids = [document["_id"] async for document in found]
        deleted = 0
        for first in range(0, len(ids), DELETED_AT_ONCE):
            part = ids[first : first + DELETED_AT_ONCE]
            with driver_errors(writing=True):
                result = await self._raw.delete_many({"_id": {"$in": part}, member: dates})
            deleted += result.deleted_count
            await asyncio.sleep(DELETING_PAUSE_SECONDS)
        return deleted

    async def _are_known(self, ids: set[str]) -> bool:
        """Whether a document of each id is there."""
        return await self._raw.count_documents({"_id": {"$in": [*ids]}}) == len(ids)

    def _update(self, record: Record[T]) -> UpdateOne:
        gives_way = {f"state.{name}": {"$in": [*values]} for name, values in record.over.items()}
        mine = {"_id": record.id, "workspace_id": record.workspace_id, "removed": None}
        set_, unset = self.collection.codec.replacing(record.state)
        update = {"$set": set_, "$unset": unset} if unset else {"$set": set_}
        return UpdateOne({**mine, **gives_way}, update)


def _differing(member: str, value: str, each_of: str) -> Document:
    differs: Document = {"$exists": True, "$ne": value}
    if each_of:
        return {f"state.{each_of}": {"$elemMatch": {member: differs}}, "removed": None}
    return {f"state.{member}": differs, "removed": None}


def _of_its_id(error: Mapping[str, Any]) -> bool:
    """Of several unique indexes in which a document is a duplicate, the database names any."""
    return [*error.get("keyPattern", ())] == ["_id"]
