"""Schemas in MongoDB: the document's text in compressed pieces, its operations in bundles.

The pieces come first, under a mark in `unfinished` that says so; a schema is seen from its one last
write on. What a crash leaves between is a mark, and pieces that nobody can ask for.
"""

import asyncio
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson

from contracts.facts import SchemaStored, SchemaVerified
from contracts.ids import SchemaId, WorkspaceId
from kit.documents import ChangedMeanwhile, Collection, Stored, Unique
from kit.errors import DatabaseUnavailable
from kit.mongo import Database, Document, Taken, driver_errors
from kit.outbox import Outbox
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary
from schema_service.domain.stored_schema import StoredSchema

PIECE_BYTES = 900 * 1024
"""Below the 1 MB that a document may have by our own rule."""


class MongoSchemas:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._schemas = Collection(
            database, "schemas", outbox, unique=(Unique(("digest",)),), sorted_by=("line_id",)
        )
        self._pieces = Collection(database, "pieces", outbox, sorted_by=("schema_id",))
        self._unfinished = Collection(database, "unfinished", outbox)

    @property
    def collections(self) -> Sequence[Collection]:
        return (self._schemas, self._pieces, self._unfinished)

    async def add(
        self, schema: StoredSchema, raw: bytes, compiled: dict[str, bytes], fact: SchemaStored
    ) -> None:
        pieces = await asyncio.to_thread(_pieces, schema, raw, compiled)
        mark = {"since": schema.created_at}
        await self._unfinished.within(schema.workspace_id).add(schema.id, mark)
        with driver_errors():
            for piece in pieces:
                await self._pieces.raw.replace_one({"_id": piece["_id"]}, piece, upsert=True)
        try:
            await self._schemas.within(schema.workspace_id).add(schema.id, _state(schema), fact)
        except Taken:
            await self._remove_pieces(schema.workspace_id, schema.id)
            await self._unmark(schema.id)
            raise
        with suppress(DatabaseUnavailable):  # it is stored; the mark is taken away later
            await self._unmark(schema.id)

    async def remove_unfinished(self, before: datetime, limit: int) -> int:
        with driver_errors():
            cursor = self._unfinished.raw.find({"state.since": {"$lte": before}}).limit(limit)
            marks = [Stored.of(document) async for document in cursor]
        for mark in marks:
            if await self._schemas.within(mark.workspace_id).find(mark.id) is None:
                await self._remove_pieces(mark.workspace_id, SchemaId(mark.id))
            await self._unmark(SchemaId(mark.id))
        return len(marks)

    async def _remove_pieces(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> None:
        with driver_errors():
            await self._pieces.raw.delete_many(
                {"workspace_id": workspace_id, "state.schema_id": schema_id}
            )

    async def _unmark(self, schema_id: SchemaId) -> None:
        with driver_errors():
            await self._unfinished.raw.delete_one({"_id": schema_id})

    async def replace_findings(
        self, seen: StoredSchema, verified: StoredSchema, fact: SchemaVerified
    ) -> None:
        within = self._schemas.within(seen.workspace_id)
        stored = await within.find(seen.id)
        if stored is None or stored.state["verified"]:
            return
        with suppress(ChangedMeanwhile):  # another replica verified it too
            await within.change(stored, _state(verified), fact)

    async def find(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema | None:
        stored = await self._schemas.within(workspace_id).find(schema_id)
        return _schema(stored) if stored else None

    async def find_by_digest(self, workspace_id: WorkspaceId, digest: str) -> StoredSchema | None:
        stored = await self._schemas.within(workspace_id).find_by(digest=digest)
        return _schema(stored) if stored else None

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[StoredSchema]:
        return [
            _schema(each) for each in await self._schemas.within(workspace_id).page(limit, after)
        ]

    async def line(
        self, workspace_id: WorkspaceId, line_id: SchemaId, limit: int
    ) -> list[StoredSchema]:
        found = await self._schemas.within(workspace_id).page(limit, None, line_id=line_id)
        return [_schema(each) for each in found[:limit]]

    async def text(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bytes:
        pieces = await self._read_pieces(workspace_id, {"schema_id": schema_id, "kind": "text"})
        if not pieces:
            raise SchemaNotFound
        compressed = b"".join(piece["data"] for piece in pieces)
        return await asyncio.to_thread(zlib.decompress, compressed)

    async def compiled(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> dict[str, bytes]:
        wanted = {"schema_id": schema_id, "kind": "operations", "names": {"$in": [*names]}}
        found: dict[str, bytes] = {}
        for piece in await self._read_pieces(workspace_id, wanted):
            texts = orjson.loads(zlib.decompress(piece["data"]))
            found |= {name: texts[name].encode() for name in names if name in texts}
        return found

    async def _read_pieces(
        self, workspace_id: WorkspaceId, wanted: dict[str, Any]
    ) -> list[dict[str, Any]]:
        query = {f"state.{member}": value for member, value in wanted.items()}
        with driver_errors():
            cursor = self._pieces.raw.find({"workspace_id": workspace_id, **query}).sort("_id", 1)
            return [piece["state"] async for piece in cursor]


def _pieces(schema: StoredSchema, raw: bytes, compiled: dict[str, bytes]) -> list[Document]:
    """Beside the event loop, which compressing 16 MB would hold up for half a second."""
    return [*_text_pieces(schema, zlib.compress(raw, 6)), *_operation_pieces(schema, compiled)]


def _piece(schema: StoredSchema, kind: str, number: int, state: dict[str, Any]) -> Document:
    return {
        "_id": f"{schema.id}/{kind}/{number:04}",
        "workspace_id": schema.workspace_id,
        "revision": 1,
        "state": {"schema_id": schema.id, "kind": kind, **state},
    }


def _text_pieces(schema: StoredSchema, compressed: bytes) -> Iterator[Document]:
    for number, start in enumerate(range(0, len(compressed), PIECE_BYTES)):
        yield _piece(schema, "text", number, {"data": compressed[start : start + PIECE_BYTES]})


def _operation_pieces(schema: StoredSchema, compiled: dict[str, bytes]) -> Iterator[Document]:
    """Several operations a piece, so that a large API is dozens of documents, not thousands."""
    bundle: dict[str, str] = {}
    size = number = 0
    for name, text in compiled.items():
        if bundle and size + len(text) > PIECE_BYTES:
            yield _bundle(schema, number, bundle)
            bundle, size, number = {}, 0, number + 1
        bundle[name] = text.decode()
        size += len(text)
    if bundle:
        yield _bundle(schema, number, bundle)


def _bundle(schema: StoredSchema, number: int, texts: dict[str, str]) -> Document:
    data = zlib.compress(orjson.dumps(texts), 6)
    return _piece(schema, "operations", number, {"names": list(texts), "data": data})


def _state(schema: StoredSchema) -> Document:
    """Findings and summaries compressed: thousands of operations still fit one document."""
    summaries = [asdict(operation) for operation in schema.operations]
    return {
        "digest": schema.digest,
        "title": schema.title,
        "version": schema.version,
        "dialect": schema.dialect,
        "source_url": schema.source_url,
        "media_type": schema.media_type,
        "valid": schema.valid,
        "findings": zlib.compress(orjson.dumps(schema.findings)),
        "more_findings": schema.more_findings,
        "operations": zlib.compress(orjson.dumps(summaries)),
        "created_at": schema.created_at,
        "line_id": schema.line_id,
        "previous_id": schema.previous_id,
        "etag": schema.etag,
        "bundled": schema.bundled,
        "verified": schema.verified,
    }


def _schema(stored: Stored) -> StoredSchema:
    state = stored.state
    summaries = orjson.loads(zlib.decompress(state["operations"]))
    return StoredSchema(
        id=SchemaId(stored.id),
        workspace_id=stored.workspace_id,
        digest=state["digest"],
        title=state["title"],
        version=state["version"],
        dialect=state["dialect"],
        source_url=state["source_url"],
        media_type=state["media_type"],
        valid=state["valid"],
        findings=tuple(orjson.loads(zlib.decompress(state["findings"]))),
        more_findings=state["more_findings"],
        operations=tuple(
            OperationSummary(**{**each, "verdict": Verdict(each["verdict"])}) for each in summaries
        ),
        created_at=state["created_at"],
        line_id=SchemaId(state["line_id"]),
        previous_id=state["previous_id"],
        etag=state["etag"],
        bundled=state["bundled"],
        verified=state["verified"],
    )
