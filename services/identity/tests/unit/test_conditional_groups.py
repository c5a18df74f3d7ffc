"""Groups that several change at once: If-Match, ranks, and what is repeated after a 503."""

import asyncio
from dataclasses import replace

import pytest

from contracts.requests import Role
from identity_service.domain.group import Group
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.entrypoints.scim_resources import group_of
from identity_service.usecases.set_sign_in import SetSignIn, WantedSignIn
from kit.errors import NotInForce
from services.identity.tests.company_fakes import MemorySignInSettings
from services.identity.tests.fakes import MemoryMembers
from services.identity.tests.unit.test_provisioned_members import (
    OURS,
    Slow,
    Workspace,
    caller,
    code_of,
    said,
)

CHANGED_MEANWHILE = "platform.changed_meanwhile"


@pytest.fixture
async def ours():
    workspace = Workspace()
    await workspace.owner()
    return workspace


def version_of(group, people):
    return group_of(group, [each.id for each in people], "").meta.version


def as_seen(version):
    return lambda group, people: version_of(group, people) == version


def with_ids(*more):
    return lambda seen, people: (seen, frozenset({*(each.id for each in people), *more}))


async def version(ours, group):
    return version_of(*await ours.read_group(OURS, group.id))


async def test_of_two_who_saw_the_same_group_one_changes_it(ours):
    people = [await ours.provision(caller(), said(name)) for name in ("ada", "bob")]
    group = await ours.group("a")
    seen = await version(ours, group)
    ours.members, ours.groups = Slow(ours.members), Slow(ours.groups)
    for _ in range(20):
        ours.begin()
        works = [
            ours.change_group(caller(), group.id, with_ids(each.id), expected=as_seen(seen))
            for each in people
        ]
        codes = await asyncio.gather(*map(code_of, works))

        assert sorted(map(str, codes)) == ["None", CHANGED_MEANWHILE]
        assert len(await ours.ids_of(group)) == 1
        await ours.set_members(group)
        seen = await version(ours, group)


async def test_what_happens_between_comparing_and_writing_is_seen(ours):
    ada, bob = [await ours.provision(caller(), said(name)) for name in ("ada", "bob")]
    group = await ours.group("a", ada)
    seen = await version(ours, group)
    find = ours.members.of_group
    asked = 0

    async def of_group(*arguments):
        """Somebody else adds bob after the first comparison."""
        nonlocal asked
        asked += 1
        if asked == 2:
            ours.members.of_group = find
            await ours.adds(group, bob)
        return await find(*arguments)

    ours.members.of_group = of_group
    work = ours.change_group(
        caller(), group.id, lambda known, _: (known, frozenset()), expected=as_seen(seen)
    )

    assert await code_of(work) == CHANGED_MEANWHILE
    assert await ours.ids_of(group) == {ada.id, bob.id}


async def test_a_group_is_removed_as_it_was_seen_only(ours):
    ada = await ours.provision(caller(), said("ada"))
    group = await ours.group("a")
    seen = await version(ours, group)
    await ours.adds(group, ada)

    stale = ours.remove_group(caller(), group.id, as_seen(seen))
    assert await code_of(stale) == CHANGED_MEANWHILE
    assert not (await ours.groups.find(OURS, group.id)).closing
    now = await version(ours, group)
    assert await code_of(ours.remove_group(caller(), group.id, as_seen(now))) is None


async def test_settings_that_are_not_there_are_none_that_anybody_saw():
    settings = MemorySignInSettings()
    set_ = SetSignIn(settings, *[None] * 8)
    wanted = WantedSignIn("https://id.example.com", "client")

    assert await code_of(set_(caller(), wanted, 1)) == CHANGED_MEANWHILE
    await settings.save(None, SignInSettings(OURS, "https://id.example.com", "client"))
    assert await code_of(set_(caller(), wanted, 7)) == CHANGED_MEANWHILE


