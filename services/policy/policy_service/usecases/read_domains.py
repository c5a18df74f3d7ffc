from dataclasses import dataclass

from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class ReadDomains:
    rules: RuleStore

    async def __call__(self, workspace_id: WorkspaceId) -> DomainRules:
        return await self.rules.in_force(workspace_id)
