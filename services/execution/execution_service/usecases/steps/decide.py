from dataclasses import dataclass

from contracts.requests import Answer
from execution_service.domain.call import Call
from execution_service.domain.errors import CallRefused
from execution_service.domain.step import CONTINUE, Refused, StepResult, Waiting, WaitsFor
from execution_service.ports import Verdicts


@dataclass(frozen=True, slots=True)
class Decide:
    """Where the gate left a question: may this member make exactly this call?

    Asked of policy each time, with the hash of the arguments and the consent digest: no such answer
    is kept.
    """

    verdicts: Verdicts

    async def __call__(self, call: Call) -> StepResult:
        if call.verdict is None or call.verdict.answer is not Answer.ASK:
            return CONTINUE
        verdict = await self.verdicts.decide(call.wanted, call.operation, call.arguments_hash or "")
        call.note("decide", verdict.code)
        if verdict.answer is Answer.ASK:
            return Waiting(WaitsFor.APPROVAL, CallRefused.of(verdict))
        return CONTINUE if verdict.answer is Answer.ALLOW else Refused(CallRefused.of(verdict))
