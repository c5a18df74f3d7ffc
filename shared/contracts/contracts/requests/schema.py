from contracts.ids import SchemaId, WorkspaceId
from contracts.request import Reply, Request


class OperationBrief(Reply):
    operation_id: str
    name: str
    method: str
    path: str
    origin: str
    consequential: bool
    ready: bool
    source_digest: str = ""
    """SHA-256 (hex) of the document, the operation and the builder's choices; not of the compiler.

    Empty where a replica of the release before answers."""
    anonymous: bool = False
    """It is called without credentials (`security: []`)."""


class SchemaBrief(Reply):
    """What binding a schema to an action needs to know."""

    schema_id: SchemaId
    title: str
    origins: tuple[str, ...]
    operations: tuple[OperationBrief, ...]
    """At most 128, in document order; `total` counts all."""
    total: int


class ReadSchema(Request[SchemaBrief], name="schema.read_schema"):
    """A schema's operations in brief: those named, or the first 128 that are ready."""

    workspace_id: WorkspaceId
    schema_id: SchemaId
    names: tuple[str, ...] = ()


class OperationsText(Reply):
    """A slice of the JSON text of an array of compiled operations (`contracts.operation`)."""

    text: str
    next_offset: int | None = None
    """Where the next slice starts, in characters; None at the end."""


class ReadOperations(Request[OperationsText], name="schema.read_operations"):
    """Compiled operations by name. They never change, so the answer may be kept for ever.

    Sliced, because one operation of a large API can be larger than a message may be.
    """

    workspace_id: WorkspaceId
    schema_id: SchemaId
    names: tuple[str, ...]
    offset: int = 0
