from dataclasses import dataclass
from http import HTTPStatus

from contracts.errors import PlatformError
from execution_service.domain.call import Call
from execution_service.domain.errors import SignInRequired
from execution_service.domain.step import Done, StepResult
from execution_service.ports import Credentials
from execution_service.usecases.steps.build import Build
from execution_service.usecases.steps.send import Send
from execution_service.usecases.steps.sign import waiting_for_sign_in


@dataclass(frozen=True, slots=True)
class SendSigned:
    """Send the request, and where the API refuses its access token with 401, once more with a newer
    one (RFC 6750, 3.1).

    That is done for what changes something, too: a server that answers 401 has not carried the
    request out (RFC 9110, 15.5.2). `invocation.started` is published before the first one alone.
    Where there is no newer token, or what allows the call was voided meanwhile, the 401 is the
    answer; where the member has to sign in, the call waits for that.
    """

    credentials: Credentials
    build: Build
    send: Send

    async def __call__(self, call: Call) -> StepResult:
        answered = await self.send(call)
        if not _is_token_rejected(call, answered):
            return answered
        try:
            is_renewed = await self._renew(call)
        except SignInRequired as required:
            return waiting_for_sign_in(call, required)
        except PlatformError as error:
            call.note("sign", error.code)
            return answered
        if not is_renewed:
            return answered
        await self.build(call)
        again = await self.send(call)
        return again if isinstance(again, Done) else answered

    async def _renew(self, call: Call) -> bool:
        """Whether the call has a newer token of the same credential now."""
        rejected, generation = call.credential, call.credential.generation
        assert generation is not None  # noqa: S101 - a token was refused
        renewed = await self.credentials.renew(call.wanted, call.operation, rejected)
        newer = renewed.value
        if not newer.is_newer_than(generation) or newer.revision != rejected.revision:
            call.note("sign", "not_refreshed")
            return False
        call.credential, call.credential_holds = newer, renewed.holds
        call.note("sign", "refreshed")
        return True


def _is_token_rejected(call: Call, answered: StepResult) -> bool:
    return (
        isinstance(answered, Done)
        and answered.status == HTTPStatus.UNAUTHORIZED
        and call.credential.generation is not None
    )
