"""What is stored of a schema, in three kinds of documents. `zlib` compressed all that is bytes."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.ids import SchemaId
from kit.codec import Codec
from kit.documents import Stored
from schema_service.domain.json_list import JsonList
from schema_service.domain.stored_schema import Removal, SchemaSummary, StoredSchema

NO_ITEMS = zlib.compress(b"[]")


@dataclass(frozen=True, slots=True)
class PackState:
    """Compiled operations, several together."""

    names: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaState:
    digest: str
    title: str
    version: str
    media_type: str
    size: int
    """Of the text, in bytes."""
    created_at: datetime
    valid: bool
    verified: bool = False
    dialect: str | None = None
    source_url: str | None = None
    line_id: str | None = None
    """None: its own id."""
    previous_id: str | None = None
    etag: str | None = None
    bundled: bool = False
    compiler: int = 1
    """What made `operations`, `packs` and `findings`."""
    tried: int = 1
    """The highest version of the compiler that need not be tried any more."""
    failures: int = 0
    """How often the version above `tried` failed."""
    origins: tuple[str, ...] | None = None
    other_origins: tuple[str, ...] = ()
    servers: bytes = NO_ITEMS
    findings: bytes = NO_ITEMS
    more_findings: int = 0
    more_deep: int = 0
    operations: bytes = NO_ITEMS
    text: bytes | None = None
    """None, as `packs`, where it is in pieces."""
    packs: tuple[PackState, ...] | None = None
    removing: str | None = None
    """The token of whoever is deleting it."""
    removing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PieceState:
    """A slice of the text, or a pack of compiled operations."""

    schema_id: str
    kind: str
    data: bytes
    names: tuple[str, ...] = ()
    compiler: int = 1
    """Of a pack."""


@dataclass(frozen=True, slots=True)
class MarkState:
    """Stands for a schema whose pieces are being written."""

    since: datetime


SCHEMAS = Codec(SchemaState, replaced=("packs",))
PIECES = Codec(PieceState)
MARKS = Codec(MarkState)


def state_of(schema: StoredSchema) -> SchemaState:
    """Findings and summaries compressed: thousands of operations still fit one document."""
    return SchemaState(
        digest=schema.digest,
        title=schema.title,
        version=schema.version,
        dialect=schema.dialect,
        source_url=schema.source_url,
        media_type=schema.media_type,
        size=schema.size,
        **compiled_members(schema),
        created_at=schema.created_at,
        line_id=schema.line_id,
        previous_id=schema.previous_id,
        etag=schema.etag,
        bundled=schema.bundled,
        **verification_members(schema),
    )


def compiled_members(schema: StoredSchema) -> dict[str, Any]:
    """What a version of the compiler made, besides its findings and the compiled forms."""
    return {
        "operations": zlib.compress(schema.operations.text),
        "servers": zlib.compress(schema.servers.text),
        "origins": schema.origins,
        "other_origins": schema.other_origins,
        "compiler": schema.compiler,
        "tried": schema.compiler,
        "failures": 0,
    }


def verification_members(schema: StoredSchema) -> dict[str, Any]:
    """What the deep verification may change."""
    return {
        "valid": schema.valid,
        "findings": zlib.compress(schema.findings.text),
        "more_findings": schema.more_findings,
        "more_deep": schema.more_deep,
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
        "origins": state.origins,
        "other_origins": state.other_origins,
    }


def summary_of(stored: Stored[SchemaState]) -> SchemaSummary:
    return SchemaSummary(**_about(stored))


def schema_of(stored: Stored[SchemaState]) -> StoredSchema:
    state = stored.state
    return StoredSchema(
        **_about(stored),
        digest=state.digest,
        media_type=state.media_type,
        size=state.size,
        findings=JsonList(zlib.decompress(state.findings)),
        more_findings=state.more_findings,
        more_deep=state.more_deep,
        operations=JsonList(zlib.decompress(state.operations)),
        servers=JsonList(zlib.decompress(state.servers)),
        compiler=state.compiler,
        etag=state.etag,
        removal=_removal_of(state),
    )


def _removal_of(state: SchemaState) -> Removal | None:
    if state.removing is None or state.removing_since is None:
        return None
    return Removal(state.removing, state.removing_since)
