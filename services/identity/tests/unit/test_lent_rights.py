"""What somebody made for another person may have been used by its maker: it gives no more than they
had, and ends with them.
"""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from contracts.facts import MemberChanged, TokenRevoked
from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.adapters.mongo_sessions import SESSIONS
from identity_service.adapters.mongo_tokens import TOKENS
from identity_service.domain.errors import LinkVoid, OwnersRestOnMember
from identity_service.domain.lent import Lent
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.domain.sign_in_link import PATH
from identity_service.entrypoints.events import let_nobody_in_who_may_not
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.lend import Lend
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.switch_member import SwitchMember
from kit.caller import digest_of
from kit.errors import NotInForce, SessionEnded, Unauthenticated
from services.identity.tests.company import OWNER
from services.identity.tests.directory_fakes import MemoryGroupRoles, MemoryGroups
from services.identity.tests.fakes import CountedTokens, MemoryUses
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS

ADMIN = Member(MemberId("mem_admin"), OURS, "Adam", Role.ADMIN)
BOB = Member(MemberId("mem_bob"), OURS, "Bob", Role.USER)
ROBOT = Member(MemberId("mem_robot"), OURS, "Robot", Role.BUILDER, kind=MemberKind.SERVICE)


class Workspace:
    def __init__(self, shown):
        platform = self.platform = shown.platform
        self.shown, self.members, self.tokens = shown, platform.members, platform.tokens
        self.directory = self.members, MemoryGroups(), MemoryGroupRoles()
        self.lend = Lend(self.tokens, platform.sessions)
        draw, clock = CountedTokens(), platform.clock
        self.create = CreateToken(self.tokens, self.members, draw, clock, 50, self.lend)
        stores = (self.tokens, self.members, platform.workspaces)
        self.authenticate = AuthenticateToken(*stores, MemoryUses(), clock)
        keep, revoke = KeepAnOwner(self.members, self.tokens, clock), RevokeTokensOfMember
        self.keep = keep
        self._remove = RemoveMember(
            self.members, keep, EndAccessOfMember(revoke(self.tokens), platform.end_all)
        )
        self._switch = SwitchMember(self.members, keep, platform.end_all)

    async def role(self, member, role):
        seen = await self.members.find(OURS, member.id)
        await self.members.replace(seen, seen.edited(MemberEdit(role=role)))

    async def remove(self, member):
        await self._remove(await self.by_token(OWNER), member.id)

    async def switch(self, member, *, active):
        await self._switch(await self.by_token(OWNER), member.id, active=active)

    async def by_token(self, member, digest=None):
        """The caller with a token that is their own alone, or with this one."""
        if digest is None:
            own = "tok_" + member.id
            self.tokens.unscoped.add(own)
            return replace(self.platform.caller(member), credential_id=own)
        known = await self.authenticate(digest)
        return principal(known)

    async def token_for(self, member, caller=None):
        """Its digest; made by the admin unless somebody else calls."""
        caller = caller or await self.by_token(ADMIN)
        _, drawn = await self.create(caller, WantedToken("x", member.id))
        return drawn.digest

    async def link_for(self, member, caller=None):
        caller = caller or await self.by_token(ADMIN)
        _, path = await self.shown.api.state.app.let_member_sign_in(caller, member.id)
        return digest_of(path.removeprefix(PATH))

    async def follow(self, digest):
        return await self.shown.api.state.app.follow_sign_in_link(digest, "Firefox", None)

    async def begun(self, *, ended):
        """Bob's session that did not reach the store, or that has ended there by now."""
        session, _ = await self.platform.sign_in(BOB, "Firefox")
        kept = self.platform.sessions._sessions
        del kept[session.id]
        if ended:
            kept[session.id] = session.at_its_end()
        return session

    async def by_session(self, session):
        known = await self.platform.authenticate_session(session.digest)
        return principal(known)


def principal(known):
    whose = (known.workspace_id, known.member_id, known.role, known.via)
    return Principal(*whose, frozenset(known.scopes), known.expires_at, known.token_id)


@pytest.fixture
async def ours():
    async with pages() as shown:
        for member in (ADMIN, BOB, ROBOT):
            await shown.platform.members.add(member)
        workspace = Workspace(shown)
        await workspace.token_for(OWNER, await workspace.by_token(OWNER))
        yield workspace


async def test_a_link_is_void_once_its_member_stands_above_its_maker(ours):
    digest = await ours.link_for(BOB)
    assert (await ours.shown.api.state.app.read_sign_in_link(digest)).member.id == BOB.id

    await ours.role(BOB, Role.OWNER)

    with pytest.raises(LinkVoid):
        await ours.follow(digest)
    await ours.role(ADMIN, Role.OWNER)  # the maker may now what they might not then
    with pytest.raises(LinkVoid):
        await ours.follow(digest)
    await ours.role(BOB, Role.ADMIN)
    assert await ours.follow(digest)


