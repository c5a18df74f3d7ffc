"""One call of the operation that a `World` offers."""

import pytest

from contracts.errors import PlatformError
from execution_service.domain.invocation import WantedCall
from execution_service.usecases.invoke_operation import InvokeOperation


async def invoke(world, **arguments):
    invoke_operation = InvokeOperation(world, world, world, world, world, lambda: "inv_1", 1_000)
    wanted = WantedCall(
        "ws_1",
        "mem_1",
        "gpt_1",
        "listPets",
        arguments or {"id": 1},
        may_call=lambda: world.token_holds,
    )
    return await invoke_operation(wanted)


async def refused(world, kind=PlatformError, **arguments):
    with pytest.raises(kind) as refusal:
        await invoke(world, **arguments)
    assert world.sent == []
    return refusal.value
