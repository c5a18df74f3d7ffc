from dataclasses import dataclass, field

from contracts.facts import DomainsChanged, SettingsChanged
from contracts.ids import WorkspaceId
from kit.documents import Overtaken
from kit.errors import NotInForce
from kit.testing import RecordedFacts
from policy_service.domain.domain_rules import DomainRules
from policy_service.domain.workspace_settings import WorkspaceSettings


@dataclass
class MemoryRules:
    """`RuleStore` in memory; the contract suite runs against it and against MongoDB."""

    facts: RecordedFacts = field(default_factory=RecordedFacts)
    _rules: dict[WorkspaceId, DomainRules] = field(default_factory=dict)

    async def in_force(self, workspace_id: WorkspaceId) -> DomainRules:
        return self._rules.get(workspace_id, DomainRules(workspace_id))

    async def replace(self, seen: DomainRules, rules: DomainRules, fact: DomainsChanged) -> None:
        if self._rules.get(seen.workspace_id, DomainRules(seen.workspace_id)) != seen:
            raise Overtaken
        self._rules[rules.workspace_id] = rules
        await self.facts.publish(fact)

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        """Here a change is in force from the moment it is made."""


@dataclass
class MemorySettings:
    """`SettingsStore` in memory; the contract suite runs against it and against MongoDB."""

    facts: RecordedFacts = field(default_factory=RecordedFacts)
    late: bool = False
    """Whether a fact could not be published yet."""
    _settings: dict[WorkspaceId, WorkspaceSettings] = field(default_factory=dict)

    async def in_force(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        return self._settings.get(workspace_id, WorkspaceSettings(workspace_id))

    async def replace(
        self, seen: WorkspaceSettings, changed: WorkspaceSettings, fact: SettingsChanged
    ) -> None:
        if await self.in_force(seen.workspace_id) != seen:
            raise Overtaken
        self._settings[changed.workspace_id] = changed
        await self.facts.publish(fact)

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        if self.late:
            raise NotInForce
