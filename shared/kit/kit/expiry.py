"""Deletes expired documents where the database had better not do so by itself (decision 20).

MongoDB does, by its TTL indexes. The embedded database's own clean-up cannot be turned off: once a
minute it goes through each collection that has such an index, and answers nobody until it has
synced each deletion to the disk, one by one. There the indexes are plain ones.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
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
LONGEST = timedelta(hours=1)
"""Of a span that is read at once."""
LOOKED_AHEAD = timedelta(seconds=1)
LOOKS_AHEAD_FROM = timedelta(minutes=1)
"""Of a span that is as long, the last second is read first: after a quiet time, a busy one would be
read at once, as far as the span goes. Missed is what begins and ends within it.
"""
LONGEST_AFTER_NO_ANSWER = timedelta(seconds=10)
"""Within a span that was not answered in time."""
LONGEST_AT_FIRST = timedelta(days=30)
"""The first time ever: until then the database's own clean-up deleted what had expired."""
AIM = 250
"""Documents of a span: the embedded database answers nobody for 30 ms while it reads them."""
SPANS_A_ROUND = 300
"""Of one collection; others have their turn then. An empty one takes some two milliseconds."""
BEHIND_PAUSE_SECONDS = 0.05
"""Between rounds, while there is more than a round can do: after a year, half a minute's worth."""
SAVED_EVERY = timedelta(minutes=10)
LATE_EVERY_SECONDS = 3_600.0
"""How often is looked for what was stored with a date that had expired already, such as a fact that
is replayed. Spans go back from what is done and double where they are empty: some twenty queries.
"""
LATE_AT_FIRST_SECONDS = 60.0
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


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
        self._unanswered: dict[str, datetime] = {}
        """Where a span ended that was not answered."""
        self._behind: set[str] = set()
        self._late_at: dict[str, float] = {}
        """When to look for late ones next."""
        self._late_unanswered: dict[str, tuple[datetime, timedelta]] = {}
        """Where a span of late ones began that was not answered, and how long one may be there."""

    async def delete_for_ever(self) -> None:
        while True:
            postponed = False
            for collection in self._collections:
                try:
                    await self.delete(collection)
                except (PlatformError, DatabaseRefused) as error:
                    log.warning("expiry_postponed", collection=collection.name, error=repr(error))
                    postponed = True
            hurried = self._behind and not postponed
            await asyncio.sleep(BEHIND_PAUSE_SECONDS if hurried else EVERY_SECONDS)

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
        since, deleted, delete = begin - AGAIN, 0, collection.across_workspaces.delete_between
        for _ in range(SPANS_A_ROUND):
            if since >= until:
                break
            again = since < begin
            end = min(since + (AGAIN if again else self._span(key, since, longest)), until)
            if not again and end - since >= LOOKS_AHEAD_FROM:
                ahead = await delete(member, end - LOOKED_AHEAD, end)
                deleted += ahead
                end = min(end, since + max(SHORTEST, as_busy_as(LOOKED_AHEAD, ahead, longest)))
            self._unanswered[key] = max(end, self._unanswered.get(key, end))
            found = await delete(member, since, end)
            deleted += found
            if not again:
                self._spans[key] = next_span(end - since, found, longest)
            if self._unanswered[key] <= end:
                del self._unanswered[key]
            since = self._until[key] = end
        self._note(key, since, until)
        await self._save(key)
        if since >= until:
            deleted += await self._delete_late(collection, member, begin)
        return deleted

    async def _delete_late(self, collection: Collection[Any], member: str, until: datetime) -> int:
        """What has a date before those that are gone through."""
        key = f"{collection.name}.{member}"
        if monotonic() < self._late_at.setdefault(key, monotonic() + LATE_AT_FIRST_SECONDS):
            return 0
        deleted, span = 0, LONGEST
        while until > EARLIEST:
            span = min(span, until - EARLIEST)
            if (failed := self._late_unanswered.get(key)) and until > failed[0]:
                span = min(span, failed[1])
            since = until - span
            try:
                found = await collection.across_workspaces.delete_between(member, since, until)
            except PlatformError:
                self._late_unanswered[key] = since, max(SHORTEST, span / 10)
                raise
            deleted, until = deleted + found, since
            span = next_span(span, found, until - EARLIEST)
        self._late_unanswered.pop(key, None)
        self._late_at[key] = monotonic() + LATE_EVERY_SECONDS
        return deleted

    def _span(self, key: str, since: datetime, longest: timedelta) -> timedelta:
        """Taken out: one that is not answered in time is not tried again, but a short one."""
        if since < self._unanswered.get(key, since):
            longest = LONGEST_AFTER_NO_ANSWER
        return min(self._spans.pop(key, FIRST), longest)

    def _note(self, key: str, since: datetime, until: datetime) -> None:
        """Log once that a round did not come to its end, and once that a later one did."""
        if since >= until:
            if key in self._behind:
                log.info("expiry_caught_up", dates=key)
            self._behind.discard(key)
        elif key not in self._behind:
            log.info("expiry_catching_up", dates=key, since=str(since), until=str(until))
            self._behind.add(key)

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
        self._until[key] = max(SINCE, min(self._until[key], until))
        return self._until[key]

    async def _save(self, key: str) -> None:
        until, saved = self._until[key], self._saved.get(key)
        if saved is None or not saved <= until < saved + SAVED_EVERY:
            with driver_errors(writing=True):
                await self._progress.replace_one({"_id": key}, {"until": until}, upsert=True)
            self._saved[key] = until


def next_span(span: timedelta, found: int, longest: timedelta = LONGEST) -> timedelta:
    """So long that it has AIM documents, if the next time is as busy; twice as long at most."""
    return max(SHORTEST, min(span * 2, as_busy_as(span, found, longest)))


def as_busy_as(span: timedelta, found: int, longest: timedelta) -> timedelta:
    """The length that has AIM documents where `span` has that many; `longest` where it has none."""
    if not found:
        return longest
    return min(longest, span * (AIM / found))
