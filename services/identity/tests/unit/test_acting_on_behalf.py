"""A trusted backend acts for people: whom, how far, and who may let it."""

from dataclasses import replace

import pytest

from contracts.errors import PlatformError
from contracts.ids import MemberId, TokenId
from contracts.principal import (
    GRANTED_SCOPES,
    ON_BEHALF_SCOPES,
    SCOPES_OF_ROLE,
    Principal,
    Role,
    Scope,
    Via,
)
from contracts.requests import Authenticate
from identity_service.domain.api_token import ApiToken
from identity_service.domain.lent import Lent
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.lend import Lend
from services.identity.tests.fakes import CountedTokens
from services.identity.tests.session_platform import ADA, OURS, THEIRS, new_platform

IMPERSONATE = Scope.USERS_IMPERSONATE
BACKEND = Member(MemberId("mem_backend"), OURS, "Backend", Role.BUILDER, kind=MemberKind.SERVICE)
BOB = Member(MemberId("mem_bob"), OURS, "Bob", Role.USER, email="bob@example.com")
OWNER = Member(MemberId("mem_owner"), OURS, "Owner", Role.OWNER)
ADMIN = Member(MemberId("mem_admin"), OURS, "Admin", Role.ADMIN)
OFF = Member(MemberId("mem_off"), OURS, "Off", Role.USER, email="off@example.com", active=False)
ROBOT = Member(MemberId("mem_robot"), OURS, "Robot", Role.USER, kind=MemberKind.SERVICE)
FOREIGN = Member(MemberId("mem_eve"), THEIRS, "Eve", Role.USER, email="eve@example.com")


@pytest.fixture
async def ours():
    platform = await new_platform()
    for member in (BACKEND, BOB, ADMIN, OFF, ROBOT, FOREIGN):
        await platform.members.add(member)
    await platform.tokens.add(token_with(IMPERSONATE, *ON_BEHALF_SCOPES))
    platform.create_token = CreateToken(
        *(platform.tokens, platform.members, CountedTokens(), platform.clock, 10),
        Lend(platform.tokens, platform.sessions),
    )
    return platform


def token_with(*scopes, id_="tok_backend", member=BACKEND, digest="backend"):
    return ApiToken(
        id=TokenId(id_),
        workspace_id=OURS,
        member_id=member.id,
        name="Backend",
        digest=digest,
        hint="",
        scopes=frozenset(scopes),
        created_at=None,
    )


async def acting(ours, whom, digest="backend"):
    asked = Authenticate(token_digest=digest, on_behalf_of=whom)
    return await ours.authenticate_caller(asked)


async def code_of(work):
    try:
        await work
    except PlatformError as error:
        return error.code
    return None


@pytest.mark.parametrize("whom", [BOB.id, BOB.email])
async def test_the_principal_is_the_member_and_the_token_is_named(ours, whom):
    caller = await acting(ours, whom)

    assert (caller.member_id, caller.role, caller.via) == (BOB.id, Role.USER, Via.ON_BEHALF_OF)
    assert (caller.token_id, caller.acting_member_id) == ("tok_backend", BACKEND.id)
    assert caller.scopes == ON_BEHALF_SCOPES


@pytest.mark.parametrize(
    "whom",
    [
        *(ADMIN.id, OFF.id, OFF.email, ROBOT.id, BACKEND.id, FOREIGN.id, FOREIGN.email),
        *("mem_unknown", "nobody@example.com", "@"),
    ],
)
async def test_h98_all_others_are_refused_in_the_same_words(ours, whom):
    with pytest.raises(PlatformError) as refused:
        await acting(ours, whom)

    unknown = await sentence_of(acting(ours, "mem_unknown"))
    assert refused.value.code == "identity.cannot_act_for"
    assert (refused.value.sentence, refused.value.hint) == unknown


async def sentence_of(work):
    with pytest.raises(PlatformError) as refused:
        await work
    return refused.value.sentence, refused.value.hint


async def test_it_reaches_no_further_than_the_member_the_token_and_the_list(ours):
    more = ("members:read", "workspace:read", "members:write")
    limited = token_with(IMPERSONATE, "invocations:create", *more, digest="limited")
    await ours.tokens.add(replace(limited, id=TokenId("tok_2")))

    assert (await acting(ours, ADA.id, "limited")).scopes == {"invocations:create"}
    for role in Role:
        assert SCOPES_OF_ROLE[role] >= ON_BEHALF_SCOPES
    assert not any(scope.endswith((":write", ":remove")) for scope in ON_BEHALF_SCOPES)
    assert {"workspace:read", "tokens:read"}.isdisjoint(ON_BEHALF_SCOPES)


@pytest.mark.parametrize("scopes", [None, frozenset(ON_BEHALF_SCOPES)])
async def test_a_token_that_does_not_name_the_scope_acts_for_nobody(ours, scopes):
    await ours.members.add(OWNER)
    owners = replace(token_with(member=OWNER, digest="plain"), id=TokenId("tok_2"), scopes=scopes)
    await ours.tokens.add(owners)

    assert await code_of(acting(ours, BOB.id, "plain")) == "identity.scope_missing"
    assert await code_of(acting(ours, BOB.id, "unknown")) == "identity.token_invalid"


