from collections.abc import Callable
from dataclasses import dataclass

from contracts.access import Permitted
from contracts.errors import Kind, PlatformError
from contracts.ids import ActionId, GptId, InvocationId
from contracts.principal import Principal
from contracts.requests import Stage
from execution_service.domain.call import Call
from execution_service.domain.errors import (
    GptNotFound,
    InvalidArguments,
    NothingToTry,
    OperationNotFound,
    TriedOperationChanges,
    TriedOperationNeedsArguments,
    TriedOperationUnsigned,
)
from execution_service.domain.invocation import FinishedCall, WantedCall
from execution_service.domain.step import Refused
from execution_service.ports import Accesses, Releases
from execution_service.usecases.invoke_operation import InvokeOperation
from execution_service.usecases.steps.find_access import find_access
from execution_service.usecases.steps.resolve import VERB_OF_STAGE
from execution_service.usecases.steps.run_steps import RunSteps

READS = "GET"
MAX_LOOKED_AT = 50
"""Operations that one test reads to find the first that fits; beyond that one has to be named."""
_PASSING = frozenset({Kind.LIMITED, Kind.UNAVAILABLE})
_UNFIT = (TriedOperationChanges, TriedOperationNeedsArguments, TriedOperationUnsigned)


@dataclass(frozen=True, slots=True)
class WantedTry:
    principal: Principal
    gpt_id: GptId
    action_id: ActionId
    operation: str | None = None
    """By the tool's or the operation's name; None for the first that fits."""
    may_call: Callable[[], bool] = lambda: True
    holds: Callable[[int], None] = lambda _: None
    """Both as in `WantedCall`."""


@dataclass(frozen=True, slots=True)
class TryOperation:
    """Call an operation of an action's draft, without arguments, to see whether its credential is
    accepted: a call of the draft as any other, with its access, policy and record.

    Only a GET without consequences, looked at once more before its first byte leaves.
    """

    accesses: Accesses
    releases: Releases
    resolve: RunSteps
    admit: RunSteps
    """Both steps alone: what is looked at is not called, and leaves no record."""
    invoke: InvokeOperation
    new_id: Callable[[], InvocationId]

    async def __call__(self, wanted: WantedTry) -> FinishedCall:
        """Raises the refusal, `NothingToTry` where the draft has no operation that fits."""
        await self._ensure_permitted(wanted)
        call = await (self._named(wanted) if wanted.operation else self._first(wanted))
        return await self.invoke.carry_out(
            Call(self.new_id(), call, before_sending=_ensure_changes_nothing)
        )

    async def _ensure_permitted(self, wanted: WantedTry) -> None:
        """Before the release is read: what it has is disclosed to nobody else."""
        who = wanted.principal
        try:
            _, allowed = await find_access(
                self.accesses, who, VERB_OF_STAGE[Stage.DRAFT], who.workspace_id, wanted.gpt_id
            )
        except OperationNotFound:
            raise GptNotFound from None
        if not isinstance(allowed, Permitted):
            raise GptNotFound if allowed.kind is Kind.NOT_FOUND else allowed.error()

    async def _named(self, wanted: WantedTry) -> WantedCall:
        call = _call(wanted, wanted.operation or "")
        refusal = await self._refusal_of(call)
        if refusal is not None:
            raise refusal
        return call

    async def _first(self, wanted: WantedTry) -> WantedCall:
        """The first that fits. Where others would have been refused for another reason, as by the
        action's own settings, that is said in place of there being nothing.
        """
        release = await self.releases.read(
            wanted.principal.workspace_id, wanted.gpt_id, Stage.DRAFT
        )
        tools = (each for each in release.tools.values() if each.action_id == wanted.action_id)
        read = [each for each in tools if each.method == READS][:MAX_LOOKED_AT]
        said: PlatformError | None = None
        for tool in read:
            call = _call(wanted, tool.name)
            refusal = await self._refusal_of(call)
            if refusal is None:
                return call
            if refusal.kind in _PASSING:
                raise refusal
            if said is None and not isinstance(refusal, _UNFIT):
                said = refusal
        raise said or NothingToTry()

    async def _refusal_of(self, wanted: WantedCall) -> PlatformError | None:
        """Why it is not called; None where it may be."""
        call = Call(InvocationId(""), wanted)
        resolved = await self.resolve.once(call)
        if isinstance(resolved, Refused):
            return resolved.error
        compiled = call.operation.compiled
        if _may_change(call):
            return TriedOperationChanges(wanted.operation, compiled.method)
        if compiled.anonymous:
            return TriedOperationUnsigned(wanted.operation)
        admitted = await self.admit.once(call)
        if not isinstance(admitted, Refused):
            return None
        if isinstance(admitted.error, InvalidArguments):
            return TriedOperationNeedsArguments(wanted.operation)
        return admitted.error


def _call(wanted: WantedTry, operation: str) -> WantedCall:
    return WantedCall(
        principal=wanted.principal,
        gpt_workspace_id=wanted.principal.workspace_id,
        gpt_id=wanted.gpt_id,
        operation=operation,
        arguments={},
        action_id=wanted.action_id,
        stage=Stage.DRAFT,
        may_call=wanted.may_call,
        holds=wanted.holds,
    )


def _may_change(call: Call) -> bool:
    return call.operation.compiled.method != READS or call.changes_something


async def _ensure_changes_nothing(call: Call) -> None:
    """The draft may have been edited since it was looked at."""
    if _may_change(call):
        raise TriedOperationChanges(call.wanted.operation, call.operation.compiled.method)
