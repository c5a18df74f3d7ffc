"""What the schema service needs of the world."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from contracts.facts import SchemaCompiled, SchemaStored, SchemaVerified
from contracts.ids import SchemaId, WorkspaceId
from contracts.principal import Principal
from contracts.requests import SchemaUses
from contracts.tool_forms.definition import Flavour
from schema_service.domain.bundling.part import Outside, Part
from schema_service.domain.capped_findings import CappedFindings
from schema_service.domain.examined import Examined
from schema_service.domain.json_list import JsonList
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.origin_rules import OriginRules
from schema_service.domain.packing import Pack
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.domain.repairing.repair import Skip
from schema_service.domain.stored_schema import Removal, SchemaSummary, StoredSchema
from schema_service.domain.submission import Submission
from schema_service.domain.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class RepairedDocument:
    """A text with repairs applied, as a JSON string; `skips` are those that were not made."""

    text_json: bytes
    applied: tuple[str, ...]
    skips: tuple[Skip, ...]
    examined: Examined


@dataclass(frozen=True, slots=True)
class RepairOrder:
    """`repairs` as findings hold them: `{title, edits: [{op, pointer, value, needs}]}`; with
    `all_rounds` also what the repaired text's findings offer, until nothing changes.
    """

    repairs: Sequence[dict[str, Any]]
    rules: OriginRules
    source_url: str | None = None
    values: NeededValues = NO_VALUES
    all_rounds: bool = False


@dataclass(frozen=True, slots=True)
class CompiledBefore:
    """Operations (`OperationSummary`), and the JSON texts of those that can be called."""

    operations: JsonList
    forms: tuple[bytes, ...] = ()


class Examiner(Protocol):
    """Work on documents. None of it holds up the event loop; beyond its processor time or memory
    each ends with `ExaminationTooLong`. Where all processes are busy, workspaces are served in
    turn; one that has its share of documents waiting gets `ShareExceeded`. `ExaminersBusy` says
    that the line is full, or that a document waited too long, `ExaminationStalled` that the machine
    gave its process too little, `ExaminersUnavailable` that none starts, and of these
    `ExaminationKilled` that what had begun was killed.
    """

    async def unwrap(self, workspace_id: WorkspaceId, body: bytes) -> Submission: ...

    async def examine(
        self,
        workspace_id: WorkspaceId,
        raw: bytes,
        source_url: str | None,
        *,
        compiled: bool = False,
        values: NeededValues = NO_VALUES,
    ) -> Examined:
        """With the compiled operations only if they are to be kept."""
        ...

    async def examine_again(
        self, raw: bytes, source_url: str | None, known: CompiledBefore
    ) -> Examined:
        """With the compiled operations; `known` keep their names and their origins.

        Begins once no document of a workspace waits.
        """
        ...

    async def probe(self, size: int) -> None:
        """Read a document that is nobody's, wherever one of so many bytes may come to be read:
        raises as the others do where it is not read either.
        """
        ...

    async def format(self, workspace_id: WorkspaceId, raw: bytes) -> bytes:
        """The same document, laid out anew; what cannot be read comes back as it is."""
        ...

    async def repair(
        self, workspace_id: WorkspaceId, raw: bytes, order: RepairOrder
    ) -> RepairedDocument:
        """As far as time allows: what was not tried is among the skips."""
        ...

    async def tools(
        self,
        workspace_id: WorkspaceId,
        compiled: Sequence[bytes],
        flavour: Flavour,
        *,
        strict: bool,
    ) -> Toolbox:
        """Of compiled operations as JSON texts."""
        ...

    async def compare(
        self, workspace_id: WorkspaceId, old: Sequence[bytes], new: Sequence[bytes]
    ) -> JsonList:
        """`Change`s. Both sides are compiled operations as JSON texts, in document order."""
        ...


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """`raw` is None where the server said that nothing changed since `etag`."""

    raw: bytes | None
    media_type: str
    etag: str | None
    url: str
    """Where it came from, after redirects: relative servers are resolved against it."""


class Verifier(Protocol):
    async def verify(
        self, workspace_id: WorkspaceId, raw: bytes, findings: Sequence[dict[str, Any]]
    ) -> CappedFindings:
        """The findings given and those of the deep verification, in the order of the text.

        `ExaminationTooLong` beyond processor time or memory.
        """
        ...


@dataclass(frozen=True, slots=True)
class Outdated:
    """A schema that a lower version of the compiler made."""

    workspace_id: WorkspaceId
    schema_id: SchemaId


class RecompilationReport(Protocol):
    def begun(self, waiting: int) -> None:
        """So many documents are of a lower version; none where all are done, or given up."""
        ...

    def ended(self, begun: int, waiting: int) -> None:
        """Of those with which it begun, so many are still waiting: they failed, or the database,
        the broker or the examiners were busy or away.
        """
        ...

    def compiled(self, schema_id: SchemaId, compiler: int) -> None: ...

    def failed(self, schema: Outdated, compiler: int, error: Exception, *, given_up: bool) -> None:
        """It keeps its old form; `given_up` until the compiler's version rises."""
        ...


