"""Schemas in MongoDB: most are one document, in which the text and the operations are compressed.

Those of large ones are in pieces. The pieces come first, under a mark in `unfinished`;
a schema is seen from its one last write on. What a crash leaves between is a mark, and pieces that
nobody can ask for.

Where a document is compiled again, packs of the new version come first, too, beside the old ones;
the schema's document names the version whose packs are read. A crash leaves packs that nobody
reads: the next recompilation of the document deletes them.
"""

import asyncio
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from contracts.facts import SchemaCompiled, SchemaStored, SchemaVerified
from contracts.ids import SchemaId, WorkspaceId
from kit.documents import ChangedMeanwhile, Collection, Stored, SweptBy, Unique, WorkspaceDocuments
from kit.errors import DatabaseUnavailable
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.reading import containing
from kit.retention import Forever, RemovedBy
from schema_service.adapters.schema_states import (
    MARKS,
    PIECES,
    SCHEMAS,
    MarkState,
    PackState,
    PieceState,
    SchemaState,
    compiled_members,
    schema_of,
    state_of,
    summary_of,
    verification_members,
)
from schema_service.domain.errors import RemovalOvertaken, SchemaNotFound
from schema_service.domain.packing import LEVEL, Pack
from schema_service.domain.stored_schema import Removal, SchemaSummary, StoredSchema
from schema_service.ports import Forms, Outdated

PIECE_BYTES = 900 * 1024
"""Below the 1 MB that a document may have by our own rule."""
MAX_READINGS = 3
WHOLE_BYTES = 256 * 1024
"""Text and operations up to here, compressed, are in the schema's document itself."""
NOT_IN_LISTS = ("findings", "operations", "servers", "text", "packs")
"""They may have hundreds of kilobytes."""


