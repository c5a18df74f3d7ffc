from collections.abc import Callable
from dataclasses import dataclass

from contracts.access import GptAccess, Permitted, Verb, may
from contracts.errors import Kind
from contracts.requests import Answer, Stage, Verdict
from execution_service.domain.call import Call
from execution_service.domain.errors import CallRefused, OperationNotFound
from execution_service.domain.step import CONTINUE, Refused, StepResult
from execution_service.domain.voidable import Voidable
from execution_service.ports import Accesses, Verdicts

VERB_OF_STAGE = {Stage.PUBLISHED: Verb.CHAT, Stage.DRAFT: Verb.TRY_DRAFT}


@dataclass(frozen=True, slots=True)
class Gate:
    """Access to the GPT, then the workspace's switches, domains and denials: all that can be known
    without the arguments. Whoever has no access learns nothing about what the GPT offers.
    """

    accesses: Accesses
    verdicts: Verdicts

    async def __call__(self, call: Call) -> StepResult:
        wanted = call.wanted
        access = await self.accesses.find(wanted.gpt_workspace_id, wanted.gpt_id)
        allowed = may(wanted.principal, VERB_OF_STAGE[wanted.stage], access.value)
        if not isinstance(allowed, Permitted):
            not_found = allowed.kind is Kind.NOT_FOUND
            return Refused(OperationNotFound() if not_found else allowed.error())
        verdict = await self.verdicts.gate(wanted, call.operation)
        call.gate_holds = _both(access, verdict)
        call.verdict = verdict.value
        call.note("gate", verdict.value.code)
        if verdict.value.answer is Answer.DENY:
            return Refused(CallRefused.of(verdict.value))
        return CONTINUE


def _both(access: Voidable[GptAccess], verdict: Voidable[Verdict]) -> Callable[[], bool]:
    access_holds, verdict_holds = access.holds, verdict.holds
    return lambda: access_holds() and verdict_holds()
