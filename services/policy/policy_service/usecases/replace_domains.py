from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import WorkspaceId
from kit.documents import ChangedMeanwhile
from policy_service.domain.domain_rules import DomainRules, Mode
from policy_service.ports import RuleStore
from policy_service.usecases.commit_rules import commit_rules


@dataclass(frozen=True, slots=True)
class ReplaceDomains:
    """Set all of a workspace's rules at once; `expected_revision` guards against lost updates.

    Setting what is set succeeds whatever was expected (RFC 9110, 13.1.1): it was applied before.
    """

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
        changed = seen.replaced(mode, domains, self.limit)
        if changed is not seen and expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        return await commit_rules(self.rules, seen, changed)
