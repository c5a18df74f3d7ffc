"""Which invitations end where somebody's addresses are stored or given up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.adapters.ended_invitations import EndInvitations
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import Member
from kit.errors import DatabaseUnavailable
from services.identity.tests.invitation_fakes import MemoryInvitations

OURS, NOW = WorkspaceId("ws_1"), datetime(2026, 11, 28, tzinfo=UTC)
BOB = Member(MemberId("mem_b"), OURS, "Bob", Role.USER, email="bob@example.com")
ROB = replace(BOB, email="rob@example.com")


def invitation(number, email):
    whose = (email, "Bob", Role.USER, f"{number}" * 64, MemberId("mem_admin"))
    return Invitation(f"ivt_{number}", OURS, *whose, NOW, NOW + timedelta(days=7))


@pytest.fixture
async def store():
    """With an open invitation to either address."""
    made = MemoryInvitations()
    for number, email in enumerate((BOB.email, ROB.email)):
        await made.add(invitation(number, email))
    return made


async def open_in(store):
    return [each.email for each in await store.page(OURS, 9, None)]


class Unavailable(MemoryInvitations):
    async def revoke_to(self, workspace_id, emails):
        raise DatabaseUnavailable


async def test_whoever_is_invited_by_an_address_that_was_given_up_stays_invited(store):
    """Between the change and what follows it."""
    await EndInvitations(store, lambda: NOW).to(BOB, ROB)

    assert await open_in(store) == [ROB.email]


async def test_who_is_stored_is_stored_where_the_database_ends_no_invitation():
    end = EndInvitations(Unavailable(), lambda: NOW)

    await end.to(BOB)

    with pytest.raises(DatabaseUnavailable):  # nothing is stored yet
        await end.before(BOB, replace(BOB, email=""))


async def test_what_a_crash_left_to_an_address_ends_before_it_is_given_up(store):
    end = EndInvitations(store, lambda: NOW)

    await end.before(BOB, replace(BOB, name="Robert"))
    assert len(await open_in(store)) == 2
    await end.before(BOB, ROB)

    assert await open_in(store) == [ROB.email]