@pytest.mark.parametrize("what", ["removed", "switched off", "below"])
async def test_a_link_is_void_once_its_maker_may_not_make_it(ours, what):
    await ours.role(BOB, Role.ADMIN)
    digest = await ours.link_for(BOB)

    if what == "removed":
        await ours.remove(ADMIN)
    elif what == "switched off":
        await ours.switch(ADMIN, active=False)
    else:
        await ours.role(ADMIN, Role.BUILDER)

    with pytest.raises(LinkVoid):
        await ours.follow(digest)


async def test_a_void_link_is_a_page_that_says_who_makes_another(ours):
    _, path = await ours.shown.api.state.app.let_member_sign_in(await ours.by_token(ADMIN), BOB.id)
    await ours.role(BOB, Role.OWNER)

    page = await ours.shown.browser().open(path)

    assert page.status_code == 403
    assert "may not let this member in any more" in page.text
    assert "<button" not in page.text


async def test_links_of_the_operator_and_of_oneself_stay(ours):
    own = await ours.link_for(ADMIN)
    _, path = await ours.shown.make_link(OURS)
    await ours.role(ADMIN, Role.OWNER)

    session, _ = await ours.follow(own)
    operators, _ = await ours.follow(digest_of(path.removeprefix(PATH)))

    assert (session.lent, operators.lent) == (None, None)


async def test_a_token_for_another_person_stays_at_its_makers_role(ours):
    digest = await ours.token_for(BOB)
    await ours.role(BOB, Role.OWNER)

    known = await ours.authenticate(digest)

    assert (known.role, known.scopes) == (Role.ADMIN, SCOPES_OF_ROLE[Role.ADMIN])
    await ours.role(BOB, Role.BUILDER)
    assert (await ours.authenticate(digest)).role is Role.BUILDER


async def test_a_token_for_another_person_ends_with_its_maker(ours):
    digest, own = await ours.token_for(BOB), await ours.token_for(BOB, await ours.by_token(BOB))
    robots = await ours.token_for(ROBOT)

    await ours.remove(ADMIN)

    with pytest.raises(Unauthenticated):
        await ours.authenticate(digest)
    assert digest in {fact.token_digest for fact in ours.tokens.facts.of(TokenRevoked)}
    assert (await ours.authenticate(own)).member_id == BOB.id
    assert (await ours.authenticate(robots)).member_id == ROBOT.id


async def test_also_where_whoever_removed_them_crashed(ours):
    digest, link = await ours.token_for(BOB), await ours.link_for(BOB)
    session, _ = await ours.follow(link)
    removed = MemberChanged(workspace_id=OURS, member_id=ADMIN.id, role=None, revision=2)
    await ours.members.remove(ADMIN, removed)

    async def nothing(*_):
        """Of enforced sign-on, which is another matter."""

    app = SimpleNamespace(
        end_sessions_of_member=ours.platform.end_all,
        end_access_of_member=EndAccessOfMember(
            RevokeTokensOfMember(ours.tokens), ours.platform.end_all
        ),
        end_unwanted_sessions=SimpleNamespace(since_changed=nothing),
    )
    await let_nobody_in_who_may_not(removed, app)

    with pytest.raises(Unauthenticated):
        await ours.authenticate(digest)
    with pytest.raises(SessionEnded):
        await ours.by_session(session)


@pytest.mark.parametrize("way", ["token", "link"])
async def test_what_was_lent_makes_nothing_that_is_not(ours, way):
    """A token of one's own, or a link, made with what an admin planted, is as the plant."""
    if way == "token":
        caller = await ours.by_token(BOB, await ours.token_for(BOB))
    else:
        session, _ = await ours.follow(await ours.link_for(BOB))
        caller = await ours.by_session(session)
    grandchild = await ours.token_for(BOB, caller)
    grandchild = await ours.token_for(BOB, await ours.by_token(BOB, grandchild))

    await ours.role(BOB, Role.OWNER)
    assert (await ours.authenticate(grandchild)).role is Role.ADMIN
    await ours.remove(ADMIN)

    with pytest.raises(Unauthenticated):
        await ours.authenticate(grandchild)


async def test_a_link_made_with_a_planted_session_is_planted_too(ours):
    await ours.role(BOB, Role.ADMIN)
    session, _ = await ours.follow(await ours.link_for(BOB))
    link = await ours.link_for(BOB, await ours.by_session(session))

    await ours.remove(ADMIN)

    with pytest.raises(LinkVoid):
        await ours.follow(link)


async def test_a_session_by_anothers_link_does_not_rise_above_them(ours):
    _, drawn = await ours.follow(await ours.link_for(BOB))
    await ours.role(BOB, Role.ADMIN)
    _, renewed = await ours.platform.renew(drawn.digest)
    await ours.role(BOB, Role.OWNER)

    with pytest.raises(SessionEnded):
        await ours.platform.renew(renewed.digest)


