"""Sign-in links: one browser, once, within ten minutes."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import NotFound
from contracts.facts import MemberChanged, WorkspaceCreated
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.bootstrap import Bootstrap
from identity_service.domain.browser_name import UNKNOWN, browser_name
from identity_service.domain.errors import LinkUsedUp
from identity_service.domain.member import Member
from identity_service.domain.sign_in_link import MAX_OF_A_MEMBER, PATH, PREFIX
from identity_service.domain.workspace import Workspace
from identity_service.usecases.announce_sign_in_link import AnnounceSignInLink
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.sign_in import SignIn
from kit.caller import digest_of
from kit.testing import FrozenClock
from services.identity.tests.company_fakes import MemoryNotes, MemorySignInSettings
from services.identity.tests.fakes import (
    CountedSecrets,
    MemoryBootstraps,
    MemoryMembers,
    MemorySessions,
    MemorySignInLinks,
    MemoryWorkspaces,
)
from services.identity.tests.mortal_fakes import Killed, Life, Mortal

OURS = WorkspaceId("ws_ours")
OLDEST, NEWER = (Member(MemberId(f"mem_{name}"), OURS, name, Role.OWNER) for name in ("ada", "eve"))


class Platform:
    def __init__(self):
        self.clock, self.sessions = FrozenClock(), MemorySessions()
        self.members, self.links = MemoryMembers(), MemorySignInLinks()
        self.workspaces = MemoryWorkspaces()
        end = EndSession(self.sessions)
        enforce = EnforceSignOn(MemorySignInSettings(), self.members, MemoryNotes())
        sign_in = SignIn(self.sessions, end, enforce, CountedSecrets(), self.clock)
        draw = CountedSecrets(PREFIX)
        self.create = CreateSignInLink(self.links, self.members, enforce, draw, self.clock)
        self.read = ReadSignInLink(self.links, self.members, self.workspaces, enforce, self.clock)
        self.follow = FollowSignInLink(self.links, self.read, sign_in)

    async def new_link(self):
        _, path = await self.create(OURS)
        return digest_of(path.removeprefix(PATH))


@pytest.fixture
async def platform():
    platform = Platform()
    for member in (NEWER, OLDEST):
        await platform.members.add(member)
    fact = WorkspaceCreated(workspace_id=OURS, title="Ours")
    await platform.workspaces.add(Workspace(OURS, "Ours"), fact)
    return platform


async def test_a_link_is_for_the_oldest_owner_and_says_so_as_often_as_it_is_looked_at(platform):
    digest = await platform.new_link()

    offered = [await platform.read(digest) for _ in range(3)]

    assert {each.member.id for each in offered} == {OLDEST.id}
    assert offered[0].workspace.title == "Ours"


async def test_h106_a_link_works_once(platform):
    digest = await platform.new_link()

    session, _ = await platform.follow(digest, "Firefox", None)

    assert (session.member_id, session.browser) == (OLDEST.id, "Firefox")
    for again in (platform.read(digest), platform.follow(digest, "Firefox", None)):
        with pytest.raises(LinkUsedUp):
            await again


async def test_h106_of_many_who_follow_a_link_at_once_one_gets_in(platform):
    digest = await platform.new_link()

    tried = [platform.follow(digest, "Firefox", None) for _ in range(20)]
    outcomes = await asyncio.gather(*tried, return_exceptions=True)

    assert sum(isinstance(each, tuple) for each in outcomes) == 1
    assert len(await platform.sessions.of_member(OURS, OLDEST.id)) == 1


async def test_f1_a_process_that_dies_in_between_leaves_a_used_link_and_nobody_signed_in(platform):
    digest = await platform.new_link()
    links = Mortal(platform.links, Life(1), writes={"use_up"})
    follow = replace(platform.follow, links=links)

    with pytest.raises(Killed):
        await follow(digest, "Firefox", None)

    assert await platform.sessions.of_member(OURS, OLDEST.id) == []
    with pytest.raises(LinkUsedUp):
        await platform.follow(digest, "Firefox", None)
    assert await platform.follow(await platform.new_link(), "Firefox", None)


async def test_a_link_works_for_ten_minutes(platform):
    digest = await platform.new_link()

    platform.clock.advance(timedelta(minutes=10, microseconds=-1))
    assert await platform.read(digest)
    platform.clock.advance(timedelta(microseconds=1))
    for late in (platform.read(digest), platform.follow(digest, "Firefox", None)):
        with pytest.raises(LinkUsedUp):
            await late


async def test_a_link_of_somebody_who_was_removed_lets_nobody_in(platform):
    digest = await platform.new_link()
    fact = MemberChanged(workspace_id=OURS, member_id=OLDEST.id, role=None, revision=2)
    await platform.members.remove(OLDEST, fact)

    with pytest.raises(LinkUsedUp):
        await platform.follow(digest, "Firefox", None)


async def test_a_workspace_that_there_is_not_has_no_link(platform):
    with pytest.raises(NotFound):
        await platform.create(WorkspaceId("ws_none"))


async def test_the_address_is_announced_where_it_is_known(platform):
    bootstraps, announced = MemoryBootstraps(), []
    await bootstraps.begin(Bootstrap(OURS, OLDEST.id))

    for origin in (None, "http://127.0.0.1:8080"):
        await AnnounceSignInLink(bootstraps, platform.create, announced.append, origin)()

    [address] = announced
    assert address.startswith("http://127.0.0.1:8080/v1/session/link/osl_")


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox on Linux"),
        (f"(Windows NT 10.0; Win64) {WEBKIT} Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        (f"(Linux; Android 16) {WEBKIT} Chrome/140 Mobile Safari/537", "Chrome on Android"),
        (f"(iPhone; CPU iPhone OS 19_0 like Mac OS X) {WEBKIT} Safari/604", "Safari on iPhone"),
        (f"(Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Safari/605.1", "Safari on macOS"),
        ("curl/8.5 (Linux)", f"{UNKNOWN} on Linux"),
        ("<script>alert(1)</script>", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent, name):
    assert browser_name(user_agent) == name


async def test_another_link_than_the_twentieth_takes_the_place_of_the_oldest(platform):
    first = await platform.new_link()
    _, path = await platform.create.of(NEWER)
    others = [await platform.new_link() for _ in range(MAX_OF_A_MEMBER - 1)]
    await platform.read(first)

    newest = await platform.new_link()

    with pytest.raises(LinkUsedUp):
        await platform.follow(first, "Firefox", None)
    for kept in (*others, newest, digest_of(path.removeprefix(PATH))):
        await platform.read(kept)
