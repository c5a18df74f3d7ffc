import asyncio
from dataclasses import dataclass

from contracts.requests import Decide, DecideCall, Gate, Verdict
from policy_service.domain.decision import decide
from policy_service.ports import RuleStore, SettingsStore


@dataclass(frozen=True, slots=True)
class DecideInvocation:
    """The verdict on a call, from rules and settings as they are committed right now.

    The gate asks it without arguments, the decision with them; no rule looks at them yet.
    """

    rules: RuleStore
    settings: SettingsStore

    async def __call__(self, asked: Gate | DecideCall | Decide) -> Verdict:
        rules, settings = await asyncio.gather(
            self.rules.in_force(asked.workspace_id), self.settings.in_force(asked.workspace_id)
        )
        verdict = decide(
            asked.host, consequential=asked.consequential, rules=rules, settings=settings
        )
        return verdict.model_copy(update={"tolerant_arguments": settings.tolerant_arguments})
