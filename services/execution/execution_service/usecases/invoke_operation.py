from collections.abc import Callable
from dataclasses import dataclass

from contracts.ids import InvocationId
from execution_service.domain.call import Call
from execution_service.domain.invocation import FinishedCall, WantedCall
from execution_service.usecases.steps.run_steps import RunSteps
from execution_service.usecases.steps.settle import Settle


@dataclass(frozen=True, slots=True)
class InvokeOperation:
    """Call one operation for one principal, at most once, and publish how it ended.

    Raises a refusal where nothing was sent. Otherwise returns a `FinishedCall`, also where the
    API did not answer. A call whose operation is not found leaves no record.
    """

    run: RunSteps
    """Resolve, gate, admit, decide, sign, build, send."""
    settle: Settle
    new_id: Callable[[], InvocationId]

    async def __call__(self, wanted: WantedCall) -> FinishedCall:
        return await self.carry_out(Call(self.new_id(), wanted))

    async def carry_out(self, call: Call) -> FinishedCall:
        try:
            result = await self.run(call)
        except BaseException:  # cancelled with the caller's request
            await self.settle.interrupted(call)
            raise
        return await self.settle(call, result)
