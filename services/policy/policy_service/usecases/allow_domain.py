from dataclasses import dataclass
from functools import partial

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from kit.contention import repeated_on_contention
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class AllowDomain:
    """Add one domain; where it is listed already, it succeeds once the list is in force."""

    rules: RuleStore
    limit: int

    async def __call__(self, workspace_id: WorkspaceId, domain: str) -> DomainRules:
        return await repeated_on_contention(partial(self._change, workspace_id, domain))

    async def _change(self, workspace_id: WorkspaceId, domain: str) -> DomainRules:
        seen = await self.rules.in_force(workspace_id)
        changed = seen.allowing(domain, self.limit)
        if changed is seen:
            await self.rules.ensure_in_force(workspace_id)
            return seen
        fact = DomainsChanged(workspace_id=workspace_id, revision=changed.revision)
        await self.rules.replace(seen, changed, fact)
        return changed
