from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from contracts.errors import PlatformError
from execution_service.domain.call import Call
from execution_service.domain.errors import RulesChanging
from execution_service.domain.step import CONTINUE, Done, Refused, Signal, StepResult, Waiting

MAX_DECISIONS = 3
"""How often a call is decided whose release, access, verdict or credential is voided meanwhile."""

Step = Callable[[Call], Awaitable[StepResult]]


@dataclass(frozen=True, slots=True)
class RunSteps:
    """Take a call through its steps, in their order, until one does not continue."""

    steps: tuple[Step, ...]

    async def __call__(self, call: Call) -> Done | Refused | Waiting:
        """Again from the first step where what allowed the call was voided before it was sent."""
        for _ in range(MAX_DECISIONS):
            result = await self.once(call)
            if not isinstance(result, Signal):
                return result
            if not call.wanted.may_call():
                break
        return Refused(RulesChanging())

    async def once(self, call: Call) -> StepResult:
        """*Continue* where all steps did; refusals that are raised are returned."""
        try:
            for step in self.steps:
                result = await step(call)
                if result is not CONTINUE:
                    return result
        except PlatformError as error:
            return Refused(error)
        return CONTINUE
