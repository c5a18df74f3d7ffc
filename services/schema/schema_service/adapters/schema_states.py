"""What is stored of a schema, in three kinds of documents. `zlib` compressed all that is bytes."""

import zlib
from dataclasses import dataclass
from datetime import datetime

from kit.codec import Codec

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
    findings: bytes = NO_ITEMS
    more_findings: int = 0
    operations: bytes = NO_ITEMS
    text: bytes | None = None
    """None, as `packs`, where it is in pieces."""
    packs: tuple[PackState, ...] | None = None


@dataclass(frozen=True, slots=True)
class PieceState:
    """A slice of the text, or a pack of compiled operations."""

    schema_id: str
    kind: str
    data: bytes
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkState:
    """Stands for a schema whose pieces are being written."""

    since: datetime


SCHEMAS = Codec(SchemaState)
PIECES = Codec(PieceState)
MARKS = Codec(MarkState)
