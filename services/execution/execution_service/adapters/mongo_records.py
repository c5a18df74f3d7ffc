from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from contracts.fact import Fact
from contracts.facts import InvocationFinished, InvocationStarted, Outcome
from contracts.ids import InvocationId, WorkspaceId
from execution_service.domain.invocation import InvocationRecord
from kit.documents import Collection, Stored
from kit.mongo import Database, Document, driver_errors
from kit.outbox import Outbox

DUPLICATE_KEY = 11000


class MongoRecords:
    """The audit trail: one document an invocation, written in batches.

    A finished fact replaces what a started one left, and *unknown* gives way to any known outcome,
    so the order and number of deliveries do not matter.
    """

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._records = Collection(database, "invocations", outbox, swept_by=("outcome", "at"))

    @property
    def collections(self) -> Sequence[Collection]:
        return (self._records,)

    async def record(self, facts: Sequence[Fact]) -> None:
        merged: dict[str, Document] = {}
        for fact in facts:
            document = _document_of(fact)
            known = merged.get(document["_id"])
            if known is None or _replaces(document["state"], known["state"]):
                merged[document["_id"]] = document
        await self._write(list(merged.values()))

    async def _write(self, documents: list[Document]) -> None:
        """Most are new: insert them all, then update those that were there."""
        with driver_errors():
            try:
                await self._records.raw.bulk_write(
                    [InsertOne(document) for document in documents], ordered=False
                )
            except BulkWriteError as failed:
                errors = failed.details["writeErrors"]
                if any(error["code"] != DUPLICATE_KEY for error in errors):
                    raise
                again = [documents[error["index"]] for error in errors]
                await self._records.raw.bulk_write(
                    [_update(document) for document in again], ordered=False
                )

    async def find(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId
    ) -> InvocationRecord | None:
        stored = await self._records.within(workspace_id).find(invocation_id)
        return _record(stored) if stored else None

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[InvocationRecord]:
        return [_record(s) for s in await self._records.within(workspace_id).page(limit, after)]

    async def orphans(self, started_before: datetime, limit: int) -> list[InvocationRecord]:
        with driver_errors():
            cursor = self._records.raw.find(
                {"state.outcome": None, "state.at": {"$lt": started_before}}
            ).limit(limit)
            return [_record(Stored.of(document)) async for document in cursor]


def _document_of(fact: Fact) -> Document:
    assert isinstance(fact, InvocationStarted | InvocationFinished)  # noqa: S101 - all it consumes
    state = fact.model_dump(mode="json", exclude={"workspace_id", "invocation_id"})
    state["at"] = fact.time
    return {
        "_id": fact.invocation_id,
        "workspace_id": fact.workspace_id,
        "revision": 1,
        "state": {"outcome": None, "code": "started", **state},
    }


def _replaces(new: dict[str, Any], old: dict[str, Any]) -> bool:
    return old["outcome"] is None or (old["outcome"] == Outcome.UNKNOWN and new["outcome"])


def _update(document: Document) -> UpdateOne:
    state = document["state"]
    replaceable = [None, Outcome.UNKNOWN.value] if state["outcome"] else []
    return UpdateOne(
        {"_id": document["_id"], "state.outcome": {"$in": replaceable}}, {"$set": {"state": state}}
    )


def _record(stored: Stored) -> InvocationRecord:
    state = stored.state
    return InvocationRecord(
        id=InvocationId(stored.id),
        workspace_id=stored.workspace_id,
        member_id=state["member_id"],
        gpt_id=state["gpt_id"],
        action_id=state["action_id"],
        operation=state["operation"],
        method=state["method"],
        host=state["host"],
        arguments_hash=state["arguments_hash"],
        outcome=Outcome(state["outcome"]) if state["outcome"] else None,
        code=state["code"],
        status=state.get("status"),
        response_bytes=state.get("response_bytes"),
        duration_ms=state.get("duration_ms"),
        at=state["at"],
    )
