from dataclasses import dataclass

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class AllowDomain:
    """Add one domain; allowing what is allowed already changes nothing and states nothing."""

    rules: RuleStore
    limit: int

    async def __call__(self, workspace_id: WorkspaceId, domain: str) -> DomainRules:
        seen = await self.rules.in_force(workspace_id)
        changed = seen.allowing(domain, self.limit)
        if changed is not seen:
            fact = DomainsChanged(workspace_id=workspace_id, revision=changed.revision)
            await self.rules.replace(seen, changed, fact)
        return changed
