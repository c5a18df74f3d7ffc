from dataclasses import dataclass

from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore
from policy_service.usecases.commit_rules import commit_rules


@dataclass(frozen=True, slots=True)
class DisallowDomain:
    """Take one domain off the list; calls to it are refused within a second."""

    rules: RuleStore

    async def __call__(self, workspace_id: WorkspaceId, domain: str) -> DomainRules:
        seen = await self.rules.in_force(workspace_id)
        return await commit_rules(self.rules, seen, seen.without(domain))
