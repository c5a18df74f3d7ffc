"""Scopes that only tokens have that name them."""

from datetime import timedelta

import pytest

from contracts.errors import Denied, PlatformError
from contracts.facts import WorkspaceClosed, WorkspaceCreated
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import GRANTED_SCOPES, SCOPES_OF_ROLE, Principal, Scope, Via
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.named_scopes import given_by
from identity_service.domain.workspace import Workspace
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.lend import Lend
from kit.testing import FrozenClock
from services.identity.tests.fakes import (
    CountedTokens,
    MemoryMembers,
    MemorySessions,
    MemoryTokens,
    MemoryUses,
    MemoryWorkspaces,
)

OURS = WorkspaceId("ws_ours")
PROVISION = frozenset({Scope.MEMBERS_PROVISION})


class Tokens:
    def __init__(self):
        self.members, self.tokens, self.clock = MemoryMembers(), MemoryTokens(), FrozenClock()
        self.workspaces = MemoryWorkspaces()
        lend = Lend(self.tokens, MemorySessions())
        self.create = CreateToken(self.tokens, self.members, CountedTokens(), self.clock, 10, lend)
        stores = (self.tokens, self.members, self.workspaces)
        self.authenticate = AuthenticateToken(*stores, MemoryUses(), self.clock)

    async def caller(self, role, scopes=None, via=Via.TOKEN):
        """Somebody with a token of these scopes; None: all that the role allows."""
        id_ = TokenId(f"tok_{role}")
        member = MemberId(f"mem_{role}")
        token = ApiToken(id_, OURS, member, "t", f"of {role}", "", scopes, self.clock())
        await self.tokens.add(token)
        allowed = SCOPES_OF_ROLE[role] | given_by(role)
        held = SCOPES_OF_ROLE[role] if scopes is None else scopes & allowed
        return Principal(OURS, member, role, via, held, None, id_)

    async def scopes(self, drawn):
        return (await self.authenticate(drawn.digest)).scopes


@pytest.fixture
async def ours():
    tokens = Tokens()
    for role in Role:
        await tokens.members.add(Member(MemberId(f"mem_{role}"), OURS, role, role))
    fact = WorkspaceCreated(workspace_id=OURS, title="Ours")
    await tokens.workspaces.add(Workspace(OURS, "Ours"), fact)
    return tokens


def test_no_role_has_a_scope_that_tokens_name():
    for role in Role:
        assert not SCOPES_OF_ROLE[role] & GRANTED_SCOPES.keys()


@pytest.mark.parametrize("via", [Via.TOKEN, Via.SESSION])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("member", Role)
async def test_owners_and_admins_make_them_for_those_who_are_one(ours, via, role, member):
    caller = await ours.caller(role, via=via)
    wanted = WantedToken("SCIM", MemberId(f"mem_{member}"), PROVISION)
    may = {role, member} <= {Role.ADMIN, Role.OWNER}

    if may and (role, member) != (Role.ADMIN, Role.OWNER):
        _, drawn = await ours.create(caller, wanted)
        assert await ours.scopes(drawn) == PROVISION
    else:
        with pytest.raises(Denied):
            await ours.create(caller, wanted)


async def test_a_limited_token_gives_it_only_where_it_has_it_and_never_unnamed(ours):
    limited = await ours.caller(Role.OWNER, frozenset({"tokens:write"}))
    wanted = WantedToken("SCIM", MemberId("mem_owner"), PROVISION)
    with pytest.raises(PlatformError, match="members:provision"):
        await ours.create(limited, wanted)
    both = await ours.caller(Role.OWNER, frozenset({"tokens:write"}) | PROVISION)

    _, named = await ours.create(both, wanted)
    _, unnamed = await ours.create(both, WantedToken("x", MemberId("mem_owner")))

    assert await ours.scopes(named) == PROVISION
    assert await ours.scopes(unnamed) == {"tokens:write"}


async def test_it_goes_with_the_role_and_while_the_workspace_is_closed(ours):
    caller = await ours.caller(Role.OWNER)
    _, drawn = await ours.create(caller, WantedToken("x", MemberId("mem_admin"), PROVISION))
    admin = await ours.members.find(OURS, MemberId("mem_admin"))
    builder = admin.edited(MemberEdit(role=Role.BUILDER))

    await ours.members.replace(admin, builder)
    assert await ours.scopes(drawn) == frozenset()
    await ours.members.replace(builder, builder.edited(MemberEdit(role=Role.ADMIN)))
    assert await ours.scopes(drawn) == PROVISION
    seen = await ours.workspaces.read(OURS)
    until = ours.clock() + timedelta(days=30)
    fact = WorkspaceClosed(workspace_id=OURS, closing_until=until)
    await ours.workspaces.replace(seen, seen.closed(until), fact)
    assert await ours.scopes(drawn) == frozenset()
