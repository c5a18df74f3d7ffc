"""Indexes have names of ours, derived from what they are for and how they are defined, so that a
changed definition has another name than the index that it replaces and those that operators made.

Commit b35d436 and before left the naming to the driver. An index of theirs that is defined as one
of ours is taken as it is; one that was replaced is named by its collection and dropped.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pymongo
from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import IndexModel
from pymongo.errors import OperationFailure

from kit import logs
from kit.mongo import Document, driver_errors

log = logs.logger("kit.indexes")

EXPIRES = ("oa_expires_", "oa_dated_expires_")
"""How the names of indexes begin by which documents expire. Those of the second kind may have come
to delete: a start against a database that does so takes them as they are.
"""
BUILD_SECONDS = 3_600.0
"""Of a large collection's index; every other operation has seconds."""
_CONFLICTS = frozenset({85, 86})  # IndexOptionsConflict, IndexKeySpecsConflict
_INDEX_NOT_FOUND = 27

Found = Mapping[str, Any]
"""An index as `listIndexes` describes it."""


@dataclass(frozen=True, slots=True)
class Index:
    """`meaning` is unique in its collection, and stays when the definition changes."""

    meaning: str
    keys: tuple[tuple[str, int], ...]
    unique: bool = False
    sparse: bool = False
    partial: Mapping[str, Any] | None = None
    """Which documents are in it at all (MongoDB's partialFilterExpression)."""
    expire_after: timedelta | None = None
    """May change without another index: it is no part of the definition."""

    @property
    def dated(self) -> "Index":
        """By the same dates, without deleting anything (`kit.expiry` does)."""
        return replace(self, meaning=f"dated_{self.meaning}", expire_after=None)

    @property
    def prefix(self) -> str:
        return f"oa_{self.meaning}_"

    @property
    def name(self) -> str:
        definition = json.dumps(self._definition, sort_keys=True)
        return self.prefix + hashlib.sha256(definition.encode()).hexdigest()[:8]

    @property
    def _definition(self) -> list[Any]:
        return [list(map(list, self.keys)), self.unique, self.sparse, self.partial or {}]

    def same_as(self, found: Found) -> bool:
        """Does it hold the same entries, for the same queries, whatever its name?"""
        if found.get("collation") or found.get("hidden"):
            return False
        if self.expire_after is None and "expireAfterSeconds" in found:
            return False  # it deletes documents
        return self._definition == [
            [list(pair) for pair in found["key"].items()],
            bool(found.get("unique")),
            bool(found.get("sparse")),
            _plain(found.get("partialFilterExpression", {})),
        ]

    def model(self) -> IndexModel:
        options: Document = {"name": self.name}
        if self.unique:
            options["unique"] = True
        if self.sparse:
            options["sparse"] = True
        if self.partial:
            options["partialFilterExpression"] = dict(self.partial)
        if self.expire_after is not None:
            options["expireAfterSeconds"] = int(self.expire_after.total_seconds())
        return IndexModel(list(self.keys), **options)


async def name_of(collection: AsyncIOMotorCollection[Document], wanted: Index) -> str | None:
    """Under which name the collection has such an index; None where it has none (yet)."""
    async for found in collection.list_indexes():
        if wanted.same_as(found):
            return str(found["name"])
    return None


def _plain(value: Any) -> Any:
    """Without the driver's ordered types, for comparison."""
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    return value


async def migrate(
    collection: AsyncIOMotorCollection[Document],
    wanted: Sequence[Index],
    replaced: frozenset[str] = frozenset(),
) -> int:
    """Make the wanted ones, then drop those that they replace: never a time without either.

    `replaced` are names that earlier releases used. Safe on all replicas at once, and repeated.
    Returns how many were made.
    """
    made = 0
    with driver_errors(), pymongo.timeout(BUILD_SECONDS):
        found = [dict(index) async for index in collection.list_indexes()]
        for index in wanted:
            kept = next((each for each in found if index.same_as(each)), None)
            if kept is None:
                await _make(collection, index, found, replaced)
                made += 1
            else:
                await _keep_expiry(collection, index, kept)
        for old in found:
            if _is_replaced(old, wanted, replaced):
                await _drop(collection, old["name"])
    return made


async def drop_what_deletes(collection: AsyncIOMotorCollection[Document]) -> None:
    """Indexes by which the database deletes documents, whoever made them."""
    with driver_errors():
        found = [dict(index) async for index in collection.list_indexes()]
        for index in found:
            if "expireAfterSeconds" in index:
                await _drop(collection, index["name"])


def _is_replaced(old: Found, wanted: Sequence[Index], replaced: frozenset[str]) -> bool:
    if any(index.same_as(old) for index in wanted):
        return False
    if old["name"].startswith(EXPIRES):  # what is no longer declared must not delete any more
        return True
    of_ours = any(old["name"].startswith(index.prefix) for index in wanted)
    return of_ours or old["name"] in replaced


async def _make(
    collection: AsyncIOMotorCollection[Document],
    index: Index,
    found: Sequence[Found],
    replaced: frozenset[str],
) -> None:
    try:
        await collection.create_indexes([index.model()])
    except OperationFailure as error:
        # The database has no two indexes of the same keys: there the old one must go first.
        same_keys = [
            old
            for old in found
            if _is_replaced(old, (index,), replaced) and tuple(old["key"].items()) == index.keys
        ]
        if error.code not in _CONFLICTS or not same_keys:
            raise
        for old in same_keys:
            await _drop(collection, old["name"])
        await collection.create_indexes([index.model()])
    log.debug("index_made", collection=collection.name, index=index.name)


async def _keep_expiry(
    collection: AsyncIOMotorCollection[Document], index: Index, kept: Found
) -> None:
    """`collMod` changes the time at once; an index that expired nothing may begin to."""
    if index.expire_after is None:
        return
    seconds = int(index.expire_after.total_seconds())
    if kept.get("expireAfterSeconds") == seconds:
        return
    change = {"name": kept["name"], "expireAfterSeconds": seconds}
    await collection.database.command({"collMod": collection.name, "index": change})
    log.info("retention_changed", collection=collection.name, seconds=seconds)


async def _drop(collection: AsyncIOMotorCollection[Document], name: str) -> None:
    try:
        await collection.drop_index(name)
    except OperationFailure as error:  # another replica was faster
        if error.code != _INDEX_NOT_FOUND:
            raise
    log.info("index_dropped", collection=collection.name, index=name)
