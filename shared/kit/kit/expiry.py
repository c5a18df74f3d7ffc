"""Deletes expired documents where the database had better not do so by itself (decision 20).

MongoDB does, by its TTL indexes. The embedded database's own clean-up cannot be turned off: once a
minute it goes through each collection that has such an index, and answers nobody until it has
synced each deletion to the disk, one by one. There the indexes are plain ones.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.errors import PlatformError
from kit import logs
from kit.documents import Collection
from kit.errors import DatabaseRefused
from kit.mongo import Database, driver_errors
from kit.retention import Forever

log = logs.logger("kit.expiry")
EVERY_SECONDS = 10.0
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
"""No document of ours has an earlier date."""
AGAIN = timedelta(minutes=1)
"""How much of what is done each round looks at again: clocks differ."""
FIRST = timedelta(seconds=1)
SHORTEST = timedelta(milliseconds=100)
LONGEST = timedelta(minutes=10)
"""Of a span that is read at once: after a quiet time, that much of a busy one."""
LONGEST_AT_FIRST = timedelta(days=30)
"""The first time ever: until then the database's own clean-up deleted what had expired."""
AIM = 250
"""Documents of a span: the embedded database answers nobody for 30 ms while it reads them."""
SPANS_A_ROUND = 300
"""Of one collection; others have their turn then."""
SAVED_EVERY = timedelta(minutes=10)


class Expiry:
    """Goes through the dates by which documents expire, in spans that grow and shrink with what is
    found; how far it came is kept in the collection `expiry`, `{_id: "things.settled", until}`.
    """

    kept = Forever("one document an index that expires")

    def __init__(self, database: Database, collections: Sequence[Collection[Any]]) -> None:
        self._progress = database["expiry"]
        self._collections = collections
        self._until: dict[str, datetime] = {}
        self._saved: dict[str, datetime] = {}
        self._spans: dict[str, timedelta] = {}

    async def delete_for_ever(self) -> None:
        while True:
            for collection in self._collections:
                try:
                    await self.delete(collection)
                except (PlatformError, DatabaseRefused) as error:
                    log.warning("expiry_postponed", collection=collection.name, error=repr(error))
            await asyncio.sleep(EVERY_SECONDS)

    async def delete(self, collection: Collection[Any]) -> None:
        now = await collection.now()
        for member, after in collection.expiring.items():
            deleted = await self._delete(collection, member, now - after)
            if deleted:
                log.info("documents_expired", collection=collection.name, documents=deleted)

    async def _delete(self, collection: Collection[Any], member: str, until: datetime) -> int:
        key = f"{collection.name}.{member}"
        begin = await self._begin(key, until)
        longest = LONGEST if key in self._saved else LONGEST_AT_FIRST
        since, deleted = begin - AGAIN, 0
        for _ in range(SPANS_A_ROUND):
            if since >= until:
                break
            again = since < begin
            # Taken out: a span that is not answered in time is not tried again, but a short one.
            span = AGAIN if again else min(self._spans.pop(key, FIRST), longest)
            end = min(since + span, until)
            found = await collection.across_workspaces.delete_between(member, since, end)
            deleted += found
            if not again:
                self._spans[key] = next_span(end - since, found, longest)
            since = self._until[key] = end
        await self._save(key)
        return deleted

    async def _begin(self, key: str, until: datetime) -> datetime:
        """Never later than what expires now: the clock may have been ahead, or the time for which
        documents are kept shorter.
        """
        if key not in self._until:
            with driver_errors():
                kept = await self._progress.find_one({"_id": key})
            self._until[key] = kept["until"] if kept else SINCE
            if kept:
                self._saved[key] = kept["until"]
        self._until[key] = min(self._until[key], until)
        return self._until[key]

    async def _save(self, key: str) -> None:
        until, saved = self._until[key], self._saved.get(key)
        if saved is None or not saved <= until < saved + SAVED_EVERY:
            with driver_errors(writing=True):
                await self._progress.replace_one({"_id": key}, {"until": until}, upsert=True)
            self._saved[key] = until


def next_span(span: timedelta, found: int, longest: timedelta = LONGEST) -> timedelta:
    """So long that it has AIM documents, if the next time is as busy; twice as long at most."""
    wanted = span * 2 if found == 0 else span * min(2.0, AIM / found)
    return max(SHORTEST, min(longest, wanted))
