from datetime import timedelta

import pytest

from contracts.facts import WorkspaceClosed, WorkspaceCreated, WorkspaceRemoved
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.member import Member
from identity_service.domain.workspace import Workspace
from identity_service.usecases.authenticate_token import AuthenticateToken
from kit.errors import Unauthenticated
from kit.testing import FrozenClock
from services.identity.tests.fakes import (
    CountedTokens,
    MemoryMembers,
    MemoryTokens,
    MemoryUses,
    MemoryWorkspaces,
)

OURS = WorkspaceId("ws_ours")
DRAWN = CountedTokens()()


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def uses():
    return MemoryUses()


@pytest.fixture
async def authenticate(clock, uses):
    members = MemoryMembers()
    await members.add(Member(MemberId("mem_ada"), OURS, "Ada", Role.BUILDER))
    return AuthenticateToken(MemoryTokens(), members, await workspaces(), uses, clock)


async def workspaces():
    stored = MemoryWorkspaces()
    fact = WorkspaceCreated(workspace_id=OURS, title="Ours")
    await stored.add(Workspace(OURS, "Ours"), fact)
    return stored


def token(clock, **fields):
    known = {
        "id": TokenId("tok_1"),
        "workspace_id": OURS,
        "member_id": MemberId("mem_ada"),
        "name": "CI",
        "digest": DRAWN.digest,
        "hint": DRAWN.hint,
        "scopes": None,
        "created_at": clock(),
    }
    return ApiToken(**{**known, **fields})


async def test_a_token_without_scopes_of_its_own_does_what_its_members_role_does(
    authenticate, clock
):
    await authenticate.tokens.add(token(clock))

    caller = await authenticate(DRAWN.digest)

    assert (caller.workspace_id, caller.member_id, caller.role) == (OURS, "mem_ada", Role.BUILDER)
    assert caller.scopes == SCOPES_OF_ROLE[Role.BUILDER]


async def test_a_scope_that_the_role_has_not_is_not_given_even_if_the_token_names_it(
    authenticate, clock
):
    await authenticate.tokens.add(token(clock, scopes=frozenset({"gpts:read", "domains:write"})))

    assert (await authenticate(DRAWN.digest)).scopes == {"gpts:read"}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"digest": "another"}, id="unknown"),
        pytest.param({"expires_at": FrozenClock().now}, id="expired"),
        pytest.param({"member_id": MemberId("mem_gone")}, id="its member is gone"),
        pytest.param({"workspace_id": WorkspaceId("ws_theirs")}, id="member of another workspace"),
    ],
)
async def test_a_token_that_stands_for_nobody_is_refused_in_the_same_words(
    authenticate, clock, uses, fields
):
    await authenticate.tokens.add(token(clock, **fields))

    with pytest.raises(Unauthenticated) as refused:
        await authenticate(DRAWN.digest)

    assert refused.value.sentence == Unauthenticated().sentence
    assert uses.noted == []


async def test_a_use_is_noted_unless_one_was_within_the_last_minute(authenticate, clock, uses):
    await authenticate.tokens.add(token(clock, last_used_at=clock()))
    clock.advance(timedelta(seconds=59))
    await authenticate(DRAWN.digest)
    clock.advance(timedelta(seconds=1))
    await authenticate(DRAWN.digest)

    assert uses.noted == [("tok_1", clock())]


async def test_a_token_lives_until_the_moment_it_expires(authenticate, clock):
    await authenticate.tokens.add(token(clock, expires_at=clock() + timedelta(days=1)))

    clock.advance(timedelta(days=1, microseconds=-1))
    assert (await authenticate(DRAWN.digest)).expires_at is not None

    clock.advance(timedelta(microseconds=1))
    with pytest.raises(Unauthenticated):
        await authenticate(DRAWN.digest)


async def test_h102_a_token_of_another_installation_is_refused(authenticate, clock, uses):
    """Tokens are bound to their installation by being looked up there: none carries a claim."""
    members = MemoryMembers()
    await members.add(Member(MemberId("mem_ada"), OURS, "Ada", Role.BUILDER))
    staging = AuthenticateToken(MemoryTokens(), members, await workspaces(), uses, clock)
    of_staging = token(clock)
    await staging.tokens.add(of_staging)

    assert await staging(of_staging.digest)
    with pytest.raises(Unauthenticated):
        await authenticate(of_staging.digest)


async def test_a_token_of_a_closed_workspace_reads_and_restores_it_and_does_nothing_else(
    authenticate, clock
):
    await authenticate.members.add(Member(MemberId("mem_own"), OURS, "Own", Role.OWNER))
    await authenticate.tokens.add(token(clock, member_id=MemberId("mem_own")))
    open_one = await authenticate.workspaces.read(OURS)
    until = clock() + timedelta(days=30)
    fact = WorkspaceClosed(workspace_id=OURS, closing_until=until)
    await authenticate.workspaces.replace(open_one, open_one.closed(until), fact)

    caller = await authenticate(DRAWN.digest)

    assert caller.scopes == {"workspace:read", "workspace:remove"}
    assert caller.closing_until == until


async def test_a_token_of_a_removed_workspace_is_refused_in_the_same_words(authenticate, clock):
    await authenticate.tokens.add(token(clock))
    ours = await authenticate.workspaces.read(OURS)
    await authenticate.workspaces.remove(ours, WorkspaceRemoved(workspace_id=OURS))

    with pytest.raises(Unauthenticated) as refused:
        await authenticate(DRAWN.digest)

    assert refused.value.sentence == Unauthenticated().sentence
