"""Encrypted values in stored documents, whosever they are: for changing keys, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.ids import WorkspaceId
from kit.documents import Collection
from kit.key_ring import Place, Sealed
from kit.stored import Stored


@dataclass(frozen=True, slots=True)
class SealedRecord:
    place: Place
    sealed: Sealed
    path: str = ""
    """Where in the record's state it is."""


class SealedRecords(Protocol):
    async def sealed_with_other_keys(
        self, key_id: str, after: str, limit: int
    ) -> Sequence[SealedRecord]:
        """Those of up to `limit` documents that are not under `key_id`, ordered by the documents'
        ids and beginning behind `after`.
        """
        ...

    async def count_with_other_keys(self, key_id: str) -> int:
        """Documents that have any."""
        ...

    async def rewrapped(self, record: SealedRecord, sealed: Sealed) -> bool:
        """Swap the envelope of a record; False where somebody replaced the secret meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class SealedMember:
    """One member of a collection's states: an object with `key_id` and `envelope`, such as a
    `Sealed`. With `each_of` it is a member of each element of that list.

    Sealed for `Place(workspace, collection, document's id, field)`; `field` is the member's name
    where nothing else is said.
    """

    collection: Collection[Any]
    member: str
    each_of: str = ""
    field: str = ""
    schema_version: int = 1

    async def sealed_with_other_keys(
        self, key_id: str, after: str, limit: int
    ) -> Sequence[SealedRecord]:
        found = await self.collection.across_workspaces.differing(
            f"{self.member}.key_id", key_id, each_of=self.each_of, after=after, limit=limit
        )
        return [
            record
            for stored in found
            for record in self._records(stored)
            if record.sealed.key_id != key_id
        ]

    async def count_with_other_keys(self, key_id: str) -> int:
        return await self.collection.across_workspaces.count_differing(
            f"{self.member}.key_id", key_id, each_of=self.each_of
        )

    async def rewrapped(self, record: SealedRecord, sealed: Sealed) -> bool:
        within = self.collection.within(WorkspaceId(record.place.workspace_id))
        return await within.swap(
            record.place.record_id,
            {f"{record.path}.envelope": record.sealed.envelope},
            {f"{record.path}.envelope": sealed.envelope, f"{record.path}.key_id": sealed.key_id},
        )

    def _records(self, stored: Stored[Any]) -> Iterator[SealedRecord]:
        field = self.field or self.member
        place = Place(
            stored.workspace_id, self.collection.name, stored.id, field, self.schema_version
        )
        for path, held in self._members(self.collection.codec.write(stored.state)):
            if held is not None:
                yield SealedRecord(place, Sealed(held["key_id"], held["envelope"]), path)

    def _members(self, state: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        if not self.each_of:
            yield self.member, state.get(self.member)
            return
        for index, element in enumerate(state.get(self.each_of) or ()):
            yield f"{self.each_of}.{index}.{self.member}", element.get(self.member)
