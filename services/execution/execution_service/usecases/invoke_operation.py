from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from contracts.errors import PlatformError
from contracts.facts import Outcome
from contracts.ids import InvocationId
from contracts.requests import Answer, Verdict
from egress import EgressError, OutboundRequest, OutboundResponse, Withdrawn
from execution_service.domain.admission import Refused, admit
from execution_service.domain.answer import read_answer
from execution_service.domain.call import Call, Ending
from execution_service.domain.credential import NO_CREDENTIAL, Credential
from execution_service.domain.errors import CallRefused, InvalidArguments, RulesChanging
from execution_service.domain.invocation import FinishedCall, Trouble, WantedCall
from execution_service.domain.outbound_request import BuiltRequest, build_request
from execution_service.domain.platform_headers import platform_headers
from execution_service.ports import Credentials, Held, Ledger, Operations, Outbound, Verdicts
from kit import trace

FAILING_STATUS = 400
MAX_DECISIONS = 3
"""A call whose verdict or credential is voided while it waits is decided anew, so often."""
NOT_TEXT = Trouble(
    "execution.response_not_text",
    "The API answered with something that is not text.",
    "Actions can use text and JSON; ask the API for one of these.",
)
MAY_BE_DONE = "The API may have carried this call out. Check there before calling again."


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
    max_answer_bytes: int
    """What is read of an API's answer; the rest is left unread, and the answer says so."""

    async def __call__(self, wanted: WantedCall) -> FinishedCall:
        started_at = perf_counter()
        call = Call(self.new_id(), wanted, await self.operations.find(wanted))
        for _ in range(MAX_DECISIONS):
            try:
                request = await self._prepare(call)
                await self._state_beforehand(call)
            except PlatformError as refusal:
                await self._end(call, Ending(Outcome.REFUSED, refusal.code), started_at)
                raise
            finished = await self._send(call, request, started_at)
            if finished is not None:
                return finished
            if not call.wanted.may_call():
                break
        await self._end(call, Ending(Outcome.REFUSED, RulesChanging.code), started_at)
        raise RulesChanging

    async def _state_beforehand(self, call: Call) -> None:
        """Once a call, however often it is decided."""
        if call.changes_something and not call.is_stated:
            await self.ledger.before(call.started(trace.current()))
            call.is_stated = True

    async def _prepare(self, call: Call) -> OutboundRequest:
        """Everything that may refuse, in this order: policy, credential, arguments, request."""
        wanted, operation = call.wanted, call.operation
        decided = await self.verdicts.decide(
            wanted.workspace_id, wanted.member_id, wanted.gpt_id, operation
        )
        verdict = decided.value
        if verdict.answer is not Answer.ALLOW:
            raise CallRefused(verdict.sentence, hint=verdict.hint, code=verdict.code)
        issued = await self._credential(call)
        credential = NO_CREDENTIAL if issued is None else issued.value
        admitted = admit(operation.compiled, wanted.arguments, credential.reserved)
        if isinstance(admitted, Refused):
            raise InvalidArguments.of(admitted.faults)
        call.arguments_hash = admitted.arguments_hash
        built = credential.applied_to(build_request(operation.compiled, admitted))
        return self._outbound(call, built, credential, _still_held(wanted, decided, issued))

    async def _credential(self, call: Call) -> Held[Credential] | None:
        if call.operation.compiled.anonymous:
            return None
        return await self.credentials.issue(
            call.wanted.workspace_id,
            call.wanted.member_id,
            call.operation.action_id,
            call.operation.target.origin,
        )

    async def _send(
        self, call: Call, request: OutboundRequest, started_at: float
    ) -> FinishedCall | None:
        """None where nothing was sent, because what allowed the call no longer holds."""
        try:
            response = await self.outbound.send(request)
        except EgressError as error:
            if isinstance(error, Withdrawn) and not error.sent:
                return None
            return await self._broken_off(call, error, started_at)
        except BaseException:  # cancelled: the caller went away, but the call may be done
            outcome = Outcome.UNKNOWN if call.changes_something else Outcome.FAILED
            await self._end(call, Ending(outcome, "execution.interrupted"), started_at)
            raise
        return await self._answered(call, response, started_at)

    async def _broken_off(self, call: Call, error: EgressError, started_at: float) -> FinishedCall:
        if not error.sent and error.kind is not error.kind.UNAVAILABLE:
            await self._end(call, Ending(Outcome.REFUSED, error.code), started_at)
            raise error
        unknown = error.sent and call.changes_something
        ending = Ending(Outcome.UNKNOWN if unknown else Outcome.FAILED, error.code)
        trouble = Trouble(error.code, error.sentence, MAY_BE_DONE if unknown else error.hint)
        duration_ms = await self._end(call, ending, started_at)
        operation = call.wanted.operation
        return FinishedCall(call.id, operation, ending.outcome, duration_ms, trouble=trouble)

    async def _answered(
        self, call: Call, response: OutboundResponse, started_at: float
    ) -> FinishedCall:
        content_type = response.header("content-type") or ""
        readable = read_answer(content_type, response.body, complete=response.complete)
        trouble = None if readable.is_text else NOT_TEXT
        ending = Ending(
            Outcome.SUCCEEDED if response.status < FAILING_STATUS else Outcome.FAILED,
            "ok" if trouble is None else trouble.code,
            response.status,
            len(response.body),
        )
        duration_ms = await self._end(call, ending, started_at)
        return FinishedCall(
            call.id,
            call.wanted.operation,
            ending.outcome,
            duration_ms,
            status=response.status,
            content_type=readable.content_type,
            body=readable.body,
            truncated=readable.truncated,
            trouble=trouble,
        )

    async def _end(self, call: Call, ending: Ending, started_at: float) -> float:
        """Put it on record; whoever changed something hears of it after that. Milliseconds."""
        duration_ms = round((perf_counter() - started_at) * 1000, 3)
        fact = call.finished(ending, duration_ms, trace.current())
        if call.changes_something:
            await self.ledger.after_change(fact)
        else:
            await self.ledger.after(fact)
        return duration_ms

    def _outbound(
        self,
        call: Call,
        built: BuiltRequest,
        credential: Credential,
        still_wanted: Callable[[], bool],
    ) -> OutboundRequest:
        operation, wanted = call.operation, call.wanted
        return OutboundRequest(
            method=built.method,
            target=operation.target.at(built.raw_path_and_query),
            headers=(*platform_headers(wanted.gpt_id, built.headers), *built.headers),
            body=built.body,
            pool_key=f"{wanted.workspace_id}/{operation.action_id}/{credential.revision}",
            share_key=wanted.workspace_id,
            max_bytes=self.max_answer_bytes,
            cut=True,
            still_wanted=still_wanted,
        )


def _still_held(
    wanted: WantedCall, decided: Held[Verdict], issued: Held[Credential] | None
) -> Callable[[], bool]:
    """What allows a call: its caller's token, the verdict, and the credential if it has one."""
    if issued is None:
        return lambda: wanted.may_call() and decided.holds()
    return lambda: wanted.may_call() and decided.holds() and issued.holds()
