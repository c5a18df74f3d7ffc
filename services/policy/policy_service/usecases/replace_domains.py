from collections.abc import Sequence
from dataclasses import dataclass

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from kit.documents import ChangedMeanwhile
from policy_service.domain.domain_rules import DomainRules, Mode
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class ReplaceDomains:
    """Set all of a workspace's rules at once; `expected_revision` guards against lost updates."""

    rules: RuleStore
    limit: int

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        mode: Mode,
        domains: Sequence[str],
        expected_revision: int | None,
    ) -> DomainRules:
        seen = await self.rules.in_force(workspace_id)
        if expected_revision is not None and expected_revision != seen.revision:
            raise ChangedMeanwhile
        changed = seen.replaced(mode, domains, self.limit)
        fact = DomainsChanged(workspace_id=workspace_id, revision=changed.revision)
        await self.rules.replace(seen, changed, fact)
        return changed
