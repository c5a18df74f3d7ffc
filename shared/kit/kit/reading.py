"""Reading one workspace's documents of one collection."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ASCENDING, DESCENDING

from contracts.ids import WorkspaceId
from kit.errors import NothingHere
from kit.mongo import Document, driver_errors
from kit.stored import Stored

if TYPE_CHECKING:
    from kit.documents import Collection

T = TypeVar("T")


def containing(part: str) -> Document:
    """A filter for texts with that part in them, in either case; nothing in it is an operator."""
    return {"$regex": re.escape(part), "$options": "i"}


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """Foreign and absent look the same."""

    collection: "Collection[T]"
    workspace_id: WorkspaceId

    @property
    def _raw(self) -> AsyncIOMotorCollection[Document]:
        return self.collection._raw  # noqa: SLF001 - the collection's other half

    def _filter(self, more: Mapping[str, Any]) -> Document:
        return {**more, "workspace_id": self.workspace_id, "removed": None}

    def _with(self, members: Mapping[str, Any]) -> Document:
        """A filter by members of the state, `__` for a dot; each must be declared."""
        known = {
            *self.collection.listed_by,
            *self.collection.filtered_by,
            *(name for unique in self.collection.unique for name in unique.members),
        }
        wanted = {member.replace("__", "."): value for member, value in members.items()}
        if unknown := wanted.keys() - known:
            raise ValueError(f"{self.collection.name} has no index by {', '.join(sorted(unknown))}")
        return {f"state.{member}": value for member, value in wanted.items()}

    def _covered(self, wanted: Mapping[str, Any]) -> Document:
        """With what the collection's indexes by members begin with, and no more."""
        if self.collection.only_recorded:
            return {**wanted, "workspace_id": self.workspace_id}
        return self._filter(wanted)

    async def find(self, id_: str) -> Stored[T] | None:
        with driver_errors():
            found = await self._raw.find_one(self._filter({"_id": id_}))
        return self.collection.stored(found) if found else None

    async def read(self, id_: str) -> Stored[T]:
        found = await self.find(id_)
        if found is None:
            raise NothingHere
        return found

    async def find_by(self, **members: Any) -> Stored[T] | None:
        with driver_errors():
            found = await self._raw.find_one(self._filter(self._with(members)))
        return self.collection.stored(found) if found else None

    async def known(self, ids: Sequence[str], **members: Any) -> frozenset[str]:
        """Those of these ids that there are, with such members; a caller bounds how many."""
        wanted = {**self._with(members), "_id": {"$in": [*ids]}}
        with driver_errors():
            found = self._raw.find(self._filter(wanted), {"_id": True})
            return frozenset([document["_id"] async for document in found])

    async def page(
        self,
        limit: int,
        after: str | None,
        *,
        down_to: str | None = None,
        without: Sequence[str] = (),
        any_of: Sequence[Mapping[str, Any]] = (),
        **members: Any,
    ) -> list[Stored[T]]:
        """Up to `limit + 1` documents, newest first; one more than asked for shows a next page.

        `down_to` is the least id to look at. `without` are members of the state that a list does
        not show and need not be read: they have their defaults. Of `any_of`, filters by members,
        one at least holds.
        """
        wanted = self._with(members)
        if any_of:
            wanted["$or"] = [self._with(each) for each in any_of]
        if ids := {op: id_ for op, id_ in (("$lt", after), ("$gte", down_to)) if id_}:
            wanted["_id"] = ids
        mine = self._covered(wanted) if wanted.keys() - {"_id"} else self._filter(wanted)
        with driver_errors():
            unread = {f"state.{member}": False for member in without}
            found_ones = self._raw.find(mine, unread or None)
            cursor = found_ones.sort("_id", DESCENDING)
            return [self.collection.stored(found) async for found in cursor.limit(limit + 1)]

    async def each(self, **members: Any) -> AsyncIterator[Stored[T]]:
        """All of them, in the order of their ids."""
        with driver_errors():
            cursor = self._raw.find(self._filter(self._with(members))).sort("_id", ASCENDING)
            async for found in cursor:
                yield self.collection.stored(found)

    async def count(self, **members: Any) -> int:
        with driver_errors():
            return await self._raw.count_documents(self._filter(self._with(members)))

    async def count_between(self, least: str, before: str, most: int, /, **members: Any) -> int:
        """How many with these members have an id from `least` on and less than `before`; `most`,
        which is at least 1, where they are as many or more, and then no others are looked at.

        The members are one of `listed_by`, or together one of `counted_by`.
        """
        indexes = [{each} for each in self.collection.listed_by]
        indexes += [{*each} for each in self.collection.counted_by]
        if members.keys() not in indexes:
            raise ValueError(f"{self.collection.name} has no index of {sorted(members)}")
        span = {"$gte": least, "$lt": before}
        wanted = self._covered({**self._with(members), "_id": span})
        with driver_errors():
            return await self._raw.count_documents(wanted, limit=most)
