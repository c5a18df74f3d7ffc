from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.handover import HandedOver
from contracts.ids import SchemaId, WorkspaceId
from contracts.operation import MAX_SERVER_VALUE
from contracts.request import Reply, Request

MAX_BASE_URL: Final = 2_000
ServerVariables = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=200)],
        Annotated[str, Field(max_length=MAX_SERVER_VALUE)],
    ],
    Field(max_length=50),
]
"""Values of server variables by name, as builders give them."""


class ServerChoice(BaseModel):
    """What the builder says of an action's servers where its document leaves it open."""

    model_config = ConfigDict(frozen=True)

    base_url: str | None = None
    """Where operations are called for which the document names no server that can be."""
    server_variables: dict[str, str] = {}
    """Values of server variables, by their names in the document."""


class BlockingBrief(Reply):
    """The finding, or the refusal of egress, that blocks an operation."""

    code: str
    message: str
    hint: str = ""


class OperationBrief(Reply):
    operation_id: str
    name: str
    method: str
    path: str
    origin: str
    consequential: bool
    ready: bool
    """Whether it may be called now, by the document and by the operator's settings."""
    source_digest: str = ""
    """SHA-256 (hex) of what it is compiled from: the document, the operation in it, the builder's
    choices. The same whatever compiled it. Empty: a release that knows none answered."""
    anonymous: bool = False
    """`Operation.anonymous`."""
    wants_credential: bool = False
    """Whether the document names security schemes for it. False also from the release before."""
    server: str = ""
    """Its base URL, where the question's `server` decides it; empty: as it is compiled."""
    server_variables: tuple[str, ...] = ()
    """The names of its server's variables; only where the question has a `server`."""
    lacks_server: bool = False
    """Whether nothing blocks it but its server. False also from the release before."""
    blocked_by: BlockingBrief | None = None
    """None where it is ready, and where it is not known what blocks it."""


class SchemaBrief(Reply):
    """What binding a schema to an action needs to know."""

    schema_id: SchemaId
    title: str
    origins: tuple[str, ...]
    """Of these operations."""
    operations: tuple[OperationBrief, ...]
    """As many of the chosen ones as a message holds, in document order."""
    total: int
    """Of all operations that the document has."""
    next_offset: int | None = None
    """Where the next page starts, counted in chosen operations; None on the last."""


class ReadSchema(Request[SchemaBrief], name="schema.read_schema"):
    """A schema's operations in brief, in pages: those named, or those that are ready; the first
    128 of them.
    """

    workspace_id: WorkspaceId
    schema_id: SchemaId
    names: tuple[str, ...] = ()
    offset: int = Field(default=0, ge=0)
    """`next_offset` of the page before."""
    server: ServerChoice | None = None
    """As if the document said so. A base URL that may not be called, or a value that a variable
    may not have, is refused; a variable that no operation has counts for nothing."""


class OperationsText(Reply):
    """A slice of the JSON text of an array of compiled operations (`contracts.operation`)."""

    text: str
    next_offset: int | None = None
    """Where the next slice starts, in characters; None at the end."""
    compiler: int = 1
    """The version of the compiler that made these forms. Slices of two versions do not belong
    together: whoever reads one of another version begins anew.
    """
    handed_over: HandedOver | None = None
    """All of the text, as UTF-8, where it is longer than one slice and the question named a
    recipient; `text` is empty then."""


class ReadOperations(Request[OperationsText], name="schema.read_operations"):
    """Compiled operations by name. They may be kept until `schema.compiled` names their schema.

    One operation of a large API can be larger than a message may be: then it is handed over
    (`kit.handover`), or sliced for an asker that names no recipient.
    """

    workspace_id: WorkspaceId
    schema_id: SchemaId
    names: tuple[str, ...]
    offset: int = 0
    recipient: str = ""
    """The asking replica's raw X25519 public key, base64: a long text is handed over to it.
    Empty: a release that reads slices asks."""
    placed: bool = True
    """False: they are called at their own servers, so one that has none is refused with what
    blocks it. True also from the release before."""
