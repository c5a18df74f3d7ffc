"""One owner signs in by a link where sign-on is enforced: the sessions of any other one end."""

from dataclasses import replace

import pytest

from contracts.facts import MemberChanged
from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken, DrawnToken
from identity_service.domain.member import MemberKind
from identity_service.entrypoints.events import let_nobody_in_who_may_not
from kit.errors import NotInForce, SessionEnded, SessionRenewal
from services.identity.tests.company import OWNER, new_company_platform
from services.identity.tests.session_platform import OURS

SECOND = MemberId("mem_a_second")


class App:
    """What the listener needs of identity."""

    def __init__(self, platform):
        self.end_sessions_of_member = platform.end_all
        self.end_unwanted_sessions = platform.unwanted
        self.revoked = []

    async def end_access_of_member(self, workspace_id, member_id):
        await self.end_sessions_of_member.with_lent(workspace_id, member_id)
        self.revoked.append(member_id)


@pytest.fixture
async def platform():
    made = await new_company_platform()
    drawn = DrawnToken("oat_x", "digest")
    await made.tokens.add(ApiToken.for_owner("tok_1", OURS, OWNER.id, drawn, made.clock()))
    await made.invite(id=SECOND, role=Role.OWNER)
    await made.configure(enforced=True, emergency_owner=OWNER.id)
    made.app = App(made)
    return made


async def changed(platform, member_id, **members):
    """The member, and everybody who listens has learnt of it."""
    seen = await platform.members.find(OURS, member_id)
    after = replace(seen, revision=seen.revision + 1, **members)
    await platform.members.replace(seen, after, after.as_fact())
    await let_nobody_in_who_may_not(after.as_fact(), platform.app)
    return after


async def by_link(platform, member_id):
    member = await platform.members.find(OURS, member_id)
    session, _ = await platform.sign_in(member, "Firefox on Linux")
    return session


async def is_stored(platform, session):
    found = await platform.sessions.find_by_digest(session.digest)
    return found is not None and not found.ended


async def test_f7_an_emergency_owner_who_is_none_any_more_renews_nothing(platform):
    session = await by_link(platform, OWNER.id)
    await platform.change_role(OWNER, Role.USER)

    with pytest.raises(SessionEnded):
        await platform.authenticate_session(session.digest)
    with pytest.raises(SessionEnded):
        await platform.renew(session.digest)


async def test_f7_whoever_signed_in_with_the_companys_account_renews_as_before(platform):
    platform.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    session = await platform.session_that_began()
    await platform.change_role(await platform.members.find(OURS, session.member_id), Role.ADMIN)

    with pytest.raises(SessionRenewal):
        await platform.authenticate_session(session.digest)
    assert (await platform.renew(session.digest))[1] is not None


async def test_f7_the_session_ends_once_they_are_no_owner(platform):
    session = await by_link(platform, OWNER.id)

    await changed(platform, OWNER.id, role=Role.USER)

    assert not await is_stored(platform, session)


@pytest.mark.parametrize("away", [{"active": False}, {"role": Role.ADMIN}])
async def test_f7_another_owners_session_ends_once_the_named_one_is_back(platform, away):
    before = await platform.members.find(OURS, OWNER.id)
    await changed(platform, OWNER.id, **away)
    session = await by_link(platform, SECOND)
    assert await platform.authenticate_session(session.digest)

    back = {name: getattr(before, name) for name in away}
    seen = await platform.members.find(OURS, OWNER.id)
    after = replace(seen, revision=seen.revision + 1, **back)
    await platform.members.replace(seen, after)
    with pytest.raises(SessionEnded):  # at once, whoever listens
        await platform.authenticate_session(session.digest)
    assert await is_stored(platform, session)
    await let_nobody_in_who_may_not(after.as_fact(), platform.app)

    assert not await is_stored(platform, session)


async def test_f7_while_nothing_is_enforced_and_with_the_companys_account_sessions_stay(platform):
    platform.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    session = await platform.session_that_began()
    await changed(platform, session.member_id, role=Role.OWNER)
    assert await is_stored(platform, session)

    await platform.configure(enforced=False)
    links = [await by_link(platform, each) for each in (OWNER.id, SECOND)]
    await changed(platform, OWNER.id, role=Role.USER)
    assert [await is_stored(platform, each) for each in links] == [True, True]


async def test_f7_what_is_not_in_force_yet_is_tried_again(platform):
    session = await by_link(platform, OWNER.id)
    platform.sessions.late = True
    with pytest.raises(NotInForce):
        await changed(platform, OWNER.id, role=Role.USER)

    platform.sessions.late = False
    seen = await platform.members.find(OURS, OWNER.id)
    await let_nobody_in_who_may_not(seen.as_fact(), platform.app)
    assert not await is_stored(platform, session)


async def test_f11_a_program_is_no_owner_for_emergencies(platform):
    await changed(platform, OWNER.id, active=False)
    await platform.invite(id="mem_a_first", role=Role.OWNER, kind=MemberKind.SERVICE, email="")

    assert await platform.enforce.emergency_owner(await platform.sign_in_settings.find(OURS)) == (
        SECOND
    )


@pytest.mark.parametrize(
    ("role", "active", "revoked"),
    [(None, True, [SECOND]), (None, False, []), (Role.OWNER, True, [])],
)
async def test_f11_tokens_of_the_removed_are_revoked_and_of_others_not(
    platform, role, active, revoked
):
    fact = MemberChanged(workspace_id=OURS, member_id=SECOND, role=role, revision=2, active=active)
    await let_nobody_in_who_may_not(fact, platform.app)

    assert platform.app.revoked == revoked