class MongoSchemas:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._schemas = Collection(
            database=database,
            name="schemas",
            outbox=outbox,
            codec=SCHEMAS,
            kept=Forever("until a builder deletes one that nothing uses; a text is kept once"),
            unique=(Unique(("digest", "previous_id")),),
            listed_by=("line_id", "title"),
            swept_below=("tried",),
            replaced_indexes=("workspace_id_1_state.digest_1",),
        )
        self._pieces = Collection(
            database=database,
            name="pieces",
            outbox=outbox,
            codec=PIECES,
            kept=RemovedBy("RemoveSchema; RemoveUnfinished, where their schema is not stored"),
            listed_by=("schema_id",),
            filtered_by=("kind", "names", "compiler"),
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
    ) -> bool:
        within = self._schemas.within(seen.workspace_id)
        stored = await within.find(seen.id)
        if stored is None or stored.state.verified:
            return True
        if stored.state.compiler != seen.compiler:
            return False
        try:
            state = replace(stored.state, **verification_members(verified))
            await within.change(stored, state, fact)
        except ChangedMeanwhile:  # another replica verified it too, or compiled it again
            return False
        return True

    async def outdated(self, compiler: int, after: SchemaId | None, limit: int) -> list[Outdated]:
        found = await self._schemas.across_workspaces.below(
            "tried", compiler, after=after or "", limit=limit
        )
        return [Outdated(workspace_id, SchemaId(id_)) for workspace_id, id_ in found]

    async def replace_compiled(
        self,
        seen: StoredSchema,
        again: StoredSchema,
        compiled: Sequence[Pack],
        fact: SchemaCompiled,
        fence: int,
    ) -> bool:
        stored = await self._as_seen(seen)
        if stored is None:
            return False
        packs = tuple(PackState(pack.names, pack.data) for pack in compiled)
        whole = _fits(stored.state.text, compiled)
        pieces = self._pieces.within(seen.workspace_id, fence=fence)
        for id_, piece in () if whole else _pack_pieces(again, packs):
            await pieces.delete(id_)  # of an attempt that broke off
            await pieces.add(id_, piece)
        members = {**compiled_members(again), **verification_members(again)}
        state = replace(stored.state, packs=packs if whole else None, **members)
        try:
            await self._schemas.within(seen.workspace_id, fence=fence).change(stored, state, fact)
        except ChangedMeanwhile:
            return False
        others = {} if whole else {"compiler": {"$ne": again.compiler}}
        await pieces.delete_by(schema_id=seen.id, kind="operations", **others)
        return True

    async def _as_seen(self, seen: StoredSchema) -> Stored[SchemaState] | None:
        """As it is stored, where neither a verification nor a compiler changed it since."""
        stored = await self._schemas.within(seen.workspace_id).find(seen.id)
        if stored is None:
            return None
        now = (stored.state.compiler, stored.state.verified)
        return stored if now == (seen.compiler, seen.verified) else None

    async def note_failure(self, seen: StoredSchema, compiler: int, most: int) -> bool:
        stored = await self._as_seen(seen)
        if stored is None:
            return False
        failures = stored.state.failures + 1
        given_up = failures >= most
        state = replace(
            stored.state,
            failures=0 if given_up else failures,
            tried=compiler if given_up else stored.state.tried,
        )
        with suppress(ChangedMeanwhile):  # it fails again
            await self._schemas.within(seen.workspace_id).change(stored, state)
        return given_up

    async def find(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema | None:
        stored = await self._schemas.within(workspace_id).find(schema_id)
        return schema_of(stored) if stored else None

    async def find_same(
        self, workspace_id: WorkspaceId, digest: str, previous_id: SchemaId | None
    ) -> StoredSchema | None:
        """A text that is new, as most are, costs one question, which the unique index answers: it
        holds what has a `previous_id`, if only null.
        """
        within = self._schemas.within(workspace_id)
        wanted = {"$exists": True} if previous_id is None else previous_id
        stored = await within.find_by(digest=digest, previous_id=wanted)
        if stored is not None and stored.state.previous_id != previous_id:
            stored = await within.find_by(digest=digest, previous_id=previous_id) or stored
        return schema_of(stored) if stored else None

    async def mark_removal(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, removal: Removal
    ) -> None:
        """Again where a verification or a compiler changes the document at the same moment."""
        within = self._schemas.within(workspace_id)
        for _ in range(MAX_READINGS):
            stored = await within.find(schema_id)
            if stored is None:
                raise SchemaNotFound
            marked = replace(stored.state, removing=removal.token, removing_since=removal.since)
            with suppress(ChangedMeanwhile):
                await within.change(stored, marked)
                return
        raise RemovalOvertaken

    async def end_removal(self, workspace_id: WorkspaceId, schema_id: SchemaId, token: str) -> None:
        """With a revision of its own: whoever saw the mark changes nothing any more."""
        within = self._schemas.within(workspace_id)
        for _ in range(MAX_READINGS):
            stored = await within.find(schema_id)
            if stored is None or stored.state.removing != token:
                return
            with suppress(ChangedMeanwhile):
                await within.change(
                    stored, replace(stored.state, removing=None, removing_since=None)
                )
                return

    async def remove(self, workspace_id: WorkspaceId, schema_id: SchemaId, token: str) -> bool:
        """The mark of `unfinished` comes first and stays: a sweep deletes the pieces that a crash
        leaves, or that a recompilation adds at this moment.

        Verification and recompilation may change the document meanwhile; they keep the removal.
        """
        schemas, marks = self._schemas.within(workspace_id), self._unfinished.within(workspace_id)
        with suppress(Taken):
            await marks.add(schema_id, MarkState(datetime.now(UTC)))
        for _ in range(MAX_READINGS):
            stored = await schemas.find(schema_id)
            if stored is None or stored.state.removing != token:
                return False
            with suppress(ChangedMeanwhile):
                await schemas.remove(stored)
                break
        else:
            return False
        with suppress(DatabaseUnavailable):  # it is gone; the sweep deletes the rest
            await self._pieces.within(workspace_id).delete_by(schema_id=schema_id)
        return True

    async def removed_lately(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bool:
        return await self._schemas.within(workspace_id).removed_lately(schema_id)

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None, text: str = ""
    ) -> list[SchemaSummary]:
        within = self._schemas.within(workspace_id)
        titled: dict[str, Any] = {"title": containing(text)} if text else {}
        found = await within.page(limit, after, without=NOT_IN_LISTS, **titled)
        return [summary_of(each) for each in found]

    async def line(
        self, workspace_id: WorkspaceId, line_id: SchemaId, limit: int
    ) -> list[SchemaSummary]:
        within = self._schemas.within(workspace_id)
        found = await within.page(limit, None, without=NOT_IN_LISTS, line_id=line_id)
        return [summary_of(each) for each in found[:limit]]

    async def text(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bytes:
        stored = await self._schemas.within(workspace_id).find(schema_id)
        if stored is None:
            raise SchemaNotFound
        compressed = stored.state.text
        if compressed is None:
            pieces = self._pieces.within(workspace_id).each(schema_id=schema_id, kind="text")
            compressed = b"".join([piece.state.data async for piece in pieces])
        # With the size, zlib does not join pieces, for which it would keep the interpreter lock.
        try:
            return await asyncio.to_thread(zlib.decompress, compressed, bufsize=stored.state.size)
        except zlib.error:
            if await self._schemas.within(workspace_id).find(schema_id) is None:
                raise SchemaNotFound from None  # it was removed while its pieces were read
            raise

    async def forms(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> Forms:
        """Read again where a recompilation took the packs away between the two readings."""
        found = Forms()
        for _ in range(MAX_READINGS):
            stored = await self._schemas.within(workspace_id).find(schema_id)
            if stored is None:
                return Forms()
            if found.compiler == stored.state.compiler:  # the same again: that is all there is
                return found
            packs: Sequence[PackState | PieceState] | None = stored.state.packs
            if packs is None:
                packs = await self._packs_in_pieces(stored, names)
            found = Forms(stored.state.compiler, await _unpacked(packs, names))
            if len(found.texts) == len({*names}):
                break
        return found

    async def _packs_in_pieces(
        self, schema: Stored[SchemaState], names: Sequence[str]
    ) -> list[PieceState]:
        within: WorkspaceDocuments[PieceState] = self._pieces.within(schema.workspace_id)
        wanted = {"schema_id": schema.id, "kind": "operations", "names": {"$in": [*names]}}
        found = [piece.state async for piece in within.each(**wanted)]
        return [each for each in found if each.compiler == schema.state.compiler]


def _prepared(
    schema: StoredSchema, raw: bytes, compiled: Sequence[Pack]
) -> tuple[SchemaState, list[tuple[str, PieceState]]]:
    """Beside the event loop, which compressing 16 MB would hold up for half a second."""
    state, text = state_of(schema), zlib.compress(raw, LEVEL)
    packs = tuple(PackState(pack.names, pack.data) for pack in compiled)
    if _fits(text, compiled):
        return replace(state, text=text, packs=packs), []
    return state, [*_text_pieces(schema, text), *_pack_pieces(schema, packs)]


async def _unpacked(
    packs: Sequence[PackState | PieceState], names: Sequence[str]
) -> dict[str, bytes]:
    """Those of the named operations that are in them, in the order of the names."""
    found: dict[str, bytes] = {}
    for each in packs:
        pack = Pack(each.names, each.data)
        found |= await asyncio.to_thread(pack.unpacked, frozenset(names))
    return {name: found[name] for name in names if name in found}


def _fits(text: bytes | None, compiled: Sequence[Pack]) -> bool:
    """Whether the packs have a place in the schema's document, beside its compressed text."""
    if text is None:
        return False
    return len(text) + sum(len(pack.data) for pack in compiled) <= WHOLE_BYTES


def _pack_pieces(
    schema: StoredSchema, packs: Sequence[PackState]
) -> Iterator[tuple[str, PieceState]]:
    """Their kind is what it was before there were versions: earlier releases read it."""
    for number, pack in enumerate(packs):
        id_ = _piece_id(schema, f"operations.{schema.compiler}", number)
        yield id_, PieceState(schema.id, "operations", pack.data, pack.names, schema.compiler)


def _piece_id(schema: StoredSchema, kind: str, number: int) -> str:
    return f"{schema.id}/{kind}/{number:04}"


def _text_pieces(schema: StoredSchema, compressed: bytes) -> Iterator[tuple[str, PieceState]]:
    for number, start in enumerate(range(0, len(compressed), PIECE_BYTES)):
        piece = PieceState(schema.id, "text", compressed[start : start + PIECE_BYTES])
        yield _piece_id(schema, "text", number), piece
