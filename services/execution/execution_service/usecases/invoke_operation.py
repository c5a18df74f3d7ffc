from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from contracts.errors import PlatformError
from contracts.facts import InvocationFinished, InvocationStarted, Outcome
from contracts.ids import InvocationId
from contracts.requests import Answer
from egress import EgressError, OutboundRequest, OutboundResponse
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.answer import read_answer
from execution_service.domain.credential import NO_CREDENTIAL, Credential
from execution_service.domain.errors import CallRefused, InvalidArguments
from execution_service.domain.invocation import SAFE_METHODS, FinishedCall, Trouble, WantedCall
from execution_service.domain.outbound_request import BuiltRequest, build_request
from execution_service.domain.platform_headers import platform_headers
from execution_service.ports import (
    CallableOperation,
    Credentials,
    Ledger,
    Operations,
    Outbound,
    Verdicts,
)

FAILING_STATUS = 400


@dataclass(slots=True)
class _Call:
    """One call under way: what its facts say."""

    id: InvocationId
    wanted: WantedCall
    operation: CallableOperation
    started_at: float
    arguments_hash: str | None = None

    @property
    def changes_something(self) -> bool:
        return self.operation.compiled.operation.method not in SAFE_METHODS

    @property
    def milliseconds(self) -> float:
        return round((perf_counter() - self.started_at) * 1000, 3)


@dataclass(frozen=True, slots=True)
class InvokeOperation:
    """Call one operation for one member, at most once, and state how it ended.

    Raises a refusal where nothing was sent. Whatever was sent is answered with a `FinishedCall`,
    even where the API's answer never came.
    """

    operations: Operations
    verdicts: Verdicts
    credentials: Credentials
    outbound: Outbound
    ledger: Ledger
    new_id: Callable[[], InvocationId]

    async def __call__(self, wanted: WantedCall) -> FinishedCall:
        operation = await self.operations.find(wanted)
        call = _Call(self.new_id(), wanted, operation, perf_counter())
        try:
            request = await self._prepare(call)
            if call.changes_something:
                await self.ledger.before(_started(call))
        except PlatformError as refusal:
            await self.ledger.after(_finished(call, Outcome.REFUSED, refusal.code))
            raise
        return await self._send(call, request)

    async def _prepare(self, call: _Call) -> OutboundRequest:
        """Everything that may refuse, in this order: policy, credential, arguments, request."""
        wanted, operation = call.wanted, call.operation
        verdict = await self.verdicts.decide(
            wanted.workspace_id, wanted.member_id, wanted.gpt_id, operation
        )
        if verdict.answer is not Answer.ALLOW:
            raise CallRefused(verdict.sentence, hint=verdict.hint, code=verdict.code)
        credential = await self._credential(call)
        admitted = admit(operation.compiled, wanted.arguments, credential.reserved)
        if isinstance(admitted, Refused):
            raise InvalidArguments.of(admitted.faults)
        call.arguments_hash = admitted.arguments_hash
        return _outbound(call, _built(operation, admitted, credential), credential)

    async def _credential(self, call: _Call) -> Credential:
        if call.operation.compiled.operation.anonymous:
            return NO_CREDENTIAL
        return await self.credentials.issue(
            call.wanted.workspace_id,
            call.wanted.member_id,
            call.operation.action_id,
            call.operation.target.origin,
        )

    async def _send(self, call: _Call, request: OutboundRequest) -> FinishedCall:
        try:
            response = await self.outbound.send(request)
        except EgressError as error:
            return await self._broken_off(call, error)
        except BaseException:  # cancelled: the caller went away, but the call may be done
            outcome = Outcome.UNKNOWN if call.changes_something else Outcome.FAILED
            await self.ledger.after(_finished(call, outcome, "execution.interrupted"))
            raise
        return await self._answered(call, response)

    async def _broken_off(self, call: _Call, error: EgressError) -> FinishedCall:
        if not error.sent and error.kind is not error.kind.UNAVAILABLE:
            await self.ledger.after(_finished(call, Outcome.REFUSED, error.code))
            raise error
        unknown = error.sent and call.changes_something
        outcome = Outcome.UNKNOWN if unknown else Outcome.FAILED
        await self.ledger.after(_finished(call, outcome, error.code))
        hint = (
            "The API may have carried this call out. Check there before calling again."
            if unknown
            else error.hint
        )
        trouble = Trouble(error.code, error.sentence, hint)
        return FinishedCall(
            call.id, call.wanted.operation, outcome, call.milliseconds, trouble=trouble
        )

    async def _answered(self, call: _Call, response: OutboundResponse) -> FinishedCall:
        outcome = Outcome.SUCCEEDED if response.status < FAILING_STATUS else Outcome.FAILED
        readable = read_answer(response.header("content-type") or "", response.body)
        trouble = None if readable.is_text else _NOT_TEXT
        code = "ok" if trouble is None else trouble.code
        await self.ledger.after(_finished(call, outcome, code, response))
        return FinishedCall(
            call.id,
            call.wanted.operation,
            outcome,
            call.milliseconds,
            status=response.status,
            content_type=readable.content_type,
            body=readable.body,
            truncated=readable.truncated,
            trouble=trouble,
        )


_NOT_TEXT = Trouble(
    "execution.response_not_text",
    "The API answered with something that is not text.",
    "Actions can use text and JSON; ask the API for one of these.",
)


def _built(
    operation: CallableOperation, admitted: Admitted, credential: Credential
) -> BuiltRequest:
    return credential.applied_to(build_request(operation.compiled, admitted))


def _outbound(call: _Call, built: BuiltRequest, credential: Credential) -> OutboundRequest:
    operation, wanted = call.operation, call.wanted
    return OutboundRequest(
        method=built.method,
        target=operation.target.at(built.raw_path_and_query),
        headers=(*platform_headers(wanted.gpt_id, built.headers), *built.headers),
        body=built.body,
        pool_key=f"{wanted.workspace_id}/{operation.action_id}/{credential.revision}",
    )


def _started(call: _Call) -> InvocationStarted:
    wanted, operation = call.wanted, call.operation
    return InvocationStarted(
        workspace_id=wanted.workspace_id,
        invocation_id=call.id,
        gpt_id=wanted.gpt_id,
        action_id=operation.action_id,
        operation=wanted.operation,
        method=operation.compiled.operation.method,
        host=operation.target.host,
        member_id=wanted.member_id,
        arguments_hash=call.arguments_hash or "",
    )


def _finished(
    call: _Call, outcome: Outcome, code: str, response: OutboundResponse | None = None
) -> InvocationFinished:
    wanted, operation = call.wanted, call.operation
    return InvocationFinished(
        workspace_id=wanted.workspace_id,
        invocation_id=call.id,
        gpt_id=wanted.gpt_id,
        action_id=operation.action_id,
        operation=wanted.operation,
        method=operation.compiled.operation.method,
        host=operation.target.host,
        member_id=wanted.member_id,
        arguments_hash=call.arguments_hash,
        outcome=outcome,
        code=code,
        status=response.status if response else None,
        response_bytes=len(response.body) if response else None,
        duration_ms=call.milliseconds,
    )
