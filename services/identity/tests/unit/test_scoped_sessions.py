"""A session that began with a token of some scopes alone stays at the role that it began with."""

from dataclasses import replace

import pytest

from contracts.ids import MemberId, TokenId
from contracts.principal import SCOPES_OF_ROLE, Scope
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.errors import ScopesExceeded
from identity_service.domain.member import Member, MemberKind
from identity_service.usecases.create_token import WantedToken
from identity_service.usecases.sign_in_by_token import SignInByToken
from kit.errors import SessionEnded, Unauthenticated
from services.identity.tests.company import OWNER
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.unit.test_lent_rights import Workspace

BOB = Member(MemberId("mem_bob"), OURS, "Bob", Role.BUILDER)
JANE = Member(MemberId("mem_jane"), OURS, "Jane", Role.OWNER)
ROBOT = Member(MemberId("mem_robot"), OURS, "Robot", Role.BUILDER, kind=MemberKind.SERVICE)


class Scoped(Workspace):
    async def caller(self, member, scopes):
        """With a token of theirs that the member made, with these scopes."""
        id_ = TokenId(f"tok_scoped_{member.id}")
        whose = id_, OURS, member.id, "Own", f"digest of {id_}", ""
        await self.tokens.add(ApiToken(*whose, scopes, self.platform.clock()))
        return await self.by_token(member, f"digest of {id_}")

    async def session_of(self, caller, way):
        app = self.shown.api.state.app
        if way == "link":
            session, _ = await self.follow(await self.link_for(BOB, caller))
            return session
        session, _ = await SignInByToken(app.let_member_sign_in, app.follow_sign_in_link)(
            caller, "Firefox"
        )
        return session

    async def token_by(self, session):
        _, drawn = await self.create(await self.by_session(session), WantedToken("x"))
        return drawn.digest


@pytest.fixture
async def ours():
    async with pages() as shown:
        for member in (BOB, JANE, ROBOT):
            await shown.platform.members.add(member)
        yield Scoped(shown)


@pytest.mark.parametrize("way", ["token", "link"])
async def test_a_token_of_a_session_by_a_scoped_token_does_not_rise_with_its_member(ours, way):
    session = await ours.session_of(await ours.caller(BOB, SCOPES_OF_ROLE[Role.BUILDER]), way)
    made = await ours.token_by(session)

    await ours.role(BOB, Role.OWNER)

    assert (await ours.authenticate(made)).role is Role.BUILDER


@pytest.mark.parametrize("way", ["token", "link"])
async def test_a_session_by_a_scoped_token_is_not_renewed_above_its_role(ours, way):
    session = await ours.session_of(await ours.caller(BOB, SCOPES_OF_ROLE[Role.BUILDER]), way)

    await ours.role(BOB, Role.ADMIN)
    with pytest.raises(SessionEnded):
        await ours.platform.renew(session.digest)

    await ours.role(BOB, Role.USER)
    renewed, _ = await ours.platform.renew(session.digest)
    assert renewed.role is Role.USER


async def test_a_session_by_anothers_scoped_token_stays_at_the_role_of_its_member(ours):
    owner = await ours.caller(OWNER, SCOPES_OF_ROLE[Role.OWNER])
    session, _ = await ours.follow(await ours.link_for(BOB, owner))

    await ours.role(BOB, Role.ADMIN)
    with pytest.raises(SessionEnded):
        await ours.platform.renew(session.digest)


@pytest.mark.parametrize("whose", [OWNER, JANE])
async def test_a_session_by_a_scoped_token_gives_no_scope_that_the_token_lacks(ours, whose):
    owner = await ours.caller(OWNER, SCOPES_OF_ROLE[Role.OWNER])
    session, _ = await ours.follow(await ours.link_for(whose, owner))
    wanted = WantedToken("x", ROBOT.id, frozenset({Scope.USERS_IMPERSONATE}))

    with pytest.raises(ScopesExceeded):
        await ours.create(await ours.by_session(session), wanted)


async def test_a_session_by_a_token_without_scopes_rises_with_its_member(ours):
    session = await ours.session_of(await ours.caller(BOB, None), "token")

    await ours.role(BOB, Role.ADMIN)

    renewed, _ = await ours.platform.renew(session.digest)
    assert (renewed.role, renewed.lent) == (Role.ADMIN, None)


async def test_whose_token_was_revoked_makes_none_for_a_program_either(ours):
    caller = replace(await ours.caller(BOB, None), credential_id="tok_gone")

    with pytest.raises(Unauthenticated):
        await ours.create(caller, WantedToken("x", ROBOT.id))
    assert await ours.tokens.of_member(OURS, ROBOT.id) == []
