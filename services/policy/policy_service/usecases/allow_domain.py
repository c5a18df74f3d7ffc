from dataclasses import dataclass

from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore
from policy_service.usecases.commit_rules import commit_rules


@dataclass(frozen=True, slots=True)
class AllowDomain:
    """Add one domain; allowing what is allowed already changes nothing and states nothing."""

    rules: RuleStore
    limit: int

    async def __call__(self, workspace_id: WorkspaceId, domain: str) -> DomainRules:
        seen = await self.rules.in_force(workspace_id)
        return await commit_rules(self.rules, seen, seen.allowing(domain, self.limit))
