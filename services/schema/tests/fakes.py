import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from contracts.errors import Denied, PlatformError
from contracts.facts import SchemaCompiled, SchemaStored, SchemaVerified
from contracts.ids import SchemaId, WorkspaceId
from contracts.operation import Operation
from contracts.principal import Principal
from contracts.requests import SchemaUses
from kit.mongo import Taken
from kit.testing import RecordedFacts
from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.bundling.bundle import bundled
from schema_service.domain.bundling.part import Outside, Part, outside
from schema_service.domain.comparing.diff import differences
from schema_service.domain.compiled_again import compiled_again
from schema_service.domain.errors import ImportFailed, ImportTooLarge, SchemaNotFound
from schema_service.domain.examined import OperationSummary, as_data, examine_text
from schema_service.domain.json_list import JsonList
from schema_service.domain.needed_values import NO_VALUES
from schema_service.domain.packing import Pack
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.domain.repairing.terms import MAX_ROUNDS, Terms
from schema_service.domain.stored_schema import Removal, SchemaSummary, StoredSchema
from schema_service.domain.submission import unwrapped
from schema_service.domain.toolbox import toolbox
from schema_service.ports import FetchedDocument, Forms, Outdated, RepairedDocument
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules


@dataclass
class MemorySchemas:
    """`SchemaStore` in memory; the contract suite runs against it and against MongoDB."""

    facts: RecordedFacts = field(default_factory=RecordedFacts)
    _schemas: dict[SchemaId, StoredSchema] = field(default_factory=dict)
    _texts: dict[SchemaId, bytes] = field(default_factory=dict)
    _packs: dict[SchemaId, Sequence[Pack]] = field(default_factory=dict)
    _failures: dict[SchemaId, int] = field(default_factory=dict)
    _tried: dict[SchemaId, int] = field(default_factory=dict)
    _removed: set[tuple[WorkspaceId, SchemaId]] = field(default_factory=set)

    async def add(
        self, schema: StoredSchema, raw: bytes, compiled: Sequence[Pack], fact: SchemaStored
    ) -> None:
        same = await self.find_same(schema.workspace_id, schema.digest, schema.previous_id)
        if same and same.previous_id == schema.previous_id:
            raise Taken("This already exists.")
        self._schemas[schema.id] = schema
        self._texts[schema.id] = raw
        self._packs[schema.id] = compiled
        await self.facts.publish(fact)

    async def remove_unfinished(self, before: datetime, limit: int, fence: int) -> int:
        """Nothing breaks off in memory."""
        return 0

    async def replace_findings(
        self, seen: StoredSchema, verified: StoredSchema, fact: SchemaVerified
    ) -> bool:
        stored = self._schemas.get(seen.id)
        if stored is None or stored.verified:
            return True
        if stored.compiler != seen.compiler:
            return False
        self._schemas[seen.id] = verified
        await self.facts.publish(fact)
        return True

    async def outdated(self, compiler: int, after: SchemaId | None, limit: int) -> list[Outdated]:
        older = (
            schema
            for schema in sorted(self._schemas.values(), key=lambda schema: schema.id)
            if max(schema.compiler, self._tried.get(schema.id, 1)) < compiler
            and schema.id > (after or "")
        )
        return [Outdated(schema.workspace_id, schema.id) for schema in older][:limit]

    async def replace_compiled(
        self,
        seen: StoredSchema,
        again: StoredSchema,
        compiled: Sequence[Pack],
        fact: SchemaCompiled,
        fence: int,
    ) -> bool:
        if not self._is_as_seen(seen):
            return False
        self._schemas[seen.id], self._packs[seen.id] = again, compiled
        self._failures.pop(seen.id, None)
        await self.facts.publish(fact)
        return True

    def _is_as_seen(self, seen: StoredSchema) -> bool:
        now = self._schemas.get(seen.id)
        return now is not None and (now.compiler, now.verified) == (seen.compiler, seen.verified)

    async def note_failure(self, seen: StoredSchema, compiler: int, most: int) -> bool:
        if not self._is_as_seen(seen):
            return False
        failures = self._failures.get(seen.id, 0) + 1
        if failures < most:
            self._failures[seen.id] = failures
            return False
        self._failures[seen.id], self._tried[seen.id] = 0, compiler
        return True

    async def find(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema | None:
        schema = self._schemas.get(schema_id)
        return schema if schema and schema.workspace_id == workspace_id else None

    async def find_same(
        self, workspace_id: WorkspaceId, digest: str, previous_id: SchemaId | None
    ) -> StoredSchema | None:
        mine = [s for s in self._schemas.values() if s.workspace_id == workspace_id]
        same = [schema for schema in mine if schema.digest == digest]
        next_ones = [schema for schema in same if schema.previous_id == previous_id]
        return next(iter(next_ones if next_ones or previous_id else same), None)

    async def mark_removal(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, removal: Removal
    ) -> None:
        schema = await self.find(workspace_id, schema_id)
        if schema is None:
            raise SchemaNotFound
        self._schemas[schema_id] = replace(schema, removal=removal)

    async def end_removal(self, workspace_id: WorkspaceId, schema_id: SchemaId, token: str) -> None:
        schema = await self.find(workspace_id, schema_id)
        if schema and schema.removal and schema.removal.token == token:
            self._schemas[schema_id] = replace(schema, removal=None)

    async def remove(self, workspace_id: WorkspaceId, schema_id: SchemaId, token: str) -> bool:
        schema = await self.find(workspace_id, schema_id)
        if schema is None or schema.removal is None or schema.removal.token != token:
            return False
        del self._schemas[schema_id], self._texts[schema_id], self._packs[schema_id]
        self._removed.add((workspace_id, schema_id))
        return True

    async def removed_lately(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bool:
        return (workspace_id, schema_id) in self._removed

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None, text: str = ""
    ) -> list[SchemaSummary]:
        mine = [
            _summary(schema)
            for schema in self._schemas.values()
            if schema.workspace_id == workspace_id and text.casefold() in schema.title.casefold()
        ]
        newest_first = sorted(mine, key=lambda schema: schema.id, reverse=True)
        return [s for s in newest_first if after is None or s.id < after][: limit + 1]

    async def line(
        self, workspace_id: WorkspaceId, line_id: SchemaId, limit: int
    ) -> list[SchemaSummary]:
        everything = await self.page(workspace_id, len(self._schemas), None)
        return [schema for schema in everything if schema.line_id == line_id][:limit]

    async def text(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bytes:
        if await self.find(workspace_id, schema_id) is None:
            raise SchemaNotFound
        return self._texts[schema_id]

    async def forms(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> Forms:
        schema = await self.find(workspace_id, schema_id)
        if schema is None:
            return Forms()
        found: dict[str, bytes] = {}
        for pack in self._packs[schema_id]:
            found |= pack.unpacked(frozenset(names))
        texts = {name: found[name] for name in names if name in found}
        return Forms(schema.compiler, texts)


def _summary(schema: StoredSchema) -> SchemaSummary:
    shown = {field.name: getattr(schema, field.name) for field in fields(SchemaSummary)}
    return SchemaSummary(**shown)


class SameProcessExaminer:
    """`Examiner` that holds up the event loop."""

    async def unwrap(self, workspace_id, body):
        return unwrapped(body)

    async def examine(self, workspace_id, raw, source_url, *, compiled=False, values=NO_VALUES):
        return examine_text(raw, source_url=source_url, compiled=compiled, values=values)

    async def examine_again(self, raw, source_url, known):
        summaries = [OperationSummary.of(data) for data in known.operations.items()]
        return compiled_again(raw, source_url, summaries, known.forms)

    async def probe(self, size):
        """All of them are read here."""

    async def repair(self, workspace_id, raw, order):
        rounds = MAX_ROUNDS if order.all_rounds else 1
        terms = Terms(order.source_url, order.values, order.rules, rounds)
        repaired = repair_document(raw.decode(), order.repairs, terms)
        examined = examine_text(repaired.text.encode(), source_url=order.source_url)
        examined = examined.with_first([as_data(each) for each in repaired.unused])
        text = json.dumps(repaired.text).encode()
        return RepairedDocument(text, repaired.applied, repaired.skips, examined)

    async def compare(self, workspace_id, old, new):
        sides = ([Operation.model_validate_json(text) for text in side] for side in (old, new))
        return JsonList.of(differences(*sides))

    async def tools(self, workspace_id, compiled, flavour, *, strict):
        return toolbox(compiled, flavour, strict=strict)


@dataclass
class ScriptedDocuments:
    """`DocumentSource` from a table: URL → (text, ETag); `moved` says where a URL leads,
    `refusals` what asking for it raises.
    """

    pages: dict[str, tuple[str, str]]
    moved: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, PlatformError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(
        self,
        workspace_id: WorkspaceId,
        url: str,
        *,
        etag: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> FetchedDocument:
        self.asked.append(url)
        if url in self.refusals:
            raise self.refusals[url]
        url = self.moved.get(url, url)
        if url not in self.pages:
            raise ImportFailed(404)
        text, current = self.pages[url]
        if len(text) > max_bytes:
            raise ImportTooLarge(url, max_bytes)
        raw = None if etag == current else text.encode()
        return FetchedDocument(raw, "application/yaml", current, url)


class SameProcessBundler:
    async def outside(self, workspace_id: WorkspaceId, part: Part, root_url: str) -> Outside:
        return outside(part, root_url)

    async def bundle(self, workspace_id: WorkspaceId, root: Part, parts: Sequence[Part]) -> bytes:
        return bundled(root, parts)


class ScriptedOrigins:
    """`OriginRules` that refuses the origins it is given, as they are at the moment."""

    def __init__(self, *refused: str) -> None:
        self.refused = set(refused)

    def refusal(self, origin: str) -> PlatformError | None:
        if origin not in self.refused:
            return None
        return Denied(f"No {origin} here.", hint="Ask for it.")

    def is_example(self, origin: str) -> bool:
        return False

    def resembling(self, origin: str) -> str | None:
        return None


def all_allowed() -> ApplyOperatorRules:
    return ApplyOperatorRules(ScriptedOrigins())


@dataclass
class ScriptedUsers:
    """`SchemaUsers` that answers what it is given, after what happens while it is asked."""

    answer: SchemaUses = field(default_factory=lambda: SchemaUses(gpts=(), others=False))
    asked: int = 0
    meanwhile: Callable[[int], Awaitable[None]] | None = None

    async def uses(self, principal: Principal, schema_id: SchemaId) -> SchemaUses:
        self.asked += 1
        if self.meanwhile is not None:
            await self.meanwhile(self.asked)
        return self.answer


@dataclass
class RecordedRecompilations:
    """`RecompilationReport` that keeps what it is told."""

    done: list[tuple[SchemaId, int]] = field(default_factory=list)
    failures: list[tuple[SchemaId, type[Exception], bool]] = field(default_factory=list)
    counts: list[tuple[str | int, ...]] = field(default_factory=list)

    def begun(self, waiting: int) -> None:
        self.counts.append(("begun", waiting))

    def ended(self, begun: int, waiting: int) -> None:
        self.counts.append(("ended", begun, waiting))

    def compiled(self, schema_id: SchemaId, compiler: int) -> None:
        self.done.append((schema_id, compiler))

    def failed(self, schema: Outdated, compiler: int, error: Exception, *, given_up: bool) -> None:
        self.failures.append((schema.schema_id, type(error), given_up))
