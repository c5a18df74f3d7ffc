from dataclasses import dataclass

from contracts.requests import Decide, Verdict
from policy_service.domain.decision import decide
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class DecideInvocation:
    """The verdict on one call, from the rules as they are committed right now."""

    rules: RuleStore

    async def __call__(self, asked: Decide) -> Verdict:
        rules = await self.rules.in_force(asked.workspace_id)
        return decide(asked.host, consequential=asked.consequential, rules=rules)
