"""What a directory makes of members: their roles, who is taken over, and what a crash leaves."""

import asyncio
import random
from dataclasses import replace

import pytest

from contracts.errors import PlatformError
from contracts.facts import MemberChanged, SessionRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.directory_entry import DirectoryEntry, NamedRole, key_of
from identity_service.domain.group import GroupRole
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.usecases.change_group import ChangeGroup
from identity_service.usecases.create_group import CreateGroup
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.provision_member import ProvisionMember
from identity_service.usecases.read_group import ReadGroup
from identity_service.usecases.remove_group import RemoveGroup
from identity_service.usecases.set_group_roles import SetGroupRoles
from identity_service.usecases.sign_in import SignIn
from kit.testing import FrozenClock
from services.identity.tests.company_fakes import MemoryNotes, MemorySignInSettings
from services.identity.tests.directory_fakes import MemoryGroupRoles, MemoryGroups
from services.identity.tests.fakes import (
    CountedSecrets,
    MemoryMembers,
    MemorySessions,
    MemoryTokens,
)
from services.identity.tests.mortal_fakes import Killed, Life, Mortal

OURS = WorkspaceId("ws_ours")
LIMIT = 20


class Workspace:
    """An owner who gets in, and the use cases of a directory; `life` ends a process in between."""

    def __init__(self, life=None):
        self.members, self.groups = MemoryMembers(), MemoryGroups()
        self.roles, self.tokens = MemoryGroupRoles(), MemoryTokens()
        self.sessions, self.clock = MemorySessions(), FrozenClock()
        self.begin(life)

    def begin(self, life=None):
        """A process, which may be killed after that many writes."""
        members, groups, roles = (
            (Mortal(each, life) if life else each)
            for each in (self.members, self.groups, self.roles)
        )
        keep = KeepAnOwner(members, self.tokens, self.clock)
        end = EndSession(self.sessions)
        ends = EndSessionsOfMember(self.sessions, end)
        enforce = EnforceSignOn(MemorySignInSettings(), self.members, MemoryNotes())
        self.sign_in = SignIn(self.sessions, end, enforce, CountedSecrets(), self.clock)
        self.place = PlaceMember(members, groups, roles, keep, ends)
        self.provision = ProvisionMember(members, members, self.place, LIMIT)
        self.join = JoinGroup(members, self.place)
        self.remove_group = RemoveGroup(groups, members, self.place)
        self.create_group = CreateGroup(groups, self.join, self.remove_group)
        self.read_group = ReadGroup(groups, members)
        self.change_group = ChangeGroup(groups, self.read_group, self.join)
        self.set_roles = SetGroupRoles(roles, members, self.place, MemorySignInSettings())

    async def owner(self, name="owner", **fields):
        member = Member(MemberId(f"mem_{name}"), OURS, name, Role.OWNER, **fields)
        await self.members.add(member)
        id_ = TokenId(f"tok_{name}")
        digest = f"digest of {name}"
        await self.tokens.add(ApiToken(id_, OURS, member.id, name, digest, "", None, self.clock()))
        return member

    async def role(self, member):
        return (await self.members.find(OURS, member.id)).role

    async def group(self, name, *members):
        ids = frozenset(each.id for each in members)
        return await self.create_group(caller(), name, None, ids)

    async def set_members(self, group, *members):
        ids = frozenset(each.id for each in members)
        return await self.change_group(caller(), group.id, lambda seen, _: (seen, ids), whole=True)

    async def adds(self, group, member):
        def change(seen, people):
            return seen, frozenset({*(each.id for each in people), member.id})

        return await self.change_group(caller(), group.id, change)

    async def takes(self, group, member):
        def change(seen, people):
            return seen, frozenset({*(each.id for each in people)} - {member.id})

        return await self.change_group(caller(), group.id, change)

    async def ids_of(self, group):
        return {each.id for each in await self.members.of_group(OURS, group.id)}

    async def gives(self, *entries):
        pairs = tuple(GroupRole(group, role) for group, role in entries)
        return await self.set_roles(caller(), pairs)


