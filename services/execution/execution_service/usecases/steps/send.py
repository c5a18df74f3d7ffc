from dataclasses import dataclass

from contracts.facts import Outcome
from egress import EgressError, StreamedAnswer, Withdrawn
from execution_service.domain.answer import AnswerReader, ReadableAnswer
from execution_service.domain.call import Call
from execution_service.domain.invocation import MAY_BE_DONE, CallError
from execution_service.domain.masking import Mask, MaskingTooCostly
from execution_service.domain.step import AGAIN, Done, Refused, StepResult
from execution_service.ports import Ledger, Outbound
from kit import trace

FAILING_STATUS = 400
NOT_TEXT = CallError(
    "execution.response_not_text",
    "The API answered with something that is not text.",
    "Actions can use text and JSON; ask the API for one of these.",
)
WITHHELD = CallError(
    "execution.answer_withheld",
    "The API's answer has so many beginnings of the credential that it could not be masked.",
    "Ask the API not to repeat what signs it in, or enter another credential.",
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
        if call.before_sending is not None and not call.is_started:
            await call.before_sending(call)
        if call.changes_something and not call.is_started:
            await self.ledger.before(call.started(trace.current()))
            call.is_started = True  # once, however often it is decided
        try:
            async with self.outbound.stream(call.request) as answer:
                return await _read(call, answer)
        except EgressError as error:
            if isinstance(error, Withdrawn) and not error.sent:
                return AGAIN
            return _broken_off(call, error)


def _broken_off(call: Call, error: EgressError) -> StepResult:
    sentence, in_sentence = _masked(call.credential.mask, error.sentence)
    hint, in_hint = _masked(call.credential.mask, error.hint)
    masked = in_sentence + in_hint
    if masked:
        call.note("send", f"masked:{masked}")
    if not error.sent and error.kind is not error.kind.UNAVAILABLE:
        error.sentence, error.hint = sentence, hint
        return Refused(error, masked)
    unknown = error.sent and call.changes_something
    return Done(
        Outcome.UNKNOWN if unknown else Outcome.FAILED,
        error.code,
        CallError(error.code, sentence, MAY_BE_DONE if unknown else hint),
        masked=masked,
    )


def _masked(mask: Mask, sentence: str) -> tuple[str, int]:
    try:
        return mask.applied_to_text(sentence)
    except MaskingTooCostly:
        return WITHHELD.sentence, 1


async def _read(call: Call, answer: StreamedAnswer) -> StepResult:
    """The one place where an answer's bytes pass, a piece at a time. What is not shown is counted,
    not kept; what is kept counts for the call from here on. Where there is no room for more of it,
    the answer is cut there, since the API has carried the call out.
    """
    try:
        reader = AnswerReader(answer.header("content-type") or "", mask=call.credential.mask)
        short = answer.at_once()
        if short is not None:
            reader.feed(short)
        else:
            async for piece in answer:
                reader.feed(piece)
                answer.holds(reader.held)
        shortage = answer.shortage
        readable = reader.end(
            complete=answer.is_complete is not False, why=shortage.sentence if shortage else ""
        )
    except MaskingTooCostly:
        return Done(_outcome(answer.status), WITHHELD.code, WITHHELD, status=answer.status)
    call.wanted.holds(reader.held)
    if readable.masked:
        call.note("send", f"masked:{readable.masked}")
    if shortage is not None:
        call.note("send", f"cut:{shortage.code}")
    return _answered(answer.status, reader.size, readable)


def _outcome(status: int) -> Outcome:
    return Outcome.SUCCEEDED if status < FAILING_STATUS else Outcome.FAILED


def _answered(status: int, size: int, readable: ReadableAnswer) -> StepResult:
    error = None if readable.is_text else NOT_TEXT
    return Done(
        _outcome(status),
        "ok" if error is None else error.code,
        error,
        status=status,
        response_bytes=size,
        content_type=readable.content_type,
        body=readable.body,
        truncated=readable.truncated,
        masked=readable.masked,
    )
