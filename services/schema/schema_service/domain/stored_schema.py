from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.examined import OperationSummary


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """One version of a document: its text never changes, its findings grow when it is verified."""

    id: SchemaId
    workspace_id: WorkspaceId
    digest: str
    """`NewDocument.digest`: the same again is the same schema."""
    title: str
    version: str
    dialect: str | None
    source_url: str | None
    media_type: str
    valid: bool
    findings: tuple[dict[str, Any], ...]
    more_findings: int
    operations: tuple[OperationSummary, ...]
    created_at: datetime
    line_id: SchemaId
    """The first version of the document that this is a version of; its own id for the first."""
    previous_id: SchemaId | None = None
    etag: str | None = None
    """What the source URL's server called this text (RFC 9110, 8.8.3)."""
    bundled: bool = False
    """Whether what it refers to at its source URL's origin was, and will be, fetched into it."""
    verified: bool = False
    """Whether the deep verification has ended; its findings are then among the others."""
