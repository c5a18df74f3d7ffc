"""What policy needs of the world."""

from typing import Protocol

from contracts.facts import DomainsChanged, SettingsChanged
from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules
from policy_service.domain.workspace_settings import WorkspaceSettings


class RuleStore(Protocol):
    async def in_force(self, workspace_id: WorkspaceId) -> DomainRules:
        """The newest committed rules; a workspace that set none has the closed ones, revision 0."""
        ...

    async def replace(self, seen: DomainRules, rules: DomainRules, fact: DomainsChanged) -> None:
        """Commit rules and fact together; `Overtaken` where `seen` is no longer in force.

        `NotInForce` where they are committed and their fact could not be published.
        """
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        """Publish what is still to be published of its rules; `NotInForce` as above."""
        ...


class SettingsStore(Protocol):
    async def in_force(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        """The newest committed ones; of a workspace that set none the defaults, revision 0."""
        ...

    async def replace(
        self, seen: WorkspaceSettings, changed: WorkspaceSettings, fact: SettingsChanged
    ) -> None:
        """Commit settings and fact together; raises as `RuleStore.replace`."""
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        """Publish what is still to be published of them; `NotInForce` as above."""
        ...
