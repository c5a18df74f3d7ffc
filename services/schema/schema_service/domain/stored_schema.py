from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.examined import OperationSummary
from schema_service.domain.json_list import JsonList


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSummary:
    """What lists show of a version of a document."""

    id: SchemaId
    workspace_id: WorkspaceId
    title: str
    version: str
    dialect: str | None
    source_url: str | None
    valid: bool
    created_at: datetime
    line_id: SchemaId
    """The first version of the document that this is a version of; its own id for the first."""
    previous_id: SchemaId | None = None
    bundled: bool = False
    """Whether what it refers to at its source URL's origin was, and will be, fetched into it."""
    verified: bool = False
    """Whether the deep verification has ended; its findings are then among the others."""
    origins: tuple[str, ...] | None = None
    """Where its operations are called; None where they are too many, or not known because commit
    b35d436 stored it."""
    other_origins: tuple[str, ...] = ()
    """Where they may be called instead, if the operator allows it. None are known of what an
    earlier release stored."""


REMOVAL_ENDS_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody is deleting the schema: nobody may bind it any more."""

    token: str
    """Of this attempt and no other."""
    since: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether its process must have died: an attempt takes seconds."""
        return now - self.since > REMOVAL_ENDS_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSchema(SchemaSummary):
    """One version of a document: its text never changes, its findings grow when it is verified.

    Compiled again, it keeps the names of its operations.
    """

    digest: str
    """`NewDocument.digest`: the same again is the same schema."""
    media_type: str
    size: int
    """Of the text, in bytes."""
    findings: JsonList
    more_findings: int
    more_deep: int = 0
    """Those of `more_findings` that are of the deep verification; none are known of what an earlier
    release stored."""
    operations: JsonList
    servers: JsonList = field(default_factory=JsonList)
    """`examination.Server`s at `origins`."""
    compiler: int = 1
    """The version of the compiler that made the operations and the findings."""
    etag: str | None = None
    """What the source URL's server called this text (RFC 9110, 8.8.3)."""
    removal: Removal | None = None

    def summaries(self) -> list[OperationSummary]:
        return [OperationSummary.of(data) for data in self.operations.items()]
