"""Schemas in MongoDB: most are one document, in which the text and the operations are compressed.

Those of large ones are in pieces. The pieces come first, under a mark in `unfinished` that says so;
a schema is seen from its one last write on. What a crash leaves between is a mark, and pieces that
nobody can ask for.
"""

import asyncio
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.facts import SchemaStored, SchemaVerified
from contracts.ids import SchemaId, WorkspaceId
from kit.documents import ChangedMeanwhile, Collection, Stored, SweptBy, Unique, Within
from kit.errors import DatabaseUnavailable
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever, RemovedBy
from schema_service.adapters.schema_states import (
    MARKS,
    PIECES,
    SCHEMAS,
    MarkState,
    PackState,
    PieceState,
    SchemaState,
)
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
            database=database,
            name="schemas",
            outbox=outbox,
            codec=SCHEMAS,
            kept=Forever(
                "published versions and the audit trail refer to them; a text is kept once"
            ),
            unique=(Unique(("digest", "previous_id")),),
            listed_by=("line_id",),
            replaced_indexes=("workspace_id_1_state.digest_1",),
        )
        self._pieces = Collection(
            database=database,
            name="pieces",
            outbox=outbox,
            codec=PIECES,
            kept=RemovedBy("RemoveUnfinished, where their schema was never stored"),
            listed_by=("schema_id",),
            filtered_by=("kind", "names"),
        )
        self._unfinished = Collection(
            database=database,
            name="unfinished",
            outbox=outbox,
            codec=MARKS,
            kept=RemovedBy("RemoveUnfinished, an hour after a writer died"),
            swept_by=(SweptBy("since"),),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._schemas, self._pieces, self._unfinished)

    async def add(
        self, schema: StoredSchema, raw: bytes, compiled: Sequence[Pack], fact: SchemaStored
    ) -> None:
        state, pieces = await asyncio.to_thread(_prepared, schema, raw, compiled)
        schemas = self._schemas.within(schema.workspace_id)
        if not pieces:
            await schemas.add(schema.id, state, fact)
            return
        marks = self._unfinished.within(schema.workspace_id)
        await marks.add(schema.id, MarkState(schema.created_at))
        own = self._pieces.within(schema.workspace_id)
        for id_, piece in pieces:
            await own.put(id_, piece)
        try:
            await schemas.add(schema.id, state, fact)
        except Taken:
            await own.delete_by(schema_id=schema.id)
            await marks.delete(schema.id)
            raise
        with suppress(DatabaseUnavailable):  # it is stored; the mark is taken away later
            await marks.delete(schema.id)

    async def remove_unfinished(self, before: datetime, limit: int, fence: int) -> int:
        marks = await self._unfinished.across_workspaces.older("since", before, limit)
        for mark in marks:
            with suppress(ChangedMeanwhile):  # its writer's end, or a later holder's work
                await self._remove_what_it_marks(mark, fence)
        return len(marks)

    async def _remove_what_it_marks(self, mark: Stored[MarkState], fence: int) -> None:
        """The mark is ours from its first change on: who held the lease before is refused."""
        marks = self._unfinished.within(mark.workspace_id, fence=fence)
        await marks.change(mark, mark.state)
        if await self._schemas.within(mark.workspace_id).find(mark.id) is None:
            await self._pieces.within(mark.workspace_id).delete_by(schema_id=mark.id)
        await marks.delete(mark.id)

    async def replace_findings(
        self, seen: StoredSchema, verified: StoredSchema, fact: SchemaVerified
    ) -> None:
        within = self._schemas.within(seen.workspace_id)
        stored = await within.find(seen.id)
        if stored is None or stored.state.verified:
            return
        with suppress(ChangedMeanwhile):  # another replica verified it too
            await within.change(stored, replace(stored.state, **_judged(verified)), fact)

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
        compressed = stored.state.text
        if compressed is None:
            pieces = self._pieces.within(workspace_id).each(schema_id=schema_id, kind="text")
            compressed = b"".join([piece.state.data async for piece in pieces])
        # Told the size, zlib does not join pieces, for which it would keep the interpreter lock.
        return await asyncio.to_thread(zlib.decompress, compressed, bufsize=stored.state.size)

    async def compiled(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> dict[str, bytes]:
        stored = await self._schemas.within(workspace_id).find(schema_id)
        if stored is None:
            return {}
        packs: Sequence[PackState | PieceState] | None = stored.state.packs
        if packs is None:
            packs = await self._packs_in_pieces(workspace_id, schema_id, names)
        found: dict[str, bytes] = {}
        for each in packs:
            pack = Pack(each.names, each.data)
            found |= await asyncio.to_thread(pack.unpacked, frozenset(names))
        return {name: found[name] for name in names if name in found}

    async def _packs_in_pieces(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> list[PieceState]:
        within: Within[PieceState] = self._pieces.within(workspace_id)
        wanted = {"schema_id": schema_id, "kind": "operations", "names": {"$in": [*names]}}
        return [piece.state async for piece in within.each(**wanted)]


def _prepared(
    schema: StoredSchema, raw: bytes, compiled: Sequence[Pack]
) -> tuple[SchemaState, list[tuple[str, PieceState]]]:
    """Beside the event loop, which compressing 16 MB would hold up for half a second."""
    state, text = _state(schema), zlib.compress(raw, LEVEL)
    packs = tuple(PackState(pack.names, pack.data) for pack in compiled)
    if len(text) + sum(len(pack.data) for pack in compiled) <= WHOLE_BYTES:
        return replace(state, text=text, packs=packs), []
    pieces = [
        (
            _piece_id(schema, "operations", number),
            PieceState(schema.id, "operations", pack.data, pack.names),
        )
        for number, pack in enumerate(packs)
    ]
    return state, [*_text_pieces(schema, text), *pieces]


def _piece_id(schema: StoredSchema, kind: str, number: int) -> str:
    return f"{schema.id}/{kind}/{number:04}"


def _text_pieces(schema: StoredSchema, compressed: bytes) -> Iterator[tuple[str, PieceState]]:
    for number, start in enumerate(range(0, len(compressed), PIECE_BYTES)):
        piece = PieceState(schema.id, "text", compressed[start : start + PIECE_BYTES])
        yield _piece_id(schema, "text", number), piece


def _state(schema: StoredSchema) -> SchemaState:
    """Findings and summaries compressed: thousands of operations still fit one document."""
    return SchemaState(
        digest=schema.digest,
        title=schema.title,
        version=schema.version,
        dialect=schema.dialect,
        source_url=schema.source_url,
        media_type=schema.media_type,
        size=schema.size,
        operations=zlib.compress(schema.operations.text),
        created_at=schema.created_at,
        line_id=schema.line_id,
        previous_id=schema.previous_id,
        etag=schema.etag,
        bundled=schema.bundled,
        **_judged(schema),
    )


def _judged(schema: StoredSchema) -> dict[str, Any]:
    """What the deep verification may change."""
    return {
        "valid": schema.valid,
        "findings": zlib.compress(schema.findings.text),
        "more_findings": schema.more_findings,
        "verified": schema.verified,
    }


def _about(stored: Stored[SchemaState]) -> dict[str, Any]:
    state = stored.state
    return {
        "id": SchemaId(stored.id),
        "workspace_id": stored.workspace_id,
        "title": state.title,
        "version": state.version,
        "dialect": state.dialect,
        "source_url": state.source_url,
        "valid": state.valid,
        "created_at": state.created_at,
        "line_id": SchemaId(state.line_id or stored.id),
        "previous_id": None if state.previous_id is None else SchemaId(state.previous_id),
        "bundled": state.bundled,
        "verified": state.verified,
    }


def _summary(stored: Stored[SchemaState]) -> SchemaSummary:
    return SchemaSummary(**_about(stored))


def _schema(stored: Stored[SchemaState]) -> StoredSchema:
    state = stored.state
    return StoredSchema(
        **_about(stored),
        digest=state.digest,
        media_type=state.media_type,
        size=state.size,
        findings=JsonList(zlib.decompress(state.findings)),
        more_findings=state.more_findings,
        operations=JsonList(zlib.decompress(state.operations)),
        etag=state.etag,
    )
