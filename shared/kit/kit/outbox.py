"""State and the facts about it commit in one document; this publishes them, and what a crash left.

A fact may be published twice (by the writer and a sweep, or by two sweeps): JetStream drops the
second by its id, and consumers are idempotent beyond that window.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from contracts.errors import PlatformError
from contracts.fact import FACTS, Fact
from contracts.request import MAX_MESSAGE_BYTES
from kit import logs, metrics, trace

log = logs.logger("kit.outbox")

SWEEP_EVERY_SECONDS = 1.0
GRACE = timedelta(seconds=2)
"""How long a writer has to publish its own facts before a sweep does it for him."""
SWEEP_BATCH = 100


class Outboxed(Protocol):
    """A collection whose documents carry facts (`kit.documents.Collection`)."""

    @property
    def name(self) -> str: ...

    async def left_behind(self, before: datetime, limit: int) -> list[dict[str, Any]]: ...

    async def forget_facts(self, id_: str, fact_ids: Sequence[str]) -> None: ...


class FactPublisher(Protocol):
    """States facts; returns once JetStream has them, raises *unavailable* where it does not."""

    async def publish(self, fact: Fact) -> None: ...


def _pack(fact: Fact) -> dict[str, Any]:
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


def _unpack(packed: dict[str, Any]) -> Fact:
    fact = FACTS[packed["subject"]].model_validate_json(packed["data"])
    return fact.model_copy(
        update={
            "id": packed["id"],
            "time": datetime.fromisoformat(packed["time"]),
            "traceparent": packed["traceparent"],
        }
    )


@dataclass
class Outbox:
    service: str
    publisher: FactPublisher
    _collections: list[Outboxed] = field(default_factory=list)
    _forgetting: dict[asyncio.Task[None], tuple[str, str]] = field(default_factory=dict)
    """Which document of which collection each is about."""

    def serve(self, collection: Outboxed) -> None:
        self._collections.append(collection)

    def pending(self, facts: Sequence[Fact]) -> dict[str, Any]:
        """The members a document carries until these facts are out; none for no facts."""
        if not facts:
            return {}
        return {"outbox": [_pack(fact) for fact in facts], "outbox_since": datetime.now(UTC)}

    async def release(
        self, collection: Outboxed, id_: str, facts: Sequence[Fact], *, forget_first: bool = False
    ) -> None:
        """Publish what was just committed. A failure costs nothing but time: the sweep follows.

        Only with `forget_first` does it wait for the document to forget them: one more write.
        """
        if not facts:
            return
        try:
            for fact in facts:
                await self.publisher.publish(fact)
        except PlatformError as error:
            log.warning("facts_left_for_the_sweep", collection=collection.name, code=error.code)
            return
        if forget_first:
            await self._forget(collection, id_, facts)
            await self._settle((collection.name, id_))  # what earlier changes of it published
            return
        forgetting = asyncio.create_task(self._forget(collection, id_, facts))
        self._forgetting[forgetting] = (collection.name, id_)
        forgetting.add_done_callback(self._forgetting.pop)

    async def settle(self) -> None:
        """Return once everything that is out is forgotten."""
        while self._forgetting:
            await asyncio.wait([*self._forgetting])

    async def _settle(self, document: tuple[str, str]) -> None:
        """Of one document only: others may never come to rest."""
        mine = [task for task, about in self._forgetting.items() if about == document]
        if mine:
            await asyncio.wait(mine)

    async def _forget(self, collection: Outboxed, id_: str, facts: Sequence[Fact]) -> None:
        try:
            await collection.forget_facts(id_, [fact.id for fact in facts])
        except PlatformError as error:
            log.warning("facts_left_for_the_sweep", collection=collection.name, code=error.code)
        except Exception:
            log.exception("facts_left_for_the_sweep", collection=collection.name)

    async def sweep_for_ever(self) -> None:
        """Start with everything: what is pending at start was left by a process that is no more."""
        grace = timedelta(0)
        while True:
            try:
                for collection in self._collections:
                    await self.sweep(collection, grace)
                grace = GRACE
            except PlatformError as error:
                log.warning("sweep_postponed", code=error.code)
            except Exception:
                log.exception("sweep_failed")
            await asyncio.sleep(SWEEP_EVERY_SECONDS)

    async def sweep(self, collection: Outboxed, grace: timedelta) -> int:
        """Publish what has been pending longer than `grace`; how many facts that were."""
        swept = 0
        for document in await collection.left_behind(datetime.now(UTC) - grace, SWEEP_BATCH):
            try:
                swept += await self._sweep_document(collection, document)
            except PlatformError:
                raise  # nothing else would fare better at the moment
            except Exception:  # one document that cannot be read does not hold up the others
                log.exception("sweep_failed", collection=collection.name, id=document["_id"])
        if swept:
            metrics.facts_swept.labels(self.service).inc(swept)
            log.info("facts_swept", collection=collection.name, facts=swept)
        return swept

    async def _sweep_document(self, collection: Outboxed, document: dict[str, Any]) -> int:
        packed = document.get("outbox", [])
        for entry in packed:
            await self.publisher.publish(_unpack(entry))
        await collection.forget_facts(document["_id"], [entry["id"] for entry in packed])
        return len(packed)