class WorkspaceHosts(Protocol):
    async def refuse_unlisted(self, workspace_id: WorkspaceId, host: str) -> None:
        """`HostNotListed` where the workspace's domain rules do not allow the host.

        `Unavailable` where nobody says whether they do.
        """
        ...


class DocumentSource(Protocol):
    async def fetch(
        self,
        workspace_id: WorkspaceId,
        url: str,
        *,
        etag: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> FetchedDocument:
        """Through egress, whose refusals are raised; `ImportFailed` where no document came,
        `HostNotListed` where the workspace does not allow the host of a private origin.

        `ImportTooLarge` beyond so many bytes.
        """
        ...


class Bundler(Protocol):
    async def outside(self, workspace_id: WorkspaceId, part: Part, root_url: str) -> Outside:
        """The documents of the root's origin that a part refers to."""
        ...

    async def bundle(self, workspace_id: WorkspaceId, root: Part, parts: Sequence[Part]) -> bytes:
        """The root's text with the parts in it; it may have become larger than may be read."""
        ...


@dataclass(frozen=True, slots=True)
class Forms:
    """The JSON texts of compiled operations by name, and which version of the compiler made them;
    0 where there is no such schema.
    """

    compiler: int = 0
    texts: dict[str, bytes] = field(default_factory=dict)


class SchemaUsers(Protocol):
    async def uses(self, principal: Principal, schema_id: SchemaId) -> SchemaUses:
        """Who uses it: whatever was committed before this was asked counts."""
        ...


class SchemaStore(Protocol):
    async def add(
        self, schema: StoredSchema, raw: bytes, compiled: Sequence[Pack], fact: SchemaStored
    ) -> None:
        """Text and operations first, then schema and fact together: no half schema is seen.

        `Taken` where this text is the next version of the same one already, or begins a line
        already; nothing of this one is then kept.
        """
        ...

    async def remove_unfinished(self, before: datetime, limit: int, fence: int) -> int:
        """What writers that began before then, and never came to an end, left; how many did.

        What somebody with a higher fence is at is left to them.
        """
        ...

    async def find(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema | None: ...

    async def replace_findings(
        self, seen: StoredSchema, verified: StoredSchema, fact: SchemaVerified
    ) -> bool:
        """Findings, validity and the fact together; where it is verified, nothing changes.

        False, and nothing changes, where it was compiled again since it was `seen`: read it again.
        """
        ...

    async def outdated(self, compiler: int, after: SchemaId | None, limit: int) -> list[Outdated]:
        """Of all workspaces, oldest first: what a lower version made and may be tried."""
        ...

    async def replace_compiled(
        self,
        seen: StoredSchema,
        again: StoredSchema,
        compiled: Sequence[Pack],
        fact: SchemaCompiled,
        fence: int,
    ) -> bool:
        """Operations, findings, validity, compiled forms and the fact together.

        False, and nothing changes, where it was changed since it was `seen`: read it again.
        """
        ...

    async def note_failure(self, seen: StoredSchema, compiler: int, most: int) -> bool:
        """That this version could not compile it; True where it has now failed `most` times, after
        which it is no longer `outdated` for this version.
        """
        ...

    async def find_same(
        self, workspace_id: WorkspaceId, digest: str, previous_id: SchemaId | None
    ) -> StoredSchema | None:
        """The next version of `previous_id` with this text.

        Without `previous_id`, whichever has the text; one that begins a line comes first.
        """
        ...

    async def mark_removal(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, removal: Removal
    ) -> None:
        """Until `end_removal`; a later mark takes the place of an earlier one."""
        ...

    async def end_removal(self, workspace_id: WorkspaceId, schema_id: SchemaId, token: str) -> None:
        """Take the mark of that token away: whoever set it removes nothing any more."""
        ...

    async def remove(self, workspace_id: WorkspaceId, schema_id: SchemaId, token: str) -> bool:
        """The schema and all that belongs to it, while the mark is that token's; False where it is
        not.
        """
        ...

    async def removed_lately(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bool:
        """True for one that was removed in the last day."""
        ...

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None, text: str = ""
    ) -> list[SchemaSummary]:
        """Up to `limit + 1`, newest first, with that text in the title, in either case."""
        ...

    async def line(
        self, workspace_id: WorkspaceId, line_id: SchemaId, limit: int
    ) -> list[SchemaSummary]:
        """The versions of a document, newest first."""
        ...

    async def text(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bytes: ...

    async def forms(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> Forms:
        """Those of the named operations that exist, in the order of the names."""
        ...