async def test_whom_others_added_meanwhile_is_asked_for_their_rank_before_they_leave(ours):
    others = [await ours.provision(caller(), said(f"u{number}")) for number in range(3)]
    boss = await ours.provision(caller(), said("boss", Role.OWNER))
    group = await ours.group("a")
    find = ours.members.of_group
    asked = 0

    async def of_group(*arguments):
        nonlocal asked
        asked += 1
        if asked == 2:  # the group is written, its members are read again
            ours.members.of_group = find
            for each in (boss, *others):
                await ours.adds(group, each)
        return await find(*arguments)

    ours.members.of_group = of_group
    everybody_out = ours.change_group(
        caller(Role.ADMIN), group.id, lambda seen, _: (seen, frozenset()), whole=True
    )

    assert await code_of(everybody_out) == "identity.role_above_own"
    assert len(await ours.ids_of(group)) == 4  # nobody left, also nobody below the caller


async def test_a_group_that_others_filled_meanwhile_is_no_larger_than_one_may_be(ours):
    people = [await ours.provision(caller(), said(name)) for name in ("ada", "bob")]
    group = await ours.group("a")
    calls = 0

    def change(seen, _):
        nonlocal calls
        calls += 1
        many = frozenset(f"mem_{number}" for number in range(1_001))
        return seen, frozenset({people[0].id}) if calls == 1 else many

    work = ours.change_group(caller(), group.id, change, whole=True)

    assert await code_of(work) == "identity.group_too_large"


class LateMembers(MemoryMembers):
    """Facts about whom `late_for` names are not published until `mended`."""

    def __init__(self):
        super().__init__()
        self.late_for = self.pending = frozenset()

    async def replace(self, seen, changed, *facts):
        await super().replace(seen, changed, *facts)
        if facts and changed.id in self.late_for:
            self.pending |= {changed.id}
        await self.ensure_in_force(seen.workspace_id, seen.id)

    async def ensure_in_force(self, workspace_id, member_id):
        if member_id in self.pending:
            raise NotInForce

    async def ensure_all_in_force(self, workspace_id):
        if self.pending:
            raise NotInForce


@pytest.fixture
async def late():
    """A group that makes builders of two; what is said of Ada does not get through any more."""
    ours = Workspace()
    ours.members = LateMembers()
    ours.begin()
    await ours.owner()
    ada, bob = [await ours.provision(caller(), said(name)) for name in ("ada", "bob")]
    await ours.gives(("a", Role.BUILDER))
    ours.makers = await ours.group("a", ada, bob)
    ours.members.late_for = frozenset({ada.id})
    return ours


def mend(ours):
    ours.members.late_for = ours.members.pending = frozenset()


def without_anybody(ours):
    return ours.set_members(ours.makers)


def without_ada(ours):
    def change(seen, people):
        return seen, frozenset(each.id for each in people if each.name != "ada")

    return ours.change_group(caller(), ours.makers.id, change)


def giving_nothing(ours):
    return ours.gives()


def removed(ours):
    return ours.remove_group(caller(), ours.makers.id)


@pytest.mark.parametrize("change", [without_anybody, without_ada, giving_nothing, removed])
async def test_what_is_repeated_after_a_503_succeeds_once_it_is_in_force(late, change):
    for _ in range(3):
        assert await code_of(change(late)) == "platform.not_in_force"
    mend(late)
    assert await code_of(change(late)) is None
    [ada] = [each for each in await late.members.people(OURS) if each.name == "ada"]
    assert ada.role is Role.USER


async def test_members_of_a_group_that_goes_stay_until_that_is_in_force_for_all(late):
    assert await code_of(removed(late)) == "platform.not_in_force"

    assert len(await late.ids_of(late.makers)) == 2
    assert {each.role for each in await late.members.people(OURS)} == {Role.USER}


def test_a_version_is_also_of_the_group_s_own_revision():
    group = Group("grp_1", OURS, "Makers")
    assert version_of(group, ()) != version_of(replace(group, revision=2), ())