@pytest.fixture
async def ours():
    workspace = Workspace()
    await workspace.owner()
    return workspace


def caller(role=Role.OWNER):
    return Principal(
        OURS, MemberId("mem_caller"), role, Via.TOKEN, SCOPES_OF_ROLE[role], None, "tok"
    )


def said(name, *roles, email="", active=True):
    """What the directory says of somebody."""

    def change(member):
        known = member.directory or DirectoryEntry("", "")
        named = tuple(NamedRole(role) for role in roles)
        entry = replace(known, user_name=name, key=key_of(name), roles=named)
        return replace(member, name=name, email=email, active=active, directory=entry)

    return change


async def code_of(work):
    try:
        await work
    except PlatformError as error:
        return error.code
    return None


async def test_whoever_was_invited_by_hand_is_taken_over_by_name_or_address(ours):
    ada = Member(MemberId("mem_ada"), OURS, "Ada", Role.ADMIN, email="ada@example.com")
    bob = Member(MemberId("mem_bob"), OURS, "Bob", Role.BUILDER, email="bob@example.com")
    for each in (ada, bob):
        await ours.members.add(each)

    by_name = await ours.provision(caller(), said("ADA@example.com", email=ada.email))
    by_address = await ours.provision(caller(), said("bob", email=bob.email))
    again = ours.provision(caller(), said("bob", email=bob.email))

    assert (by_name.id, by_name.role) == (ada.id, Role.ADMIN)
    assert (by_address.id, by_address.role) == (bob.id, Role.BUILDER)
    assert await code_of(again) == "identity.user_name_taken"


async def test_nobody_above_is_taken_over_and_no_service_account(ours):
    await ours.owner("boss", email="boss@example.com")
    robot = MemberId("mem_robot")
    fields = {"kind": MemberKind.SERVICE, "email": "robot@example.com"}
    await ours.members.add(Member(robot, OURS, "Robot", Role.USER, **fields))

    boss = ours.provision(caller(Role.ADMIN), said("boss@example.com"))
    person = await ours.provision(caller(), said("robot@example.com"))
    with_its_address = ours.provision(caller(), said("r2", email="robot@example.com"))

    assert await code_of(boss) == "identity.role_above_own"
    assert person.id != robot
    assert await code_of(with_its_address) == "identity.email_taken"
    assert await code_of(ours.place(caller(), robot, said("x"))) == "platform.not_found"


async def test_a_role_by_name_goes_before_groups_and_groups_before_what_one_had(ours):
    ada = await ours.provision(caller(), said("ada"))
    await ours.gives(("makers", Role.BUILDER), ("chiefs", Role.ADMIN))
    makers = await ours.group("Makers", ada)
    assert await ours.role(ada) is Role.BUILDER
    chiefs = await ours.group("CHIEFS", ada)
    assert await ours.role(ada) is Role.ADMIN

    await ours.place(caller(), ada.id, said("ada", Role.USER))
    assert await ours.role(ada) is Role.USER
    await ours.place(caller(), ada.id, said("ada"))
    assert await ours.role(ada) is Role.ADMIN
    await ours.set_members(chiefs)
    assert await ours.role(ada) is Role.BUILDER
    await ours.remove_group(caller(), makers.id)
    assert await ours.role(ada) is Role.USER


async def test_a_role_by_hand_stays_until_the_directory_gives_one(ours):
    ada = await ours.provision(caller(), said("ada"))
    seen = await ours.members.find(OURS, ada.id)
    await ours.members.replace(seen, replace(seen, role=Role.BUILDER, revision=seen.revision + 1))

    await ours.place(caller(), ada.id, said("Ada"))
    assert await ours.role(ada) is Role.BUILDER
    group = await ours.group("x", ada)
    assert await ours.role(ada) is Role.BUILDER
    await ours.gives(("x", Role.ADMIN))
    assert await ours.role(ada) is Role.ADMIN
    await ours.set_members(group)
    assert await ours.role(ada) is Role.USER


