from dataclasses import dataclass

from contracts.requests import Answer
from execution_service.domain.call import Call
from execution_service.domain.errors import CallRefused
from execution_service.domain.step import CONTINUE, Refused, StepResult
from execution_service.ports import Verdicts


@dataclass(frozen=True, slots=True)
class Gate:
    """The workspace's switches, domains and denials: all of policy that can be known without the
    arguments.
    """

    verdicts: Verdicts

    async def __call__(self, call: Call) -> StepResult:
        verdict = await self.verdicts.gate(call.wanted, call.operation)
        call.gate_holds = verdict.holds
        call.verdict = verdict.value
        call.note("gate", verdict.value.code)
        if verdict.value.answer is Answer.DENY:
            return Refused(CallRefused.of(verdict.value))
        return CONTINUE
