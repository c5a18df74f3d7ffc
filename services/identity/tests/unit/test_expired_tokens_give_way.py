"""Tokens that expired take no place of a member's live ones."""

from datetime import timedelta

import pytest

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.errors import TooManyTokens
from identity_service.domain.member import Member
from identity_service.usecases.create_token import WantedToken
from services.identity.tests.unit.test_granted_tokens import LIMIT, OURS, Workspace

BOB = Member(MemberId("mem_builder"), OURS, "Bob", Role.BUILDER)
HOUR = timedelta(hours=1)


@pytest.fixture
async def workspace():
    ours = Workspace()
    await ours.members.add(BOB)
    return ours


async def made(workspace, name, expires_in=None):
    wanted = WantedToken(name, expires_in=expires_in)
    token, _ = await workspace.create(workspace.caller(Role.BUILDER), wanted)
    return token


async def names(workspace):
    return {each.name for each in await workspace.tokens.of_member(OURS, BOB.id)}


async def test_a_token_may_be_made_where_others_expired_and_the_first_of_those_goes(workspace):
    await made(workspace, "live")
    await made(workspace, "later", 2 * HOUR)
    await made(workspace, "first", HOUR)
    workspace.clock.now += 3 * HOUR

    await made(workspace, "new")
    assert await names(workspace) == {"live", "later", "new"}
    await made(workspace, "newer")
    assert await names(workspace) == {"live", "new", "newer"}

    with pytest.raises(TooManyTokens):
        await made(workspace, "newest")
    assert await names(workspace) == {"live", "new", "newer"}


async def test_many_tokens_of_an_hour_leave_no_more_than_the_limit_behind(workspace):
    for number in range(3 * LIMIT):
        await made(workspace, f"build {number}", HOUR)
        workspace.clock.now += 2 * HOUR

    assert len(await names(workspace)) == LIMIT