async def test_an_owner_whom_no_directory_made_stays_one(ours):
    boss = await ours.owner("boss", email="boss@example.com")
    await ours.gives(("staff", Role.USER))

    await ours.group("staff", boss)

    assert await ours.role(boss) is Role.OWNER
    assert await code_of(ours.place(caller(), boss.id, said("boss", active=False))) is None
    last = ours.place(caller(), MemberId("mem_owner"), said("owner", active=False))
    assert await code_of(last) == "identity.last_owner"


async def test_whoever_is_made_an_owner_by_hand_stays_one_whatever_role_the_directory_gave(ours):
    ada = await ours.provision(caller(), said("ada", Role.BUILDER))
    seen = await ours.members.find(OURS, ada.id)
    assert seen.directory.gave_role
    await ours.members.replace(seen, seen.edited(MemberEdit(role=Role.OWNER)))

    await ours.place(caller(), ada.id, said("ada"))

    assert await ours.role(ada) is Role.OWNER


async def test_owners_are_made_by_owners_only(ours):
    ada = await ours.provision(caller(), said("ada"))
    admin = caller(Role.ADMIN)
    entry = (GroupRole("lords", Role.OWNER),)
    ids = frozenset({ada.id})

    assert await code_of(ours.set_roles(admin, entry)) == "identity.role_above_own"
    await ours.set_roles(caller(), entry)
    lords = ours.create_group(admin, "Lords", None, ids)
    assert await code_of(lords) == "identity.role_above_own"
    plain = await ours.create_group(admin, "Plain", None, ids)
    renamed = ours.change_group(
        admin, plain.id, lambda seen, _: (replace(seen, display_name="lords"), ids)
    )
    assert await code_of(renamed) == "identity.role_above_own"
    assert await ours.role(ada) is Role.USER
    made = await ours.group("Lords", ada)
    assert await ours.role(ada) is Role.OWNER
    for work in (
        ours.remove_group(admin, made.id),
        ours.set_roles(admin, ()),
        ours.change_group(admin, made.id, lambda seen, _: (seen, frozenset())),
        ours.change_group(admin, plain.id, lambda seen, _: (seen, frozenset())),
    ):
        assert await code_of(work) == "identity.role_above_own"
    assert await ours.role(ada) is Role.OWNER


async def test_a_group_takes_no_foreign_unknown_or_nameless_members_and_no_two_have_a_name(ours):
    await ours.group("x")
    nameless = Member(MemberId("mem_no"), OURS, "No", Role.USER)
    await ours.members.add(nameless)

    for id_ in ("mem_?", nameless.id):
        group = ours.create_group(caller(), "y", None, frozenset({MemberId(id_)}))
        assert await code_of(group) == "identity.unknown_group_member"
    many = frozenset(MemberId(f"mem_{number}") for number in range(1_001))
    assert await code_of(ours.create_group(caller(), "y", None, many)) == "identity.group_too_large"
    assert await code_of(ours.group("X")) == "identity.group_name_taken"


async def test_as_many_members_and_groups_as_a_workspace_may_have(ours):
    for number in range(LIMIT - 1):
        await ours.provision(caller(), said(f"u{number}"))
    assert await code_of(ours.provision(caller(), said("more"))) == "identity.too_many_members"
    for number in range(500):
        await ours.group(f"g{number}")
    assert await code_of(ours.group("more")) == "identity.too_many_groups"


async def test_another_role_address_or_active_is_a_fact_and_another_name_is_none(ours):
    ada = await ours.provision(caller(), said("ada"))
    await ours.sign_in(ada, "Firefox on Linux")
    await ours.place(caller(), ada.id, said("Ada"))
    assert ours.members.facts.of(MemberChanged) == []
    await ours.gives(("x", Role.BUILDER))
    await ours.group("x", ada)
    await ours.place(caller(), ada.id, said("Ada", email="ada@acme.com"))
    await ours.place(caller(), ada.id, said("Ada", email="ada@acme.com", active=False))

    facts = [(each.role, each.active) for each in ours.members.facts.of(MemberChanged)]
    assert facts == [(Role.BUILDER, True), (Role.BUILDER, True), (None, False)]
    assert len(ours.sessions.facts.of(SessionRevoked)) == 1


