"""Schemas in MongoDB: most are one document, in which the text and the operations are compressed.

Those of large ones are in pieces. The pieces come first, under a mark in `unfinished` that says so;
a schema is seen from its one last write on. What a crash leaves between is a mark, and pieces that
nobody can ask for.
"""

import asyncio
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from contracts.facts import SchemaStored, SchemaVerified
from contracts.ids import SchemaId, WorkspaceId
from kit.documents import ChangedMeanwhile, Collection, Stored, Unique
from kit.errors import DatabaseUnavailable
from kit.mongo import Database, Document, Taken, driver_errors
from kit.outbox import Outbox
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import LEVEL, Pack
from schema_service.domain.stored_schema import SchemaSummary, StoredSchema

PIECE_BYTES = 900 * 1024
"""Below the 1 MB that a document may have by our own rule."""
WHOLE_BYTES = 256 * 1024
"""Text and operations up to here, compressed, are in the schema's document itself."""
NOT_IN_LISTS = ("findings", "operations", "text", "packs")
"""They may have hundreds of kilobytes."""


class MongoSchemas:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._schemas = Collection(
            database,
            "schemas",
            outbox,
            unique=(Unique(("digest", "previous_id")),),
            sorted_by=("line_id",),
            replaced_indexes=("workspace_id_1_state.digest_1",),
        )
        self._pieces = Collection(database, "pieces", outbox, sorted_by=("schema_id",))
        self._unfinished = Collection(database, "unfinished", outbox)

    @property
    def collections(self) -> Sequence[Collection]:
        return (self._schemas, self._pieces, self._unfinished)

    async def add(
        self, schema: StoredSchema, raw: bytes, compiled: Sequence[Pack], fact: SchemaStored
    ) -> None:
        state, pieces = await asyncio.to_thread(_prepared, schema, raw, compiled)
        schemas = self._schemas.within(schema.workspace_id)
        if not pieces:
            await schemas.add(schema.id, state, fact)
            return
        mark = {"since": schema.created_at}
        await self._unfinished.within(schema.workspace_id).add(schema.id, mark)
        with driver_errors():
            for piece in pieces:
                await self._pieces.raw.replace_one({"_id": piece["_id"]}, piece, upsert=True)
        try:
            await schemas.add(schema.id, state, fact)
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
            await within.change(stored, {**stored.state, **_judged(verified)}, fact)

    async def find(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema | None:
        stored = await self._schemas.within(workspace_id).find(schema_id)
        return _schema(stored) if stored else None

    async def find_same(
        self, workspace_id: WorkspaceId, digest: str, previous_id: SchemaId | None
    ) -> StoredSchema | None:
        within = self._schemas.within(workspace_id)
        stored = await within.find_by(digest=digest, previous_id=previous_id)
        if stored is None and previous_id is None:
            stored = await within.find_by(digest=digest)
        return _schema(stored) if stored else None

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[SchemaSummary]:
        within = self._schemas.within(workspace_id)
        return [_summary(each) for each in await within.page(limit, after, without=NOT_IN_LISTS)]

    async def line(
        self, workspace_id: WorkspaceId, line_id: SchemaId, limit: int
    ) -> list[SchemaSummary]:
        within = self._schemas.within(workspace_id)
        found = await within.page(limit, None, without=NOT_IN_LISTS, line_id=line_id)
        return [_summary(each) for each in found[:limit]]

    async def text(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bytes:
        stored = await self._schemas.within(workspace_id).find(schema_id)
        if stored is None:
            raise SchemaNotFound
        compressed = stored.state.get("text")
        if compressed is None:
            pieces = await self._read_pieces(workspace_id, {"schema_id": schema_id, "kind": "text"})
            compressed = b"".join(piece["data"] for piece in pieces)
        # Told the size, zlib does not join pieces, for which it would keep the interpreter lock.
        return await asyncio.to_thread(zlib.decompress, compressed, bufsize=stored.state["size"])

    async def compiled(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> dict[str, bytes]:
        stored = await self._schemas.within(workspace_id).find(schema_id)
        if stored is None:
            return {}
        packs = stored.state.get("packs")
        if packs is None:
            wanted = {"schema_id": schema_id, "kind": "operations", "names": {"$in": [*names]}}
            packs = await self._read_pieces(workspace_id, wanted)
        found: dict[str, bytes] = {}
        for each in packs:
            pack = Pack(tuple(each["names"]), each["data"])
            found |= await asyncio.to_thread(pack.unpacked, frozenset(names))
        return {name: found[name] for name in names if name in found}

    async def _read_pieces(
        self, workspace_id: WorkspaceId, wanted: dict[str, Any]
    ) -> list[dict[str, Any]]:
        query = {f"state.{member}": value for member, value in wanted.items()}
        with driver_errors():
            cursor = self._pieces.raw.find({"workspace_id": workspace_id, **query}).sort("_id", 1)
            return [piece["state"] async for piece in cursor]


def _prepared(
    schema: StoredSchema, raw: bytes, compiled: Sequence[Pack]
) -> tuple[Document, list[Document]]:
    """Beside the event loop, which compressing 16 MB would hold up for half a second."""
    state, text = _state(schema), zlib.compress(raw, LEVEL)
    packs = [{"names": list(pack.names), "data": pack.data} for pack in compiled]
    if len(text) + sum(len(pack.data) for pack in compiled) <= WHOLE_BYTES:
        return {**state, "text": text, "packs": packs}, []
    numbered = enumerate(packs)
    pieces = [_piece(schema, "operations", number, pack) for number, pack in numbered]
    return state, [*_text_pieces(schema, text), *pieces]


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


def _state(schema: StoredSchema) -> Document:
    """Findings and summaries compressed: thousands of operations still fit one document."""
    return {
        "digest": schema.digest,
        "title": schema.title,
        "version": schema.version,
        "dialect": schema.dialect,
        "source_url": schema.source_url,
        "media_type": schema.media_type,
        "size": schema.size,
        "operations": zlib.compress(schema.operations.text),
        "created_at": schema.created_at,
        "line_id": schema.line_id,
        "previous_id": schema.previous_id,
        "etag": schema.etag,
        "bundled": schema.bundled,
        **_judged(schema),
    }


def _judged(schema: StoredSchema) -> Document:
    """What the deep verification may change."""
    return {
        "valid": schema.valid,
        "findings": zlib.compress(schema.findings.text),
        "more_findings": schema.more_findings,
        "verified": schema.verified,
    }


def _about(stored: Stored) -> dict[str, Any]:
    state = stored.state
    return {
        "id": SchemaId(stored.id),
        "workspace_id": stored.workspace_id,
        "title": state["title"],
        "version": state["version"],
        "dialect": state["dialect"],
        "source_url": state["source_url"],
        "valid": state["valid"],
        "created_at": state["created_at"],
        "line_id": SchemaId(state["line_id"]),
        "previous_id": state["previous_id"],
        "bundled": state["bundled"],
        "verified": state["verified"],
    }


def _summary(stored: Stored) -> SchemaSummary:
    return SchemaSummary(**_about(stored))


def _schema(stored: Stored) -> StoredSchema:
    state = stored.state
    return StoredSchema(
        **_about(stored),
        digest=state["digest"],
        media_type=state["media_type"],
        size=state["size"],
        findings=JsonList(zlib.decompress(state["findings"])),
        more_findings=state["more_findings"],
        operations=JsonList(zlib.decompress(state["operations"])),
        etag=state["etag"],
    )
