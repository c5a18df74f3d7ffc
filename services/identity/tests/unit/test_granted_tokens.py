"""Who may create, and who may revoke, which tokens."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import PlatformError
from contracts.facts import MemberChanged, TokenRevoked
from contracts.ids import MemberId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.adapters.mongo_tokens import ALL_SCOPES_OF_VERSION_1, TOKENS
from identity_service.domain.member import Member
from identity_service.usecases.add_member import AddMember, NewMember
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.lend import Lend
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit.testing import FrozenClock
from services.identity.tests.callers import TokensOfCallers
from services.identity.tests.fakes import CountedTokens, MemoryMembers, MemorySessions

OURS = WorkspaceId("ws_ours")
LIMIT = 3


class Workspace:
    """A workspace with one member of each role, `mem_owner` to `mem_user`."""

    def __init__(self):
        self.members, self.clock = MemoryMembers(), FrozenClock()
        self.tokens = TokensOfCallers()
        lend, draw = Lend(self.tokens, MemorySessions()), CountedTokens()
        self.create = CreateToken(self.tokens, self.members, draw, self.clock, LIMIT, lend)
        keep = KeepAnOwner(self.members, self.tokens, self.clock)
        ends = EndSessionsOfMember(MemorySessions(), EndSession(MemorySessions()))
        self.revoke = RevokeToken(self.tokens, self.members, keep, ends)

    def caller(self, role, *, token_id="tok_caller", scopes=None):
        return Principal(
            OURS,
            MemberId(f"mem_{role}"),
            role,
            Via.TOKEN,
            SCOPES_OF_ROLE[role] if scopes is None else frozenset(scopes),
            None,
            token_id,
        )

    async def refusal(self, work):
        with pytest.raises(PlatformError) as refused:
            await work
        return refused.value.code


@pytest.fixture
async def workspace():
    ours = Workspace()
    for role in Role:
        await ours.members.add(Member(MemberId(f"mem_{role}"), OURS, role.title(), role))
    await ours.members.add(Member(MemberId("mem_2nd"), OURS, "Second owner", Role.OWNER))
    return ours


async def test_a_token_is_the_callers_own_and_does_all_they_may_unless_they_say_otherwise(
    workspace,
):
    token, drawn = await workspace.create(workspace.caller(Role.ADMIN), WantedToken("CI"))

    assert (token.member_id, token.scopes) == ("mem_admin", SCOPES_OF_ROLE[Role.ADMIN])
    assert await workspace.tokens.find_by_digest(drawn.digest) == token
    assert token.expires_at is None


async def test_a_token_for_another_does_no_more_than_their_role(workspace):
    wanted = WantedToken("Phone", MemberId("mem_user"), expires_in=timedelta(days=7))

    token, _ = await workspace.create(workspace.caller(Role.ADMIN), wanted)

    user_scopes = SCOPES_OF_ROLE[Role.USER]
    assert token.scopes_within(user_scopes) == user_scopes
    assert token.expires_at == workspace.clock() + timedelta(days=7)
    assert token.created_by == "mem_admin"


async def made_through(workspace, own_scopes):
    """A token that was made without scopes for the builder, with a caller's own token like that."""
    own, _ = await workspace.create(workspace.caller(Role.OWNER), WantedToken("Own"))
    await workspace.tokens.add(replace(own, scopes=own_scopes))
    scopes = own.scopes_within(SCOPES_OF_ROLE[Role.OWNER]) if own_scopes is None else own_scopes
    caller = workspace.caller(Role.OWNER, token_id=own.id, scopes=scopes)
    made, _ = await workspace.create(caller, WantedToken("CI", MemberId("mem_builder")))
    return made


async def test_a_token_without_scopes_follows_its_member_when_they_rise(workspace):
    made = await made_through(workspace, None)

    assert made.scopes is None
    for role in (Role.USER, Role.BUILDER, Role.ADMIN):
        assert made.scopes_within(SCOPES_OF_ROLE[role]) == SCOPES_OF_ROLE[role]


async def test_a_token_without_scopes_never_does_more_than_its_creators_token_could(workspace):
    limit = SCOPES_OF_ROLE[Role.ADMIN] - {"domains:write"}

    made = await made_through(workspace, limit)

    assert made.scopes_within(SCOPES_OF_ROLE[Role.BUILDER]) == SCOPES_OF_ROLE[Role.BUILDER]
    assert made.scopes_within(SCOPES_OF_ROLE[Role.OWNER]) == limit


