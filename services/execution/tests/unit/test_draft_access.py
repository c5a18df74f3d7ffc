"""Who calls the draft of a GPT, and who is shown its tools: whoever may edit it, and nobody else.

The rule for each combination is `contracts.access`'s, and tested there.
"""

import pytest

from contracts.access import GptAccess, Level, Sharing
from contracts.errors import PlatformError
from contracts.principal import Role
from contracts.requests import Stage
from execution_service.usecases.list_tools import ListTools, WantedTools
from services.execution.tests.calling import invoke
from services.execution.tests.fakes import principal, tool, wanted_call
from services.execution.tests.memory_tools import MemoryTools

PRIVATE, SHARED = Sharing.PRIVATE, Sharing.WORKSPACE
OWNS = "owns it"
NOTHING = None
UNKNOWN = "not found"
"""Told in the words for what never existed."""
WHO_CALLS_A_DRAFT = [
    (Role.BUILDER, Level.EDIT, PRIVATE, None),
    (Role.BUILDER, Level.VIEW, PRIVATE, "access.level_too_low"),
    (Role.BUILDER, Level.CHAT, PRIVATE, "access.level_too_low"),
    (Role.BUILDER, OWNS, PRIVATE, None),
    (Role.BUILDER, NOTHING, PRIVATE, UNKNOWN),
    (Role.BUILDER, NOTHING, SHARED, "access.level_too_low"),
    (Role.USER, Level.EDIT, PRIVATE, "access.builders_only"),
    (Role.USER, OWNS, PRIVATE, "access.builders_only"),
    *((role, OWNS, PRIVATE, None) for role in (Role.OWNER, Role.ADMIN)),
    *((role, Level.EDIT, PRIVATE, None) for role in (Role.OWNER, Role.ADMIN)),
    *((role, Level.VIEW, PRIVATE, "access.level_too_low") for role in (Role.OWNER, Role.ADMIN)),
    *((role, NOTHING, PRIVATE, "access.private") for role in (Role.OWNER, Role.ADMIN)),
    *((role, NOTHING, SHARED, None) for role in (Role.OWNER, Role.ADMIN)),
]
each_of_them = pytest.mark.parametrize(("role", "relation", "sharing", "code"), WHO_CALLS_A_DRAFT)


def access_of(relation, sharing):
    """`mem_1`'s, who calls."""
    owner = "mem_1" if relation == OWNS else "mem_owner"
    entries = (("mem_1", relation),) if isinstance(relation, Level) else ()
    return GptAccess("ws_1", owner, sharing, entries)


async def refusal(promise):
    """Its code; None where nothing was refused."""
    try:
        await promise
    except PlatformError as refused:
        return refused.code
    return None


@each_of_them
async def test_b1_a_draft_is_called_by_whoever_may_edit_it(world, role, relation, sharing, code):
    world = world("POST")
    world.access = access_of(relation, sharing)
    caller = principal(role=role)

    said = await refusal(invoke(world, wanted_call({"id": 1}, principal=caller, stage=Stage.DRAFT)))

    assert said == ("execution.operation_not_found" if code == UNKNOWN else code)
    assert len(world.sent) == (1 if code is None else 0)
    assert [step for step in world.steps if step in ("find", "describe", "issue")] == (
        ["find", "describe", "issue"] if code is None else []
    )


@each_of_them
async def test_b1_a_drafts_tools_are_shown_to_whoever_may_edit_it(role, relation, sharing, code):
    world = MemoryTools((tool("getPet"),), access=access_of(relation, sharing))
    wanted = WantedTools(principal(role=role), "ws_1", "gpt_1", Stage.DRAFT)

    said = await refusal(ListTools(world.accesses, world, world, world)(wanted))

    assert said == ("execution.gpt_not_found" if code == UNKNOWN else code)
    assert bool(world.wordings) == (code is None)
