from dataclasses import dataclass

from execution_service.domain.call import Call
from execution_service.domain.errors import OperationMoved, RulesChanging
from execution_service.domain.step import CONTINUE, Refused, StepResult
from execution_service.ports import Operations


@dataclass(frozen=True, slots=True)
class Resolve:
    """Find the tool in the GPT's release, and its compiled operation.

    Again, where the release was replaced meanwhile: it may offer another operation by that name, or
    none. That is refused once `invocation.started` names the first. A call that was accepted has
    its tool, as long as the GPT has a release of that stage.
    """

    operations: Operations

    async def __call__(self, call: Call) -> StepResult:
        if call.offer is not None and call.offer.holds():
            return CONTINUE
        offer = await self.operations.find(call.wanted, call.pinned)
        if call.is_started and not call.operation.is_same_as(offer.value):
            return Refused(RulesChanging())
        call.offer = offer
        pinned, dialled = offer.value.tool.origin, offer.value.target.origin
        if pinned and pinned != dialled:
            return Refused(OperationMoved(pinned, dialled))
        return CONTINUE
