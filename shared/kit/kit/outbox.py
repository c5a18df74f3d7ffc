"""State and the facts about it commit in one document; this publishes them, and what a crash left.

A fact may be published twice (by the writer and a sweep, or by two sweeps): JetStream drops the
second by its id, and consumers are idempotent beyond that window.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from contracts.errors import PlatformError
from contracts.fact import FACTS, Fact
from contracts.request import MAX_MESSAGE_BYTES
from kit import logs, metrics, trace
from kit.backoff import Backoff
from kit.errors import BusUnavailable, FactRefused, NotInForce

log = logs.logger("kit.outbox")

SWEEP_EVERY_SECONDS = 1.0
GRACE = timedelta(seconds=1)
"""How long a writer has to publish its own facts before a sweep does it for him."""
SWEEP_BATCH = 100
MAX_REFUSED_SECONDS = 10.0
"""How long at most a document waits for its next attempt whose fact JetStream refused."""
MAX_UNANSWERED_SECONDS = 2.0
"""The same where nobody answered: a broker that is back shall have it within three seconds."""
MAX_SILENCE_SECONDS = 1.0
"""How long no fact of a subject is tried of which nobody answered: the broker may not permit it.

Shorter than the document waits that met the silence, so that others of the subject get their turn.
"""
MAX_UNREADABLE_SECONDS = 300.0
"""The same for a document that cannot be read: only another release helps."""
Packed = dict[str, Any]


class Outboxed(Protocol):
    """A collection whose documents carry facts (`kit.documents.Collection`)."""

    @property
    def name(self) -> str: ...

    def left_behind(self, grace: timedelta) -> AsyncGenerator[dict[str, Any], None]:
        """`{_id, outbox, …}` of those whose facts wait longer than that, oldest first."""
        ...

    async def forget_facts(self, id_: str, fact_ids: Sequence[str]) -> None: ...


class FactPublisher(Protocol):
    """Publishes facts; returns once JetStream has them, raises *unavailable* where it does not."""

    @property
    def connected(self) -> bool: ...

    async def publish(self, fact: Fact) -> None: ...


def packed_of(fact: Fact) -> Packed:
    """Raises ValueError here, before anything is committed, for what could never be published."""
    data = fact.model_dump_json()
    if len(data.encode()) > MAX_MESSAGE_BYTES:
        raise ValueError(f"{fact.subject} is {len(data)} characters; store it, send a reference")
    return {
        "id": fact.id,
        "subject": fact.subject,
        "time": fact.time.isoformat(),
        "traceparent": fact.traceparent or trace.current(),
        "data": data,
    }


def unpacked(packed: Packed) -> Fact:
    fact = FACTS[packed["subject"]].model_validate_json(packed["data"])
    return fact.model_copy(
        update={
            "id": packed["id"],
            "time": datetime.fromisoformat(packed["time"]),
            "traceparent": packed["traceparent"],
        }
    )


def _voids(packed: Packed) -> bool:
    """A fact that only a newer release has counts as one that does."""
    kind = FACTS.get(packed["subject"])
    return kind is None or kind.voids


def _not_in_force(document: dict[str, Any]) -> NotInForce:
    return NotInForce(None if document.get("removed") else document.get("revision"))


def _cause_of(error: Exception) -> tuple[str, float]:
    """A label for the metric, and the longest wait until the next attempt, in seconds."""
    if isinstance(error, FactRefused):
        return "refused", MAX_REFUSED_SECONDS
    if isinstance(error, PlatformError):
        return "unanswered", MAX_UNANSWERED_SECONDS
    return "unreadable", MAX_UNREADABLE_SECONDS


@dataclass
class Outbox:
    service: str
    publisher: FactPublisher
    _collections: list[Outboxed] = field(default_factory=list)
    _forgetting: set[asyncio.Task[None]] = field(default_factory=set)
    _out: set[str] = field(default_factory=set)
    """Facts that are published and that their documents are about to forget."""
    _backoff: Backoff = field(default_factory=Backoff)

    def serve(self, collection: Outboxed) -> None:
        self._collections.append(collection)

    def packed(self, facts: Sequence[Fact]) -> list[Packed]:
        """As a document carries them. ValueError for what could never be published."""
        return [packed_of(fact) for fact in facts]

    async def release(
        self, collection: Outboxed, document: dict[str, Any], own: Sequence[Fact]
    ) -> None:
        """Publish what was just committed, after what is pending in the document from before.

        A failure costs nothing but time, since the sweep follows; but where a fact of the writer's
        `own` voids what others cached, it raises `NotInForce`.
        """
        if not own:
            return
        left = await self._publish(collection, document, {fact.id: fact for fact in own})
        if any(fact.voids and fact.id in left for fact in own):
            raise _not_in_force(document)

    async def release_all(self, collection: Outboxed, document: dict[str, Any]) -> None:
        """The same for whoever repeats a change: every fact in the document counts."""
        left = await self._publish(collection, document, {})
        if any(_voids(packed) for packed in document.get("outbox", ()) if packed["id"] in left):
            raise _not_in_force(document)

    async def _publish(
        self, collection: Outboxed, document: dict[str, Any], own: Mapping[str, Fact]
    ) -> set[str]:
        """The ids of those that are not out: the first one that fails, and all behind it."""
        waiting = [each for each in document.get("outbox", ()) if each["id"] not in self._out]
        left = [each["id"] for each in waiting]
        try:
            for packed in waiting:
                await self.publisher.publish(own.get(packed["id"]) or unpacked(packed))
                left.remove(packed["id"])
        except PlatformError as error:
            log.warning("facts_left_for_the_sweep", collection=collection.name, code=error.code)
        except Exception:
            log.exception("facts_left_for_the_sweep", collection=collection.name)
        out = [each["id"] for each in waiting if each["id"] not in left]
        if out:
            self._forget_soon(collection, document["_id"], out)
        return {*left}

    def _forget_soon(self, collection: Outboxed, id_: str, fact_ids: Sequence[str]) -> None:
        """Nobody waits until the document forgets what is out."""
        self._out.update(fact_ids)
        forgetting = asyncio.create_task(self._forget(collection, id_, fact_ids))
        self._forgetting.add(forgetting)
        forgetting.add_done_callback(self._forgetting.discard)

    async def _forget(self, collection: Outboxed, id_: str, fact_ids: Sequence[str]) -> None:
        try:
            await collection.forget_facts(id_, fact_ids)
        except PlatformError as error:
            log.warning("facts_left_for_the_sweep", collection=collection.name, code=error.code)
        except Exception:
            log.exception("facts_left_for_the_sweep", collection=collection.name)
        finally:
            self._out.difference_update(fact_ids)

    async def settle(self) -> None:
        """Return once everything that is out is forgotten."""
        while self._forgetting:
            await asyncio.wait([*self._forgetting])

    async def sweep_for_ever(self) -> None:
        """Start with everything: what is pending at start was left by a process that is no more."""
        grace = timedelta(0)
        while True:
            if await self._sweep_all(grace):
                grace = GRACE
            await asyncio.sleep(SWEEP_EVERY_SECONDS)

    async def _sweep_all(self, grace: timedelta) -> bool:
        """False where the broker or the database stopped it."""
        for collection in self._collections:
            try:
                await self.sweep(collection, grace)
            except PlatformError as error:
                log.warning("sweep_postponed", code=error.code)
                return False
            except Exception:
                log.exception("sweep_failed", collection=collection.name)
        return True

    async def sweep(self, collection: Outboxed, grace: timedelta) -> int:
        """Publish what has been pending longer than `grace`; how many facts that were.

        What cannot be published is put off and holds up nothing else. Raises `BusUnavailable` where
        the broker is not connected: nothing else would fare better.
        """
        swept = 0
        async with aclosing(collection.left_behind(grace)) as left_behind:
            async for document in left_behind:
                try:
                    swept += await self._sweep_document(collection, document)
                except PlatformError:  # broker or database: nothing else would fare better
                    raise
                except Exception as error:  # noqa: BLE001 - logged, counted and tried again later
                    key = f"{collection.name}/{document['_id']}"
                    self._put_document_off(
                        key, "unknown", "unreadable", MAX_UNREADABLE_SECONDS, error
                    )
        if swept:
            metrics.facts_swept.labels(self.service).inc(swept)
            log.info("facts_swept", collection=collection.name, facts=swept)
        return swept

    async def _sweep_document(self, collection: Outboxed, document: dict[str, Any]) -> int:
        key = f"{collection.name}/{document['_id']}"
        waiting = document.get("outbox", [])
        if self._backoff.holds(key) or (waiting and self._backoff.holds(waiting[0]["subject"])):
            return 0
        out: list[str] = []
        try:
            for packed in waiting:
                await self.publisher.publish(unpacked(packed))
                out.append(packed["id"])
                self._backoff.clear(packed["subject"])
        except Exception as error:  # noqa: BLE001 - logged, counted and tried again later
            self._failed(key, waiting[len(out)], error)
        else:
            self._backoff.clear(key)
        if out or not waiting:
            await collection.forget_facts(document["_id"], out)
        return len(out)

    def _failed(self, key: str, packed: Packed, error: Exception) -> None:
        """Put the document off; where nobody answered, all whose next fact is of that subject."""
        if not self.publisher.connected:
            raise BusUnavailable from error
        cause, longest = _cause_of(error)
        if cause == "unanswered":
            self._backoff.fail(packed["subject"], MAX_SILENCE_SECONDS)
        self._put_document_off(key, packed["subject"], cause, longest, error)

    def _put_document_off(
        self, key: str, subject: str, cause: str, longest: float, error: Exception
    ) -> None:
        again = self._backoff.fail(key, longest)
        metrics.facts_put_off.labels(self.service, cause).inc()
        log.error(
            "fact_put_off",
            document=key,
            fact=subject,
            cause=cause,
            error=repr(error),
            again_in_seconds=again,
        )
