from dataclasses import dataclass

from contracts.requests import Decide, DecideCall, Gate, Verdict
from policy_service.domain.decision import decide
from policy_service.ports import RuleStore


@dataclass(frozen=True, slots=True)
class DecideInvocation:
    """The verdict on a call, from the rules as they are committed right now.

    The gate asks it without arguments, the decision with them; no rule looks at them yet.
    """

    rules: RuleStore

    async def __call__(self, asked: Gate | DecideCall | Decide) -> Verdict:
        rules = await self.rules.in_force(asked.workspace_id)
        return decide(asked.host, consequential=asked.consequential, rules=rules)