async def test_who_is_switched_off_or_rises_is_acted_for_no_more(ours):
    await acting(ours, BOB.id)
    raised = BOB.edited(MemberEdit(role=Role.ADMIN))
    await ours.members.replace(BOB, raised)

    assert await code_of(acting(ours, BOB.id)) == "identity.cannot_act_for"


async def test_the_tokens_own_member_decides_how_far_it_reaches(ours):
    lowered = BACKEND.edited(MemberEdit(role=Role.USER))
    await ours.members.replace(BACKEND, lowered)
    assert await code_of(acting(ours, ADA.id)) == "identity.cannot_act_for"
    assert await code_of(acting(ours, BOB.id)) is None

    await ours.members.replace(lowered, lowered.switched(active=False))
    assert await code_of(acting(ours, BOB.id)) == "identity.token_invalid"


async def test_a_persons_token_acts_for_others_while_they_are_an_owner(ours):
    await ours.members.add(OWNER)
    named = token_with(IMPERSONATE, "invocations:create", member=OWNER, digest="named")
    await ours.tokens.add(replace(named, id=TokenId("tok_2")))
    assert (await acting(ours, ADMIN.id, "named")).member_id == ADMIN.id

    await ours.members.replace(OWNER, OWNER.edited(MemberEdit(role=Role.ADMIN)))

    assert await code_of(acting(ours, BOB.id, "named")) == "identity.scope_missing"


async def test_whom_a_lent_token_acts_for_rests_on_its_maker_too(ours):
    """So other services refuse it within a second where its maker is switched off."""
    await ours.members.add(OWNER)
    token = token_with(IMPERSONATE, *ON_BEHALF_SCOPES, id_="tok_lent", member=OWNER, digest="lent")
    await ours.tokens.add(replace(token, lent=Lent((ADMIN.id,), Role.OWNER)))

    assert (await acting(ours, BOB.id, "lent")).rests_on == (ADMIN.id,)


async def test_nobody_acts_for_others_in_a_workspace_that_is_closing(ours):
    seen = await ours.workspaces.read(OURS)
    await ours.workspaces.replace(seen, seen.closed(ours.clock.now))

    assert await code_of(acting(ours, BOB.id)) == "identity.workspace_closing"


def caller(role, scopes=None, via=Via.SESSION, token_id="ses"):
    scopes = SCOPES_OF_ROLE[role] if scopes is None else frozenset(scopes)
    return Principal(OURS, MemberId("mem_x"), role, via, scopes, None, token_id)


WANTED = WantedToken("Backend", BACKEND.id, frozenset({IMPERSONATE, "invocations:create"}))


@pytest.mark.parametrize("role", [Role.USER, Role.BUILDER, Role.ADMIN])
async def test_nobody_but_an_owner_lets_a_token_act_for_others(ours, role):
    scopes = frozenset({IMPERSONATE})
    wanted = replace(WANTED, member_id=ROBOT.id, scopes=scopes)

    assert await code_of(ours.create_token(caller(role), wanted)) == "identity.scopes_exceeded"


async def test_an_owner_lets_a_token_act_for_others_which_no_other_token_may(ours):
    session, _ = await ours.sign_in(OWNER, "Firefox")
    owner = caller(Role.OWNER, token_id=session.id)
    token, drawn = await ours.create_token(owner, WANTED)

    assert (await ours.authenticate_token(drawn.digest)).scopes == token.scopes == WANTED.scopes
    for_bob = ours.create_token(owner, replace(WANTED, member_id=BOB.id))
    assert await code_of(for_bob) == "identity.scopes_exceeded"
    plain, _ = await ours.create_token(owner, WantedToken("Plain", BACKEND.id))
    assert plain.scopes is None
    assert not any(GRANTED_SCOPES.keys() & scopes for scopes in SCOPES_OF_ROLE.values())


async def test_a_token_with_scopes_gives_it_away_only_where_it_has_it_and_says_so(ours):
    has = {"tokens:write", "invocations:create"}
    await ours.tokens.add(token_with(*has, id_="tok_without", digest="1"))
    await ours.tokens.add(token_with(*has, IMPERSONATE, id_="tok_with", digest="2"))
    without = caller(Role.OWNER, has, Via.TOKEN, "tok_without")
    with_it = caller(Role.OWNER, {*has, IMPERSONATE}, Via.TOKEN, "tok_with")

    assert await code_of(ours.create_token(without, WANTED)) == "identity.scopes_exceeded"
    assert await code_of(ours.create_token(with_it, WANTED)) is None
    inherited, _ = await ours.create_token(with_it, WantedToken("Inherited", BACKEND.id))
    assert inherited.scopes == has