async def expected_roles(ours):
    """Nobody has another role than what is kept of them, their groups and roles gives."""
    people = await ours.members.people(OURS)
    return await ours.place.misplaced(OURS, people) == []


async def makes(ours):
    """One process of a directory: groups come, change, and go."""
    people = await ours.members.people(OURS)
    known = {each.key: each for each in await ours.groups.each(OURS) if not each.closing}
    if "a" not in known:
        await ours.group("a", *people[:2])
    known = {each.key: each for each in await ours.groups.each(OURS) if not each.closing}
    await ours.set_members(known["a"], *people[1:])
    await ours.gives(("a", Role.ADMIN))
    await ours.gives(("a", Role.BUILDER))
    await ours.set_members(known["a"], *people[:1])
    await ours.remove_group(caller(), known["a"].id)


async def test_a_process_may_be_killed_after_any_write_and_the_same_again_finishes_it():
    killed = 0
    for steps in range(1, 40):
        ours = Workspace()
        await ours.owner()
        for name in ("u1", "u2", "u3"):
            await ours.provision(caller(), said(name))
        ours.begin(Life(steps))
        try:
            await makes(ours)
        except Killed:
            killed += 1
        ours.begin()
        await makes(ours)

        assert await expected_roles(ours), steps
        assert {each.role for each in await ours.members.people(OURS)} == {Role.USER}
        assert await ours.groups.each(OURS) == []
    assert killed > 15


async def test_a_group_that_is_half_removed_is_nobody_s_role_and_its_name_is_free(ours):
    ada, bob = [await ours.provision(caller(), said(name)) for name in ("ada", "bob")]
    await ours.gives(("a", Role.ADMIN))
    group = await ours.group("a", ada, bob)
    ours.begin(Life(2))
    with pytest.raises(Killed):
        await ours.remove_group(caller(), group.id)
    ours.begin()

    assert await code_of(ours.read_group(OURS, group.id)) == "platform.not_found"
    again = await ours.group("a", bob)

    assert again.id != group.id
    assert (await ours.role(ada), await ours.role(bob)) == (Role.USER, Role.ADMIN)
    assert await ours.groups.find(OURS, group.id) is None


class Slow:
    """Each question and change takes a while, in which others get their turn."""

    def __init__(self, store):
        self._store = store

    def __getattr__(self, name):
        call = getattr(self._store, name)

        async def later(*arguments):
            for _ in range(random.randrange(4)):
                await asyncio.sleep(0)
            return await call(*arguments)

        return later


@pytest.mark.parametrize("seed", range(60))
async def test_roles_follow_from_what_is_kept_whoever_changes_what_at_once(seed):
    random.seed(seed)
    ours = Workspace()
    await ours.owner()
    people = [await ours.provision(caller(), said(f"u{number}")) for number in range(3)]
    groups = [await ours.group(name, *people[:2]) for name in "abc"]
    ours.members, ours.groups, ours.roles = map(Slow, (ours.members, ours.groups, ours.roles))
    ours.begin()

    def change():
        group, role = random.choice(groups), random.choice([*Role])
        kind = random.randrange(4)
        if kind == 0:
            return ours.gives((group.display_name, role), ("b", Role.BUILDER))
        if kind == 1:
            return ours.set_members(group, *random.sample(people, 2))
        if kind == 2:
            return ours.remove_group(caller(), group.id)
        return ours.place(caller(), random.choice(people).id, said(f"x{random.random()}"))

    codes = await asyncio.gather(*(code_of(change()) for _ in range(6)))

    assert {*codes} <= {None, "platform.not_found"}
    assert await expected_roles(ours)
