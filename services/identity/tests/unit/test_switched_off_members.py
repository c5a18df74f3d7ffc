"""Members who are switched off: refused everywhere, and back with their tokens."""

from dataclasses import replace

import pytest

from contracts.errors import PlatformError
from contracts.facts import MemberChanged, SessionRevoked, TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Principal, Scope, Via
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.errors import LinkUsedUp
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.sign_in_link import LIVES_FOR, SignInLink
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.read_oldest_owner import ReadOldestOwner
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.switch_member import SwitchMember
from services.identity.tests.fakes import CountedSecrets, MemorySignInLinks
from services.identity.tests.session_platform import ADA, OURS, new_platform

OWNER = Member(MemberId("mem_owner"), OURS, "Owner", Role.OWNER)
OTHER = Member(MemberId("mem_other"), OURS, "Other", Role.OWNER)
ADMIN = Member(MemberId("mem_admin"), OURS, "Admin", Role.ADMIN)
EVERYBODY = (OWNER, OTHER, ADMIN)


@pytest.fixture
async def ours():
    """Ada, two owners and an admin, each with a token."""
    platform = await new_platform()
    for member in EVERYBODY:
        await platform.members.add(member)
    for member in (ADA, *EVERYBODY):
        await platform.tokens.add(token_of(member, platform.clock()))
    keep = KeepAnOwner(platform.members, platform.tokens, platform.clock)
    platform.keep = keep
    platform.switch = SwitchMember(platform.members, keep, platform.end_all)
    platform.change = ChangeMember(platform.members, keep)
    revoke = RevokeTokensOfMember(platform.tokens)
    platform.remove = RemoveMember(
        platform.members, keep, EndAccessOfMember(revoke, platform.end_all)
    )
    return platform


def token_of(member, now):
    return ApiToken(
        id=TokenId(f"tok_{member.name}"),
        workspace_id=OURS,
        member_id=member.id,
        name="CI",
        digest=f"digest of {member.name}",
        hint="",
        scopes=None,
        created_at=now,
    )


def caller(member=OWNER):
    scopes = SCOPES_OF_ROLE[member.role]
    return Principal(OURS, member.id, member.role, Via.TOKEN, scopes, None, "tok")


async def code_of(work):
    try:
        await work
    except PlatformError as error:
        return error.code
    return None


async def test_whoever_is_switched_off_is_refused_and_gets_their_tokens_back(ours):
    off = await ours.switch(caller(), ADA.id, active=False)
    refused = await code_of(ours.authenticate_token("digest of Ada"))
    on = await ours.switch(caller(), ADA.id, active=True)

    assert (off.active, refused) == (False, "identity.token_invalid")
    assert (on.active, on.revision) == (True, 3)
    assert (await ours.authenticate_token("digest of Ada")).member_id == ADA.id
    assert ours.tokens.facts.of(TokenRevoked) == []


async def test_sessions_end_and_do_not_come_back(ours):
    _, before = await ours.signed_in(ADA)
    await ours.switch(caller(), ADA.id, active=False)
    _, meanwhile = await ours.signed_in(ADA)

    assert await code_of(ours.authenticate_session(meanwhile)) == "identity.session_ended"
    assert await code_of(ours.renew(meanwhile)) == "identity.session_ended"
    await ours.switch(caller(), ADA.id, active=True)

    for digest in (before, meanwhile):
        assert await code_of(ours.authenticate_session(digest)) == "identity.session_ended"
    ended = {fact.session_digest for fact in ours.sessions.facts.of(SessionRevoked)}
    assert ended == {before, meanwhile}


async def test_the_fact_reads_of_a_removal_to_releases_that_know_no_switch(ours):
    await ours.switch(caller(), ADA.id, active=False)
    await ours.change(caller(), ADA.id, MemberEdit(role=Role.USER), None)
    await ours.switch(caller(), ADA.id, active=True)

    said = [(each.role, each.active) for each in ours.members.facts.of(MemberChanged)]
    assert said == [(None, False), (None, False), (Role.USER, True)]


async def test_switching_again_succeeds_once_it_is_in_force(ours):
    await ours.switch(caller(), ADA.id, active=False, expected_revision=1)
    again = await ours.switch(caller(), ADA.id, active=False, expected_revision=1)
    ours.members.late = True

    assert again.revision == 2
    late = ours.switch(caller(), ADA.id, active=False)
    assert await code_of(late) == "platform.not_in_force"
    stale = ours.switch(caller(), ADA.id, active=True, expected_revision=1)
    assert await code_of(stale) == "platform.changed_meanwhile"


@pytest.mark.parametrize("active", [True, False])
async def test_nobody_switches_somebody_above_or_of_another_workspace(ours, active):
    theirs = Member(MemberId("mem_theirs"), WorkspaceId("ws_theirs"), "Eve", Role.USER)
    await ours.members.add(theirs)

    above = ours.switch(caller(ADMIN), OWNER.id, active=active)
    assert await code_of(above) == "identity.role_above_own"
    foreign = ours.switch(caller(), theirs.id, active=active)
    assert await code_of(foreign) == "platform.not_found"


async def test_an_owner_who_is_switched_off_counts_as_nobody(ours):
    await ours.switch(caller(), OTHER.id, active=False)

    for leaving in (
        ours.switch(caller(), OWNER.id, active=False),
        ours.remove(caller(), OWNER.id),
        ours.change(caller(), OWNER.id, MemberEdit(role=Role.USER), None),
    ):
        assert await code_of(leaving) == "identity.last_owner"
    revoke = RevokeToken(ours.tokens, ours.members, ours.keep, ours.end_all)
    assert await code_of(revoke(caller(), TokenId("tok_Owner"))) == "identity.last_owner_token"
    assert await code_of(revoke(caller(), TokenId("tok_Other"))) is None
    assert await code_of(ours.remove(caller(), OTHER.id)) is None


async def test_sign_in_links_and_orphans_go_to_an_owner_who_is_there(ours):
    first = min(OWNER.id, OTHER.id)
    other = max(OWNER.id, OTHER.id)
    links = MemorySignInLinks()
    create = CreateSignInLink(links, ours.members, ours.enforce, CountedSecrets("osl_"), ours.clock)
    await ours.switch(caller(), first, active=False)

    link, _ = await create(OURS)

    assert link.member_id == other
    assert await ReadOldestOwner(ours.members)(OURS) == other


async def test_a_sign_in_link_of_somebody_who_is_switched_off_lets_nobody_in(ours):
    links = MemorySignInLinks()
    link = SignInLink("sil_1", OURS, OWNER.id, "digest", ours.clock() + LIVES_FOR)
    await links.add(link)
    read = ReadSignInLink(links, ours.members, ours.workspaces, ours.enforce, ours.clock)
    assert (await read("digest")).member.id == OWNER.id

    await ours.members.replace(OWNER, replace(OWNER, active=False, revision=2))

    with pytest.raises(LinkUsedUp):
        await read("digest")


async def test_who_may_do_less_than_a_member_switches_them_off_and_not_on_again(ours):
    """Their tokens, which may do more, would be good again."""
    scopes = SCOPES_OF_ROLE[Role.OWNER] - {Scope.WORKSPACE_REMOVE}
    limited = replace(caller(), scopes=scopes)

    assert not (await ours.switch(limited, OTHER.id, active=False)).active

    assert await code_of(ours.switch(limited, OTHER.id, active=True)) == "identity.scopes_exceeded"
    assert not (await ours.members.find(OURS, OTHER.id)).active
    assert (await ours.switch(limited, ADMIN.id, active=True)).active
    assert (await ours.switch(caller(), OTHER.id, active=True)).active
