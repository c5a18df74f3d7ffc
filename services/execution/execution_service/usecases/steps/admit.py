from dataclasses import dataclass

from execution_service.domain import admission
from execution_service.domain.admission import NO_NAMES, ReservedNames
from execution_service.domain.call import Call
from execution_service.domain.errors import InvalidArguments
from execution_service.domain.step import CONTINUE, Refused, StepResult
from execution_service.ports import Credentials


@dataclass(frozen=True, slots=True)
class Admit:
    """Check the arguments against the operation's schema; none may fill a place that the action's
    credential takes. The credential's description has these places, without its values. What is
    unambiguously meant is taken so, unless the workspace's switch is off.
    """

    credentials: Credentials

    async def __call__(self, call: Call) -> StepResult:
        operation = call.operation
        if operation.compiled.anonymous:
            return admitted(call, NO_NAMES)
        call.described = await self.credentials.describe(call.wanted, operation)
        return admitted(call, call.described.reserved)


def admitted(call: Call, reserved: ReservedNames) -> StepResult:
    compiled, wanted = call.operation.compiled, call.wanted
    chosen = compiled.chosen(wanted.content_type, wanted.accept)
    tolerant = call.verdict is not None and call.verdict.tolerant_arguments
    answer = admission.admit(
        compiled,
        wanted.arguments,
        reserved,
        wanted.read_exactly,
        chosen,
        tolerant=tolerant,
    )
    if isinstance(answer, admission.Refused):
        return Refused(InvalidArguments.of(answer.faults))
    call.admitted = answer
    call.note("admit", "ok")
    if answer.coerced:
        call.note("admit", f"coerced:{len(answer.coerced)}")
    return CONTINUE