async def test_a_token_with_all_scopes_of_a_role_limits_those_that_are_made_with_it(workspace):
    made = await made_through(workspace, SCOPES_OF_ROLE[Role.ADMIN])

    assert made.scopes_within(SCOPES_OF_ROLE[Role.OWNER]) == SCOPES_OF_ROLE[Role.ADMIN]


@pytest.mark.parametrize(
    ("own_scopes", "wanted", "code"),
    [
        pytest.param(
            None,
            WantedToken("x", MemberId("mem_user"), frozenset({"domains:write"})),
            "identity.scopes_exceeded",
            id="more than the member's role",
        ),
        pytest.param(
            {"tokens:write", "gpts:read"},
            WantedToken("x", None, frozenset({"gpts:read", "gpts:write"})),
            "identity.scopes_exceeded",
            id="more than the caller's token",
        ),
        pytest.param(
            None,
            WantedToken("x", MemberId("mem_owner"), frozenset({"gpts:read"})),
            "identity.role_above_own",
            id="for a member above",
        ),
        pytest.param(
            None, WantedToken("x", MemberId("mem_?")), "platform.not_found", id="for nobody"
        ),
    ],
)
async def test_nobody_gives_away_more_than_they_have(workspace, own_scopes, wanted, code):
    admin = workspace.caller(Role.ADMIN, scopes=own_scopes)

    assert await workspace.refusal(workspace.create(admin, wanted)) == code
    assert await workspace.tokens.page(OURS, 10, None) == []


async def test_a_token_of_a_narrow_token_is_as_narrow(workspace):
    narrow = workspace.caller(Role.OWNER, scopes={"tokens:write", "gpts:read"})

    token, _ = await workspace.create(narrow, WantedToken("CI"))

    assert token.scopes == {"tokens:write", "gpts:read"}


async def test_a_member_has_no_more_tokens_than_the_limit(workspace):
    owner = workspace.caller(Role.OWNER)
    for _ in range(LIMIT):
        await workspace.create(owner, WantedToken("CI"))

    refused = workspace.create(owner, WantedToken("CI"))

    assert await workspace.refusal(refused) == "identity.too_many_tokens"


class TokensOfARemovedMember(TokensOfCallers):
    """The member is removed, and their tokens revoked, right before one more is added."""

    members = None

    async def add(self, token):
        member = await self.members.find(token.workspace_id, token.member_id)
        fact = MemberChanged(
            workspace_id=OURS, member_id=member.id, role=None, revision=member.revision + 1
        )
        await self.members.remove(member, fact)
        await RevokeTokensOfMember(self)(OURS, member.id)
        await super().add(token)


async def test_b12_a_token_for_a_member_who_is_removed_meanwhile_is_not_left_behind(workspace):
    tokens = TokensOfARemovedMember()
    tokens.members = workspace.members
    draw, lend = CountedTokens(), Lend(tokens, MemorySessions())
    create = CreateToken(tokens, workspace.members, draw, workspace.clock, LIMIT, lend)

    wanted = WantedToken("late", MemberId("mem_user"))
    assert await workspace.refusal(create(workspace.caller(Role.OWNER), wanted)) == (
        "platform.not_found"
    )

    assert await tokens.of_member(OURS, "mem_user") == []
    assert len(tokens.facts.of(TokenRevoked)) == 1


async def test_a_revoked_token_is_gone_and_said_to_be(workspace):
    admin = workspace.caller(Role.ADMIN)
    token, drawn = await workspace.create(admin, WantedToken("CI"))

    await workspace.revoke(admin, token.id)

    assert await workspace.tokens.find_by_digest(drawn.digest) is None
    [fact] = workspace.tokens.facts.of(TokenRevoked)
    assert (fact.workspace_id, fact.token_digest) == (OURS, drawn.digest)


