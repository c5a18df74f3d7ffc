from dataclasses import dataclass

from contracts.access import Permitted, Verb
from contracts.errors import Kind
from contracts.requests import Stage
from execution_service.domain.call import Call
from execution_service.domain.errors import OperationMoved, OperationNotFound, RulesChanging
from execution_service.domain.step import CONTINUE, Refused, StepResult
from execution_service.ports import Accesses, Operations
from execution_service.usecases.steps.find_access import find_access

VERB_OF_STAGE = {Stage.PUBLISHED: Verb.CHAT, Stage.DRAFT: Verb.TRY_DRAFT}


@dataclass(frozen=True, slots=True)
class Resolve:
    """Find the tool in the GPT's release, and its compiled operation, for who may use the GPT.

    Access comes first: without it nothing about what the GPT offers is disclosed, neither in a
    refusal nor in a record in their own trail.

    Again, where the release was replaced meanwhile: it may offer another operation by that name, or
    none. That is refused once `invocation.started` names the first. A call that was accepted has
    its tool, as long as the release has its action.
    """

    accesses: Accesses
    operations: Operations

    async def __call__(self, call: Call) -> StepResult:
        refused = await self._without_access(call)
        if refused is not None:
            return refused
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

    async def _without_access(self, call: Call) -> Refused | None:
        wanted = call.wanted
        verb = VERB_OF_STAGE[wanted.stage]
        access, allowed = await find_access(
            self.accesses, wanted.principal, verb, wanted.gpt_workspace_id, wanted.gpt_id
        )
        call.access_holds = access.holds
        if isinstance(allowed, Permitted):
            return None
        if not call.is_started:
            call.offer = None  # of a decision before: it may not be named on record now
        not_found = allowed.kind is Kind.NOT_FOUND
        return Refused(OperationNotFound() if not_found else allowed.error())
