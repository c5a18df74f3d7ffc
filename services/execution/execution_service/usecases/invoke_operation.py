from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from contracts.errors import PlatformError
from contracts.ids import InvocationId
from execution_service.domain.call import Call
from execution_service.domain.errors import RulesChanging
from execution_service.domain.invocation import FinishedCall, WantedCall
from execution_service.domain.step import (
    AGAIN,
    CONTINUE,
    Done,
    Refused,
    Signal,
    StepResult,
    Waiting,
)
from execution_service.usecases.steps.settle import Settle

MAX_DECISIONS = 3
"""How often a call is decided whose release, access, verdict or credential is voided meanwhile."""

Step = Callable[[Call], Awaitable[StepResult]]


@dataclass(frozen=True, slots=True)
class InvokeOperation:
    """Call one operation for one principal, at most once, and publish how it ended.

    Raises a refusal where nothing was sent. Otherwise returns a `FinishedCall`, also where the
    API did not answer. A call whose operation is not found leaves no record.
    """

    steps: tuple[Step, ...]
    """Resolve, gate, admit, decide, sign, build, send."""
    settle: Settle
    new_id: Callable[[], InvocationId]

    async def __call__(self, wanted: WantedCall) -> FinishedCall:
        call = Call(self.new_id(), wanted)
        try:
            result = await self._until_settled(call)
        except BaseException:  # cancelled with the caller's request
            if call.is_resolved:
                await self.settle.interrupted(call)
            raise
        if isinstance(result, Refused) and not call.is_resolved:
            raise result.error
        return await self.settle(call, result)

    async def _until_settled(self, call: Call) -> Done | Refused | Waiting:
        for _ in range(MAX_DECISIONS):
            result = await self._run(call)
            if not isinstance(result, Signal):
                return result
            if not call.wanted.may_call():
                break
        return Refused(RulesChanging())

    async def _run(self, call: Call) -> StepResult:
        try:
            for step in self.steps:
                result = await step(call)
                if result is not CONTINUE:
                    return result
        except PlatformError as error:
            return Refused(error)
        return AGAIN