async def test_nobody_revokes_a_token_of_somebody_above(workspace):
    token, _ = await workspace.create(workspace.caller(Role.OWNER), WantedToken("Mine"))

    refused = workspace.revoke(workspace.caller(Role.ADMIN), token.id)

    assert await workspace.refusal(refused) == "identity.role_above_own"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(None, id="there is no other"),
        pytest.param(WantedToken("x", MemberId("mem_admin")), id="the other is an admin's"),
        pytest.param(
            WantedToken("x", scopes=frozenset({"gpts:read"})), id="the other creates no tokens"
        ),
        pytest.param(WantedToken("x", expires_in=timedelta(seconds=1)), id="the other expired"),
    ],
)
async def test_the_last_token_that_lets_an_owner_in_is_not_revoked(workspace, other):
    own, _ = await workspace.create(workspace.caller(Role.OWNER), WantedToken("Own"))
    caller = workspace.caller(Role.OWNER, token_id=own.id)
    if other:
        await workspace.create(caller, other)
    workspace.clock.advance(timedelta(seconds=1))

    refused = workspace.revoke(caller, own.id)

    assert await workspace.refusal(refused) == "identity.last_owner_token"


async def test_an_owner_revokes_their_own_token_while_another_owner_can_get_in(workspace):
    own, drawn = await workspace.create(workspace.caller(Role.OWNER), WantedToken("Own"))
    await workspace.create(workspace.caller(Role.OWNER), WantedToken("Theirs", MemberId("mem_2nd")))

    await workspace.revoke(workspace.caller(Role.OWNER, token_id=own.id), own.id)

    assert await workspace.tokens.find_by_digest(drawn.digest) is None


@pytest.mark.parametrize("role", Role)
async def test_nobody_grants_a_role_above_their_own(workspace, role):
    add = AddMember(workspace.members, limit=10)
    granted = set()
    for wanted in Role:
        try:
            granted.add((await add(workspace.caller(role), NewMember("New", wanted))).role)
        except PlatformError as error:
            assert error.code == "identity.role_above_own"  # noqa: PT017 - some are granted

    order = [Role.OWNER, Role.ADMIN, Role.BUILDER, Role.USER]
    assert granted == set(order[order.index(role) :])


async def test_a_workspace_has_no_more_members_than_the_limit(workspace):
    add = AddMember(workspace.members, limit=5)

    refused = add(workspace.caller(Role.OWNER), NewMember("One more", Role.USER))

    assert await workspace.refusal(refused) == "identity.too_many_members"


def stored_token(scopes):
    return {
        "member_id": "mem_1",
        "name": "CI",
        "digest": "d",
        "hint": "h",
        "created_at": FrozenClock().now,
        "scopes": scopes,
        "expires_at": None,
    }


@pytest.mark.parametrize(
    ("scopes", "more"),
    [
        (sorted(ALL_SCOPES_OF_VERSION_1), {"settings:read", "settings:write", "workspace:remove"}),
        (sorted(ALL_SCOPES_OF_VERSION_1 - {"domains:write"}), set()),
    ],
    ids=["all there were", "one was left out"],
)
def test_a_token_of_an_earlier_release_that_could_do_everything_still_can(scopes, more):
    state = stored_token(scopes)

    assert set(TOKENS.read(state, 1).scopes) == {*scopes, *more}
    assert set(TOKENS.read(state, 2).scopes) == set(scopes)
    assert set(SCOPES_OF_ROLE[Role.OWNER]) >= {*scopes, *more}


def test_a_token_of_an_earlier_release_without_scopes_of_its_own_has_none():
    assert TOKENS.read(stored_token(None), 1).scopes is None


class SlowTokens(TokensOfCallers):
    """Whoever adds one waits until all others asked, as on many replicas."""

    async def add(self, token):
        await asyncio.sleep(0)
        await super().add(token)


async def test_a_member_has_no_more_tokens_than_the_limit_however_many_are_made_at_once(
    workspace,
):
    tokens = SlowTokens()
    create = replace(workspace.create, tokens=tokens)
    wanted, caller = WantedToken("T", MemberId("mem_user")), workspace.caller(Role.OWNER)

    made = [create(caller, wanted) for _ in range(8)]
    outcomes = await asyncio.gather(*made, return_exceptions=True)

    kept = {token.id for token in await tokens.of_member(OURS, MemberId("mem_user"))}
    assert len(kept) == LIMIT
    assert kept == {each[0].id for each in outcomes if isinstance(each, tuple)}
    refused = [each.code for each in outcomes if not isinstance(each, tuple)]
    assert refused == ["identity.too_many_tokens"] * 5