@pytest.mark.parametrize("what", ["removed", "switched off", "switched off by the directory"])
async def test_a_session_by_anothers_link_ends_with_them(ours, what):
    session, _ = await ours.follow(await ours.link_for(BOB))
    own, _ = await ours.platform.sign_in(BOB, "Firefox")

    if what == "removed":
        await ours.remove(ADMIN)
    elif what == "switched off by the directory":
        place = PlaceMember(*ours.directory, ours.keep, ours.platform.end_all)
        await place(await ours.by_token(OWNER), ADMIN.id, lambda each: replace(each, active=False))
        assert await ours.platform.sessions.lent_by(OURS, ADMIN.id) == []  # once it answers
    else:
        await ours.switch(ADMIN, active=False)

    with pytest.raises(SessionEnded):
        await ours.by_session(session)
    assert (await ours.by_session(own)).member_id == BOB.id


async def test_an_owner_by_a_lent_token_alone_is_not_left_without_any(ours):
    await ours.role(ADMIN, Role.OWNER)
    [only] = await ours.tokens.of_member(OURS, OWNER.id)
    lent = replace(only, id="tok_lent", digest="lent", lent=Lent((ADMIN.id,), Role.OWNER))
    await ours.tokens.revoke(only, TokenRevoked(workspace_id=OURS, token_id="", token_digest=""))
    await ours.tokens.add(lent)

    for _ in range(2):
        with pytest.raises(OwnersRestOnMember):
            await ours.remove(ADMIN)
        await ours.role(ADMIN, Role.BUILDER)  # may go as an owner: their token for others stays
    capped = replace(lent, lent=Lent((BOB.id,), Role.ADMIN))
    assert not capped.lets_owner_in(ours.platform.clock())


class RemovedMeanwhile:
    """The maker is removed right before one more token is stored."""

    def __init__(self, ours, add):
        self.ours, self.add = ours, add

    async def __call__(self, token):
        await self.ours.remove(ADMIN)
        await self.add(token)


async def test_nothing_is_left_of_a_maker_who_is_removed_meanwhile(ours):
    caller = await ours.by_token(ADMIN)
    ours.tokens.add = RemovedMeanwhile(ours, ours.tokens.add)

    with pytest.raises(Exception, match=r".*") as refused:
        await ours.create(caller, WantedToken("late", BOB.id))

    assert refused.value.code == "platform.not_found"
    assert await ours.tokens.of_member(OURS, BOB.id) == []


async def test_whose_token_was_revoked_meanwhile_makes_none(ours):
    digest = await ours.token_for(BOB)
    caller = await ours.by_token(BOB, digest)
    await ours.remove(ADMIN)

    with pytest.raises(Unauthenticated):
        await ours.token_for(BOB, caller)


@pytest.mark.parametrize("what", ["an unknown token", "an unknown session", "a session that ended"])
async def test_h13_whose_credential_is_not_there_makes_nothing(ours, what):
    """Nobody knows any more whether it was lent: the note of its end is kept for a day."""
    caller, refusal = await ours.by_token(BOB), Unauthenticated
    if what == "an unknown token":
        caller = replace(caller, credential_id="tok_of_last_week")
    else:
        session, refusal = await ours.begun(ended=what != "an unknown session"), SessionEnded
        caller = replace(caller, via=Via.SESSION, credential_id=session.id)

    for work in (ours.token_for(BOB, caller), ours.link_for(BOB, caller)):
        with pytest.raises(refusal):
            await work
    assert await ours.tokens.of_member(OURS, BOB.id) == []


def test_what_earlier_releases_stored_is_lent_by_nobody(ours):
    old = {"member_id": "m", "digest": "d", "role": "user", "browser": "Firefox"}
    times = {"created_at": ours.platform.clock(), "last_used_at": ours.platform.clock()}
    token = {"name": "x", "hint": "x", "scopes": None, "expires_at": None}

    for codec, state in ((SESSIONS, {**old, **times}), (TOKENS, {**old, **times, **token})):
        read = codec.read(state)
        assert Lent.stored(read.lent_by, read.lent_at_most) is None


async def test_a_session_that_begins_while_its_maker_is_removed_ends(ours):
    link, sessions = await ours.link_for(BOB), ours.platform.sessions
    add = sessions.add

    async def once_they_are_removed(session):
        await ours.remove(ADMIN)
        await add(session)

    sessions.add = once_they_are_removed

    with pytest.raises(LinkVoid):
        await ours.follow(link)
    assert await sessions.of_member(OURS, BOB.id) == []


async def test_lent_sessions_end_also_where_those_of_the_member_are_not_in_force(ours):
    session, _ = await ours.follow(await ours.link_for(BOB))
    await ours.platform.sign_in(ADMIN, "Firefox")
    ours.platform.sessions.late = True

    with pytest.raises(NotInForce):
        await ours.platform.end_all.with_lent(OURS, ADMIN.id)

    with pytest.raises(SessionEnded):
        await ours.by_session(session)
