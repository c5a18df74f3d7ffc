from dataclasses import dataclass
from functools import partial

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from kit.contention import repeated_on_contention
from kit.documents import ChangedMeanwhile
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class DisallowDomain:
    """Take one domain off the list; where it was before, it succeeds, whatever was
    expected, once that is in force.
    """

    rules: RuleStore

    async def __call__(
        self, workspace_id: WorkspaceId, domain: str, expected_revision: int | None = None
    ) -> DomainRules:
        change = partial(self._change, workspace_id, domain, expected_revision)
        if expected_revision is not None:
            return await change()
        return await repeated_on_contention(change)

    async def _change(
        self, workspace_id: WorkspaceId, domain: str, expected_revision: int | None
    ) -> DomainRules:
        seen = await self.rules.in_force(workspace_id)
        changed = seen.without(domain)
        if changed is seen:
            await self.rules.ensure_in_force(workspace_id)
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        fact = DomainsChanged(workspace_id=workspace_id, revision=changed.revision)
        await self.rules.replace(seen, changed, fact)
        return changed
