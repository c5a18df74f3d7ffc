"""One call of the operation that a `World` offers."""

import pytest

from contracts.errors import PlatformError
from execution_service.usecases.invoke_operation import InvokeOperation
from execution_service.usecases.steps.admit import Admit
from execution_service.usecases.steps.build import Build
from execution_service.usecases.steps.decide import Decide
from execution_service.usecases.steps.gate import Gate
from execution_service.usecases.steps.resolve import Resolve
from execution_service.usecases.steps.run_steps import RunSteps
from execution_service.usecases.steps.send import Send
from execution_service.usecases.steps.send_signed import SendSigned
from execution_service.usecases.steps.settle import Settle
from execution_service.usecases.steps.sign import Sign
from services.execution.tests.fakes import wanted_call


def steps_of(world):
    return (
        Resolve(world.accesses, world),
        Gate(world),
        Admit(world),
        Decide(world),
        Sign(world),
        (build := Build(1_000)),
        SendSigned(world, build, Send(world, world)),
    )


def invoking(world):
    return InvokeOperation(RunSteps(steps_of(world)), Settle(world), lambda: "inv_1")


async def invoke(world, wanted=None, **arguments):
    wanted = wanted or wanted_call(arguments or {"id": 1}, may_call=lambda: world.token_holds)
    return await invoking(world)(wanted)


async def refused(world, kind=PlatformError, wanted=None, **arguments):
    with pytest.raises(kind) as refusal:
        await invoke(world, wanted, **arguments)
    assert world.sent == []
    return refusal.value
