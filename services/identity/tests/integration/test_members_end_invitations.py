"""Whoever writes a member ends invitations: what holds in memory holds in MongoDB."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.facts import MemberChanged
from contracts.ids import MemberId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import Member
from services.identity.tests.fakes import NOW

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
BOB, ROB, EVE = "bob@acme.com", "rob@acme.com", "eve@acme.com"
ENTRY = DirectoryEntry("Rob@Acme.com", ROB)


def member():
    return Member(MemberId(new_id("mem")), OURS, "Bob", Role.USER, email=BOB)


@pytest.fixture
async def ours(stores):
    for within, email in ((OURS, BOB), (OURS, ROB), (OURS, EVE), (THEIRS, BOB)):
        names = (within, email, "Somebody", Role.USER, new_id("digest"), MemberId("mem"))
        await stores.invitations.add(
            Invitation(new_id("ivt"), *names, NOW, NOW + timedelta(days=7))
        )
    return stores


async def opened(stores, within=OURS):
    return {each.email for each in await stores.invitations.page(within, 10, None)}


async def test_who_is_added_ends_invitations_to_their_address(ours):
    await ours.members.add(member())

    assert await opened(ours) == {ROB, EVE}
    assert await opened(ours, THEIRS) == {BOB}


async def test_whom_the_directory_adds_ends_those_to_each_of_theirs(ours):
    await ours.members.provision(replace(member(), directory=ENTRY))

    assert await opened(ours) == {EVE}


async def test_who_changes_ends_those_to_the_new_address(ours):
    bob = member()
    await ours.members.add(bob)
    renamed = replace(bob, name="Robert", revision=2)
    await ours.members.replace(bob, renamed)
    assert await opened(ours) == {ROB, EVE}

    await ours.members.replace(renamed, replace(renamed, email=ROB, revision=3))

    assert await opened(ours) == {EVE}


async def test_who_is_removed_ends_them_for_good(ours):
    bob = member()
    await ours.members.add(bob)
    fact = MemberChanged(workspace_id=OURS, member_id=bob.id, role=None, revision=2)

    await ours.members.remove(bob, fact)

    assert await ours.invitations.closed_at(OURS, BOB) == NOW
    assert await ours.invitations.closed_at(OURS, ROB) is None
    assert await opened(ours) == {ROB, EVE}
