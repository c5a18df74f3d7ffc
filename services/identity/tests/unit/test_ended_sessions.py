"""How sessions end: by a new sign-in, one by one, everywhere, and with their member."""

from datetime import timedelta

import pytest

from contracts.errors import NotFound
from contracts.facts import (
    SessionRevoked,
)
from contracts.ids import MemberId, SessionId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Authenticate, CredentialKind, Role
from identity_service.domain.member import Member
from identity_service.domain.session import MAX_OF_A_MEMBER
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit.errors import NotInForce, SessionEnded, Unauthenticated
from services.identity.tests.session_platform import ADA, OURS, THEIRS, new_platform


@pytest.fixture
async def platform():
    return await new_platform()


async def test_a_new_secret_at_each_sign_in_and_the_browsers_older_session_ends(platform):
    older, old = await platform.signed_in()

    newer, new = await platform.signed_in(replaced=old)

    assert old != new
    assert older.id != newer.id
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(old)
    [fact] = platform.sessions.facts.of(SessionRevoked)
    assert (fact.session_id, fact.session_digest, fact.member_id) == (older.id, old, ADA.id)


async def test_signing_in_as_another_member_ends_the_first_ones_session_too(platform):
    eve = Member(MemberId("mem_eve"), OURS, "Eve", Role.USER)
    await platform.members.add(eve)
    _, adas = await platform.signed_in()

    await platform.signed_in(eve, replaced=adas)

    with pytest.raises(SessionEnded):
        await platform.authenticate_session(adas)


async def test_a_secret_that_never_was_one_replaces_nothing(platform):
    _, digest = await platform.signed_in()

    await platform.signed_in(replaced="made up")

    assert await platform.authenticate_session(digest)


async def test_who_signs_in_need_not_wait_until_the_older_session_is_void_everywhere(platform):
    _, old = await platform.signed_in()
    platform.sessions.late = True

    _, new = await platform.signed_in(replaced=old)

    assert await platform.authenticate_session(new)
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(old)


async def test_one_session_more_than_a_member_may_have_ends_the_oldest(platform):
    signed_in = []
    for _ in range(MAX_OF_A_MEMBER + 1):
        signed_in.append(await platform.signed_in())
        platform.clock.advance(timedelta(seconds=1))

    with pytest.raises(SessionEnded):
        await platform.authenticate_session(signed_in[0][1])
    for _, digest in signed_in[1:]:
        assert await platform.authenticate_session(digest)


async def test_expired_sessions_take_nobodys_place(platform):
    for _ in range(MAX_OF_A_MEMBER):
        await platform.signed_in()
    platform.clock.advance(timedelta(hours=13))
    await platform.signed_in()

    assert platform.sessions.facts.of(SessionRevoked) == []


async def test_ending_a_session_twice_succeeds_and_is_published_once(platform):
    session, digest = await platform.signed_in()
    for _ in range(2):
        await platform.end(OURS, ADA.id, session.id)

    assert len(platform.sessions.facts.of(SessionRevoked)) == 1
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(digest)


@pytest.mark.parametrize(
    ("workspace_id", "member_id"), [(THEIRS, ADA.id), (OURS, MemberId("mem_eve"))]
)
async def test_h97_another_ones_session_is_not_found_in_the_words_for_what_never_was(
    platform, workspace_id, member_id
):
    session, digest = await platform.signed_in()

    refusals = []
    for id_ in (session.id, SessionId("ses_never")):
        with pytest.raises(NotFound) as refused:
            await platform.end(workspace_id, member_id, id_)
        refusals.append((refused.value.code, refused.value.sentence, refused.value.hint))

    assert refusals[0] == refusals[1]
    assert await platform.authenticate_session(digest)


async def test_b5_an_end_that_is_not_in_force_is_answered_so_until_it_is(platform):
    session, digest = await platform.signed_in()
    platform.sessions.late = True
    for _ in range(2):
        with pytest.raises(NotInForce):
            await platform.end(OURS, ADA.id, session.id)
        with pytest.raises(SessionEnded):
            await platform.authenticate_session(digest)

    platform.sessions.late = False
    await platform.end(OURS, ADA.id, session.id)

    assert await platform.sessions.of_member(OURS, ADA.id) == []


async def test_b5_signing_out_everywhere_ends_all_at_once_and_succeeds_once_that_is_in_force(
    platform,
):
    signed_in = [await platform.signed_in() for _ in range(3)]
    platform.sessions.late = True
    for _ in range(2):
        with pytest.raises(NotInForce):
            await platform.end_all(OURS, ADA.id)
    for _, digest in signed_in:
        with pytest.raises(SessionEnded):
            await platform.authenticate_session(digest)

    platform.sessions.late = False
    await platform.end_all(OURS, ADA.id)

    published = {fact.session_digest for fact in platform.sessions.facts.of(SessionRevoked)}
    assert published == {digest for _, digest in signed_in}


async def test_f41_a_release_that_knows_no_sessions_finds_no_token_by_a_sessions_digest(platform):
    """It ignores `kind`, and asks without it."""
    _, digest = await platform.signed_in()
    asked = Authenticate(token_digest=digest, kind=CredentialKind.SESSION)
    before = {"token_digest": digest}

    with pytest.raises(Unauthenticated):
        await platform.authenticate_token(asked.token_digest)
    with pytest.raises(Unauthenticated):
        await platform.authenticate_caller(Authenticate.model_validate(before))


async def test_f1_a_process_that_dies_while_it_ends_a_session_lets_nobody_in(
    platform,
):
    session, digest = await platform.signed_in()
    platform.sessions.late = True
    with pytest.raises(NotInForce):  # as far as a killed process comes: marked, nothing published
        await platform.end(OURS, ADA.id, session.id)
    platform.sessions.late = False

    with pytest.raises(SessionEnded):
        await platform.authenticate_session(digest)
    await platform.end_all(OURS, ADA.id)

    assert len(platform.sessions.facts.of(SessionRevoked)) == 1
    assert await platform.sessions.of_member(OURS, ADA.id) == []


async def test_a_removed_members_sessions_are_all_ended(platform):
    for _ in range(3):
        await platform.signed_in()
    keep = KeepAnOwner(platform.members, platform.tokens, platform.clock)
    revoke = RevokeTokensOfMember(platform.tokens)
    remove = RemoveMember(platform.members, keep, EndAccessOfMember(revoke, platform.end_all))
    scopes = SCOPES_OF_ROLE[Role.OWNER]
    owner = Principal(OURS, MemberId("mem_own"), Role.OWNER, Via.TOKEN, scopes, None, "tok_1")

    await remove(owner, ADA.id)

    assert await platform.sessions.of_member(OURS, ADA.id) == []
    assert len(platform.sessions.facts.of(SessionRevoked)) == 3
