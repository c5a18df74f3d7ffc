from collections.abc import Sequence
from dataclasses import dataclass

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules, Mode
from policy_service.ports import RuleStore
from policy_service.usecases.changes.change_in_force import change_in_force


@dataclass(frozen=True, slots=True)
class ReplaceDomains:
    """Set all of a workspace's rules at once; `expected_revision` guards against lost updates.

    Setting what is set succeeds whatever was expected (RFC 9110, 13.1.1): it was applied before.
    """

    rules: RuleStore
    limit: int
    operators_hosts: frozenset[str] = frozenset()
    """Hosts of the operator's allowed origins: they may be listed whatever their names are."""

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        mode: Mode,
        domains: Sequence[str],
        expected_revision: int | None,
    ) -> DomainRules:
        def replace(rules: DomainRules) -> DomainRules:
            return rules.replaced(mode, domains, self.limit, self.operators_hosts)

        return await change_in_force(
            self.rules, DomainsChanged, workspace_id, replace, expected_revision
        )
