"""One suite for the stores of a directory: what holds in memory holds in MongoDB."""

from dataclasses import replace

import pytest

from contracts.ids import MemberId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service.domain.directory_entry import (
    DirectoryEntry,
    EmailAddress,
    NamedRole,
    PersonName,
    key_of,
)
from identity_service.domain.directory_errors import GroupNameTaken, UserNameTaken
from identity_service.domain.group import Group, GroupRole, GroupRoles
from identity_service.domain.member import Member, MemberKind
from kit.documents import Overtaken

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")


def person(user_name, workspace_id=OURS, **entry):
    known = DirectoryEntry(user_name, key_of(user_name), **entry)
    id_ = MemberId(new_id("mem"))
    return Member(id_, workspace_id, user_name, Role.USER, directory=known)


def group(name, workspace_id=OURS, **fields):
    return Group(new_id("grp"), workspace_id, name, **fields)


async def test_what_a_directory_says_is_kept_as_it_is(stores):
    full = person(
        "Ada",
        external_id="$ne",
        display_name="Ada L.",
        name=PersonName("Ada Lovelace", None, "Ada"),
        emails=(EmailAddress("a@example.com", "work", None, True), EmailAddress("b@example.com")),
        roles=(NamedRole(Role.BUILDER, True),),
        groups=("grp_1", "grp_2"),
        gave_role=True,
    )
    await stores.members.provision(full)

    assert await stores.members.find(OURS, full.id) == full
    less = DirectoryEntry("Ada", "ada")
    await stores.members.replace(full, replace(full, directory=less, revision=2))
    assert (await stores.members.find(OURS, full.id)).directory == less


async def test_a_user_name_is_taken_once_in_a_workspace_in_either_case(stores):
    ada, bob = person("Ada"), person("bob")
    for each in (ada, bob, person("Ada", THEIRS)):
        await stores.members.provision(each)

    with pytest.raises(UserNameTaken):
        await stores.members.provision(person("aDA"))
    renamed = replace(bob, directory=DirectoryEntry("ADA", "ada"), revision=2)
    with pytest.raises(UserNameTaken):
        await stores.members.replace(bob, renamed)
    assert await stores.members.find(OURS, bob.id) == bob


async def test_members_without_an_entry_are_as_many_as_there_are(stores):
    for _ in range(2):
        await stores.members.add(Member(MemberId(new_id("mem")), OURS, "x", Role.USER))

    assert await stores.members.people(OURS) == []


async def test_people_are_found_by_what_a_directory_knows(stores):
    ada = person("ada", external_id="E", emails=(EmailAddress("Ada@Example.com"),), groups=("g",))
    ada = replace(ada, email="ada@example.com")
    by_hand = Member(MemberId(new_id("mem")), OURS, "Bob", Role.USER, email="bob@example.com")
    service = replace(
        by_hand, id=MemberId(new_id("mem")), kind=MemberKind.SERVICE, email="s@example.com"
    )
    theirs = person("ada", THEIRS, external_id="E", groups=("g",))
    await stores.members.provision(ada)
    await stores.members.provision(theirs)
    for each in (by_hand, service):
        await stores.members.add(each)

    assert await stores.members.named(OURS, " ADA") == ada
    assert await stores.members.named(OURS, "bob@EXAMPLE.com") == by_hand
    for name in ("s@example.com", "ada@example.com", "", "$ne", "a.a"):
        assert await stores.members.named(OURS, name) is None
    assert await stores.members.with_external_id(OURS, "E") == [ada]
    assert await stores.members.with_external_id(OURS, "e") == []
    assert await stores.members.with_email(OURS, "ADA@example.com") == [ada]
    assert await stores.members.with_email(OURS, "bob@example.com") == [by_hand]
    for part in ("example.com", ".*", "da@example.com", "adaXexample.com"):
        assert await stores.members.with_email(OURS, part) == []
    assert await stores.members.of_group(OURS, "g") == [ada]
    assert await stores.members.people(OURS) == [ada, by_hand]


async def test_groups_have_names_of_their_own_in_a_workspace(stores):
    makers, others = group("Makers", external_id="G"), group("Others")
    for each in (makers, others, group("makers", THEIRS)):
        await stores.groups.add(each)

    with pytest.raises(GroupNameTaken):
        await stores.groups.add(group("MAKERS"))
    with pytest.raises(GroupNameTaken):
        await stores.groups.replace(others, replace(others, display_name="makers", revision=2))
    assert await stores.groups.each(OURS) == [makers, others]
    assert await stores.groups.find(THEIRS, makers.id) is None


async def test_a_group_that_changed_meanwhile_is_overtaken(stores):
    seen = group("Makers")
    await stores.groups.add(seen)
    await stores.groups.replace(seen, seen.closed())

    for work in (stores.groups.replace(seen, seen.closed()), stores.groups.remove(seen)):
        with pytest.raises(Overtaken):
            await work
    await stores.groups.remove(seen.closed())
    assert await stores.groups.find(OURS, seen.id) is None
    await stores.groups.add(group("Makers"))


async def test_group_roles_are_kept_for_each_workspace_and_never_lost(stores):
    nothing = await stores.group_roles.read(OURS)
    first = GroupRoles(OURS, (GroupRole("a", Role.ADMIN), GroupRole("b", Role.USER)), 1)
    await stores.group_roles.replace(nothing, first)

    assert await stores.group_roles.read(OURS) == first
    assert await stores.group_roles.read(THEIRS) == GroupRoles(THEIRS)
    with pytest.raises(Overtaken):
        await stores.group_roles.replace(nothing, first)
    second = GroupRoles(OURS, (), 2)
    await stores.group_roles.replace(first, second)
    assert await stores.group_roles.read(OURS) == second
    with pytest.raises(Overtaken):
        await stores.group_roles.replace(first, second)
