from dataclasses import dataclass

from execution_service.domain.admission import ReservedNames
from execution_service.domain.call import Call
from execution_service.domain.credential import NO_CREDENTIAL
from execution_service.domain.errors import SignInRequired
from execution_service.domain.step import AGAIN, CONTINUE, StepResult, Waiting, WaitsFor
from execution_service.ports import Credentials
from execution_service.usecases.steps.admit import admitted


@dataclass(frozen=True, slots=True)
class Sign:
    """Get the action's credential for the origin that is called; where it is the member's own and
    they have none there, the call waits for their sign-in.
    """

    credentials: Credentials

    async def __call__(self, call: Call) -> StepResult:
        operation, described = call.operation, call.described
        if operation.compiled.anonymous:
            call.credential, call.credential_holds = NO_CREDENTIAL, None
            return CONTINUE
        assert described is not None  # noqa: S101 - described when its arguments were admitted
        try:
            issued = await self.credentials.issue(call.wanted, operation, described)
        except SignInRequired as required:
            return waiting_for_sign_in(call, required)
        call.credential, call.credential_holds = issued.value, issued.holds
        call.note("sign", "ok")
        if issued.value.revision != described.revision:  # replaced since it was described
            return _admitted_anew(call, issued.value.reserved)
        return CONTINUE


def waiting_for_sign_in(call: Call, required: SignInRequired) -> Waiting:
    call.note("sign", required.code)
    return Waiting(WaitsFor.SIGN_IN, required)


def _admitted_anew(call: Call, reserved: ReservedNames) -> StepResult:
    """Whatever was decided was decided about the arguments as they were."""
    decided = call.arguments_hash
    result = admitted(call, reserved)
    if result is CONTINUE and call.arguments_hash != decided:
        return AGAIN
    return result
