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
from execution_service.domain.invocation import CallError, FinishedCall, WantedCall
from execution_service.domain.outbound_request import BuiltRequest, build_request
from execution_service.domain.platform_headers import platform_headers
from execution_service.domain.voidable import Voidable
from execution_service.ports import Credentials, Ledger, Operations, Outbound, Verdicts
from kit import trace

FAILING_STATUS = 400
MAX_DECISIONS = 3
"""How often a call is decided whose offer, verdict or credential is voided while it waits."""
NOT_TEXT = CallError(
    "execution.response_not_text",
    "The API answered with something that is not text.",
    "Actions can use text and JSON; ask the API for one of these.",
)
MAY_BE_DONE = "The API may have carried this call out. Check there before calling again."


@dataclass(frozen=True, slots=True)
class InvokeOperation:
    """Call one operation for one member, at most once, and publish how it ended.

    Raises a refusal where nothing was sent. Otherwise returns a `FinishedCall`, also where the
    API did not answer.
    """

    operations: Operations
    verdicts: Verdicts
    credentials: Credentials
    outbound: Outbound
    ledger: Ledger
    new_id: Callable[[], InvocationId]
    max_answer_bytes: int
    """What is read of an API's answer. The rest is not read, and the answer is marked as cut."""

    async def __call__(self, wanted: WantedCall) -> FinishedCall:
        started_at = perf_counter()
        call = Call(self.new_id(), wanted, await self.operations.find(wanted))
        for _ in range(MAX_DECISIONS):
            try:
                request = await self._prepare(call)
                if call.changes_something and not call.is_started:
                    await self.ledger.before(call.started(trace.current()))
                    call.is_started = True  # once, however often it is decided
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

    async def _prepare(self, call: Call) -> OutboundRequest:
        """Decide and build. May refuse, in this order: offer, policy, credential, arguments."""
        if not call.offer.holds():
            await self._renew_offer(call)
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
        return self._outbound(call, built, credential, _allowed_by(call, decided, issued))

    async def _renew_offer(self, call: Call) -> None:
        """Find the operation again, as its GPT changed: it may offer another one, or none.

        Refuses where another one is found and `invocation.started` names the first.
        """
        offer = await self.operations.find(call.wanted)
        if call.is_started and not call.operation.is_same_as(offer.value):
            raise RulesChanging
        call.offer = offer

    async def _credential(self, call: Call) -> Voidable[Credential] | None:
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
        """None where nothing was sent because what allowed the call was voided meanwhile."""
        try:
            response = await self.outbound.send(request)
        except EgressError as error:
            if isinstance(error, Withdrawn) and not error.sent:
                return None
            return await self._broken_off(call, error, started_at)
        except BaseException:  # cancelled with the caller's request; the API may have acted on it
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
        call_error = CallError(error.code, error.sentence, MAY_BE_DONE if unknown else error.hint)
        duration_ms = await self._end(call, ending, started_at)
        operation = call.wanted.operation
        return FinishedCall(call.id, operation, ending.outcome, duration_ms, error=call_error)

    async def _answered(
        self, call: Call, response: OutboundResponse, started_at: float
    ) -> FinishedCall:
        content_type = response.header("content-type") or ""
        readable = read_answer(content_type, response.body, complete=response.complete)
        error = None if readable.is_text else NOT_TEXT
        ending = Ending(
            Outcome.SUCCEEDED if response.status < FAILING_STATUS else Outcome.FAILED,
            "ok" if error is None else error.code,
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
            error=error,
        )

    async def _end(self, call: Call, ending: Ending, started_at: float) -> float:
        """Publish `invocation.finished`; returns the call's duration in milliseconds.

        A call that changes something is answered only after that.
        """
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


def _allowed_by(
    call: Call, decided: Voidable[Verdict], issued: Voidable[Credential] | None
) -> Callable[[], bool]:
    """Whether a call is still allowed: by token, GPT, verdict, and credential if it has one."""
    not_revoked, offer_holds, verdict_holds = call.wanted.may_call, call.offer.holds, decided.holds
    if issued is None:
        return lambda: not_revoked() and offer_holds() and verdict_holds()
    credential_holds = issued.holds
    return lambda: not_revoked() and offer_holds() and verdict_holds() and credential_holds()
