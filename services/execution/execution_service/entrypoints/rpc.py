from faststream.nats import NatsRouter

from contracts.principal import Scope
from contracts.requests import OperationTried, TryOperation
from execution_service.app import ExecutionApp
from execution_service.domain.invocation import FinishedCall
from execution_service.entrypoints.call_limits import CallLimits
from execution_service.entrypoints.capacity import Capacity
from execution_service.usecases.try_operation import WantedTry
from kit.caller import Verifier
from kit.consume import answers

SCOPES = (Scope.CREDENTIALS_WRITE, Scope.INVOCATIONS_CREATE)
"""Of whoever tests credentials, which makes a call."""


def router_of(
    app: ExecutionApp, verifier: Verifier, capacity: Capacity, limits: CallLimits
) -> NatsRouter:
    """Calls that services ask for count as those that come over HTTP do: under the quotas of the
    caller and their workspace, and in the workspace's share of this replica.
    """
    router = NatsRouter()

    @answers(router, TryOperation)
    async def try_operation(asked: TryOperation) -> OperationTried:
        verified = await verifier.hold_digest(asked.caller)
        caller = verified.value
        for scope in SCOPES:
            caller.demand(scope)
        workspace = caller.workspace_id
        quotas = await limits.admit({}, caller)
        with capacity.bytes.holding(workspace) as holding:
            limits.demand_room(workspace, quotas)
            with capacity.calls.held(workspace):
                finished = await app.try_operation(
                    WantedTry(
                        caller,
                        asked.gpt_id,
                        asked.action_id,
                        asked.operation,
                        may_call=lambda: not verified.outdated,
                        holds=holding.count,
                    )
                )
        return _tried(finished)

    return router


def _tried(finished: FinishedCall) -> OperationTried:
    error = finished.error
    return OperationTried(
        invocation_id=finished.id,
        operation=finished.operation,
        outcome=finished.outcome,
        status=finished.status,
        code=error.code if error else "",
        sentence=error.sentence if error else "",
        hint=error.hint if error else "",
    )
