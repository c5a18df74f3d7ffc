"""Fakes of the catalog's ports. The contract suite runs against the stores here and in MongoDB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from catalog_service.domain.definition import NO_SERVER_VALUES, Definition, ServerValues
from catalog_service.domain.errors import ActionNotFound, GptNotFound
from catalog_service.domain.gpt import Gpt, Version, version_id
from catalog_service.ports import SignInsChecked
from contracts.access import EVERYBODY, Level
from contracts.errors import NotFound, Unavailable
from contracts.fact import Fact
from contracts.ids import ActionId, GptId, MemberId, SchemaId, WorkspaceId
from contracts.principal import Principal, Role, Via
from contracts.requests import (
    ActionProblem,
    HostRefusal,
    MembersChecked,
    OperationBrief,
    SchemaBrief,
    WorkspaceSettings,
)
from kit.documents import Overtaken
from kit.errors import NotInForce
from kit.testing import RecordedFacts

NO_DOMAINS = "No domains are allowed by your workspace's settings."


def principal(member_id: str = "mem_1", role: Role = Role.OWNER, workspace_id: str = "ws_1"):
    return Principal(
        WorkspaceId(workspace_id), MemberId(member_id), role, Via.TOKEN, frozenset(), None, "tok_1"
    )


BUILDER = principal("mem_1", Role.BUILDER)


@dataclass
class MemoryGpts:
    facts: RecordedFacts = field(default_factory=RecordedFacts)
    late: bool = False
    """Whether a fact could not be published yet."""
    _gpts: dict[tuple[WorkspaceId, GptId], Gpt] = field(default_factory=dict)
    _removed: set[tuple[WorkspaceId, GptId]] = field(default_factory=set)

    async def read(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Gpt:
        gpt = self._gpts.get((workspace_id, gpt_id))
        if gpt is None:
            raise GptNotFound
        return gpt

    async def read_by_action(self, workspace_id: WorkspaceId, action_id: ActionId) -> Gpt:
        for gpt in self._within(workspace_id):
            if any(action.id == action_id for action in gpt.draft.actions):
                return gpt
        for gpt in self._within(workspace_id):
            if any(held.action_id == action_id for held in gpt.held or ()):
                return gpt
        raise ActionNotFound

    async def unfinished(self, after: str, limit: int) -> list[Gpt]:
        later = (gpt for gpt in self._gpts.values() if gpt.id > after)
        found = [gpt for gpt in later if gpt.owner is None or gpt.held is None]
        return sorted(found, key=lambda gpt: gpt.id)[:limit]

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        text: str = "",
        visible_to: MemberId | None = None,
        *,
        published: bool | None = None,
    ) -> list[Gpt]:
        newest_first = sorted(self._within(workspace_id), key=lambda gpt: gpt.id, reverse=True)
        return [
            gpt
            for gpt in newest_first
            if any(text.casefold() in seen.casefold() for seen in _seen(gpt, visible_to))
            and (not after or gpt.id < after)
            and published in {None, gpt.published is not None}
        ][: limit + 1]

    async def using(self, workspace_id: WorkspaceId, schema_id: SchemaId, limit: int) -> list[Gpt]:
        return [
            gpt
            for gpt in self._within(workspace_id)
            if any(
                _uses(definition, schema_id)
                for definition in (
                    gpt.draft,
                    *([gpt.published.definition] if gpt.published else ()),
                )
            )
        ][:limit]

    async def add(self, gpt: Gpt, *facts: Fact) -> None:
        self._gpts[(gpt.workspace_id, gpt.id)] = gpt
        await self._publish(facts)

    async def change(self, seen: Gpt, changed: Gpt, *facts: Fact) -> None:
        await self._expect(seen)
        self._gpts[(seen.workspace_id, seen.id)] = changed
        await self._publish(facts)

    async def remove(self, seen: Gpt, *facts: Fact) -> None:
        await self._expect(seen)
        del self._gpts[(seen.workspace_id, seen.id)]
        self._removed.add((seen.workspace_id, seen.id))
        await self._publish(facts)

    async def ensure_in_force(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        if self.late:
            raise NotInForce

    async def removed_lately(self, workspace_id: WorkspaceId, gpt_id: GptId) -> bool:
        return (workspace_id, gpt_id) in self._removed

    def _within(self, workspace_id: WorkspaceId) -> list[Gpt]:
        return [gpt for (owner, _), gpt in self._gpts.items() if owner == workspace_id]

    async def _expect(self, seen: Gpt) -> None:
        stored = self._gpts.get((seen.workspace_id, seen.id))
        if stored is None or stored.revision != seen.revision:
            raise Overtaken

    async def _publish(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            await self.facts.publish(fact)


def _uses(definition: Definition, schema_id: SchemaId) -> bool:
    return any(action.schema_id == schema_id for action in definition.actions)


def _seen(gpt: Gpt, member_id: MemberId | None) -> list[str]:
    """The names and descriptions by which this member finds it."""
    views = {(member_id, Level.VIEW), (member_id, Level.EDIT)} & {*gpt.entries}
    definitions = []
    if member_id is None or gpt.owner == member_id or views:
        definitions.append(gpt.draft)
    if gpt.published and (member_id is None or {EVERYBODY, member_id} & {*gpt.visible_to}):
        definitions.append(gpt.published.definition)
    return [text for each in definitions for text in (each.name, each.description)]


@dataclass
class MemoryVersions:
    _versions: dict[tuple[WorkspaceId, str], Version] = field(default_factory=dict)

    async def keep(self, workspace_id: WorkspaceId, version: Version) -> None:
        self._versions.setdefault((workspace_id, version.id), version)

    async def find(self, workspace_id: WorkspaceId, gpt_id: GptId, number: int) -> Version | None:
        return self._versions.get((workspace_id, version_id(gpt_id, number)))

    async def forget_before(self, workspace_id: WorkspaceId, gpt_id: GptId, number: int) -> None:
        for key, version in list(self._versions.items()):
            mine = key[0] == workspace_id and version.gpt_id == gpt_id
            if mine and version.number < number:
                del self._versions[key]

    async def using(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, limit: int, after: str | None
    ) -> list[Version]:
        found = [
            version
            for (owner, id_), version in self._versions.items()
            if owner == workspace_id
            and _uses(version.definition, schema_id)
            and (not after or id_ < after)
        ]
        return sorted(found, key=lambda version: version.id, reverse=True)[:limit]

    async def page(
        self, workspace_id: WorkspaceId, gpt_id: GptId, limit: int, after: str | None
    ) -> list[Version]:
        kept = [
            version
            for (owner, id_), version in self._versions.items()
            if owner == workspace_id and version.gpt_id == gpt_id and (not after or id_ < after)
        ]
        return sorted(kept, key=lambda version: version.id, reverse=True)[: limit + 1]

    async def forget(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        for key, version in list(self._versions.items()):
            if key[0] == workspace_id and version.gpt_id == gpt_id:
                del self._versions[key]


@dataclass
class ScriptedSchemas:
    """Knows the schemas it was given, each in one workspace."""

    known: dict[tuple[WorkspaceId, SchemaId], SchemaBrief] = field(default_factory=dict)
    asked: list[ServerValues] = field(default_factory=list)

    async def read(
        self,
        workspace_id: WorkspaceId,
        schema_id: SchemaId,
        names: Sequence[str],
        server: ServerValues = NO_SERVER_VALUES,
    ) -> SchemaBrief:
        self.asked.append(server)
        brief = self.known.get((workspace_id, schema_id))
        if brief is None:
            raise NotFound("There is nothing here.", code="schema.schema_not_found")
        return brief_of(brief, names)


@dataclass
class ScriptedMembers:
    """Every workspace has these members; away, it answers nobody."""

    known: set[str] = field(default_factory=set)
    asked: list[Sequence[MemberId]] = field(default_factory=list)
    away: bool = False
    users: set[str] = field(default_factory=set)

    async def oldest_owner(self, workspace_id: WorkspaceId) -> MemberId | None:
        return min((MemberId(each) for each in self.known), default=None)

    async def check(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId]
    ) -> MembersChecked:
        self.asked.append(member_ids)
        if self.away and member_ids:
            raise Unavailable("identity does not answer.", code="platform.unreachable")
        return MembersChecked(
            unknown=tuple(each for each in member_ids if each not in self.known),
            users=tuple(each for each in member_ids if each in self.users),
        )


@dataclass
class ScriptedHosts:
    """Refuses every host that is not `allowed`; one code where nothing is, another else."""

    allowed: set[str] = field(default_factory=set)
    unique: bool = False
    enabled: bool = True

    async def switches(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        return WorkspaceSettings(
            revision=0,
            custom_actions_enabled=self.enabled,
            unique_hosts=self.unique,
            first_call_asks=True,
        )

    async def refused(
        self, workspace_id: WorkspaceId, hosts: Sequence[str]
    ) -> Sequence[HostRefusal]:
        return tuple(self._refusal(host) for host in hosts if host not in self.allowed)

    def _refusal(self, host: str) -> HostRefusal:
        if not self.allowed:
            return HostRefusal(host=host, code="policy.no_domains_allowed", sentence=NO_DOMAINS)
        sentence = f"{host} is not among the domains that your workspace allows."
        return HostRefusal(host=host, code="policy.domain_not_allowed", sentence=sentence)


@dataclass
class ScriptedSignIns:
    """Knows of no problem but the given ones."""

    known: dict[ActionId, ActionProblem] = field(default_factory=dict)
    asked: list[Mapping[ActionId, Sequence[str]]] = field(default_factory=list)
    unset: set[ActionId] = field(default_factory=set)

    async def check(
        self, workspace_id: WorkspaceId, origins_of: Mapping[ActionId, Sequence[str]]
    ) -> SignInsChecked:
        self.asked.append(origins_of)
        problems = tuple(self.known[each] for each in origins_of if each in self.known)
        return SignInsChecked(problems, frozenset(self.unset))


def brief_of(brief: SchemaBrief, names: Sequence[str]) -> SchemaBrief:
    """The operations that `schema.read_schema` answers with: those named, or what is ready."""
    chosen = [one for one in brief.operations if (one.name in names if names else one.ready)]
    return brief.model_copy(update={"operations": tuple(chosen[:128])})


def schema(*operations: OperationBrief, schema_id: str = "sch_1", title: str = "Pets"):
    return SchemaBrief(
        schema_id=SchemaId(schema_id),
        title=title,
        origins=tuple({operation.origin for operation in operations}),
        operations=operations,
        total=len(operations),
    )


def operation(
    name: str,
    *,
    origin: str = "https://api.example.com",
    ready: bool = True,
    source_digest: str | None = None,
):
    return OperationBrief(
        operation_id=name,
        name=name,
        method="GET",
        path=f"/{name}",
        origin=origin,
        consequential=False,
        ready=ready,
        source_digest=sha256(name.encode()).hexdigest() if source_digest is None else source_digest,
    )


def many_operations(count: int) -> tuple[OperationBrief, ...]:
    return tuple(operation(f"op{number}") for number in range(count))
