from contracts.facts import DomainsChanged
from policy_service.domain.domain_rules import DomainRules
from policy_service.ports import RuleStore


async def commit_rules(rules: RuleStore, seen: DomainRules, changed: DomainRules) -> DomainRules:
    """What changes nothing states nothing, but is answered only where the last change is in force.

    So whoever was told `NotInForce` may repeat the same request.
    """
    if changed is seen:
        await rules.ensure_in_force(seen.workspace_id)
        return seen
    fact = DomainsChanged(workspace_id=changed.workspace_id, revision=changed.revision)
    await rules.replace(seen, changed, fact)
    return changed
