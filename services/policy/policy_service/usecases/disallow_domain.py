from dataclasses import dataclass

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore
from policy_service.usecases.changes.change_in_force import change_in_force


@dataclass(frozen=True, slots=True)
class DisallowDomain:
    """Take one domain off the list; where it is off already, it succeeds, whatever was
    expected, once that is in force.
    """

    rules: RuleStore

    async def __call__(
        self, workspace_id: WorkspaceId, domain: str, expected_revision: int | None = None
    ) -> DomainRules:
        def disallow(rules: DomainRules) -> DomainRules:
            return rules.without(domain)

        return await change_in_force(
            self.rules, DomainsChanged, workspace_id, disallow, expected_revision
        )
