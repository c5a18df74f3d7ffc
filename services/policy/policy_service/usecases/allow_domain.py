from dataclasses import dataclass

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore
from policy_service.usecases.changes.change_in_force import change_in_force


@dataclass(frozen=True, slots=True)
class AllowDomain:
    """Add one domain; where it is listed already, it succeeds, whatever was
    expected, once the list is in force.
    """

    rules: RuleStore
    limit: int
    operators_hosts: frozenset[str] = frozenset()
    """Hosts of the operator's allowed origins: they may be listed whatever their names are."""

    async def __call__(
        self, workspace_id: WorkspaceId, domain: str, expected_revision: int | None = None
    ) -> DomainRules:
        def allow(rules: DomainRules) -> DomainRules:
            return rules.allowing(domain, self.limit, self.operators_hosts)

        return await change_in_force(
            self.rules, DomainsChanged, workspace_id, allow, expected_revision
        )
