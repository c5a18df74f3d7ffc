from dataclasses import dataclass

from contracts.facts import Outcome
from egress import EgressError, OutboundResponse, Withdrawn
from execution_service.domain.answer import read_answer
from execution_service.domain.call import Call
from execution_service.domain.invocation import MAY_BE_DONE, CallError
from execution_service.domain.step import AGAIN, Done, Refused, StepResult
from execution_service.ports import Ledger, Outbound
from kit import trace

FAILING_STATUS = 400
NOT_TEXT = CallError(
    "execution.response_not_text",
    "The API answered with something that is not text.",
    "Actions can use text and JSON; ask the API for one of these.",
)


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request, at most once. What changes something is on record before its first byte.

    Right before that byte it is looked at once more whether everything that allowed the call still
    does; where it does not, nothing is sent.
    """

    outbound: Outbound
    ledger: Ledger

    async def __call__(self, call: Call) -> StepResult:
        assert call.request is not None  # noqa: S101 - built before
        if call.changes_something and not call.is_started:
            if call.before_sending is not None:
                await call.before_sending(call)
            await self.ledger.before(call.started(trace.current()))
            call.is_started = True  # once, however often it is decided
        try:
            response = await self.outbound.send(call.request)
        except EgressError as error:
            if isinstance(error, Withdrawn) and not error.sent:
                return AGAIN
            return _broken_off(call, error)
        return _answered(call, response)


def _broken_off(call: Call, error: EgressError) -> StepResult:
    sentence, in_sentence = call.credential.mask.applied_to_text(error.sentence)
    hint, in_hint = call.credential.mask.applied_to_text(error.hint)
    if not error.sent and error.kind is not error.kind.UNAVAILABLE:
        error.sentence, error.hint = sentence, hint
        return Refused(error)
    unknown = error.sent and call.changes_something
    return Done(
        Outcome.UNKNOWN if unknown else Outcome.FAILED,
        error.code,
        CallError(error.code, sentence, MAY_BE_DONE if unknown else hint),
        masked=in_sentence + in_hint,
    )


def _answered(call: Call, response: OutboundResponse) -> StepResult:
    content_type = response.header("content-type") or ""
    mask = call.credential.mask
    readable = read_answer(content_type, response.body, complete=response.complete, mask=mask)
    if readable.masked:
        call.note("send", f"masked:{readable.masked}")
    error = None if readable.is_text else NOT_TEXT
    return Done(
        Outcome.SUCCEEDED if response.status < FAILING_STATUS else Outcome.FAILED,
        "ok" if error is None else error.code,
        error,
        status=response.status,
        response_bytes=len(response.body),
        content_type=readable.content_type,
        body=readable.body,
        truncated=readable.truncated,
        masked=readable.masked,
    )
