"""A workspace is closed by name, can be restored for 30 days, and is removed then."""

from datetime import timedelta

import pytest

from contracts.errors import PlatformError
from contracts.facts import (
    WorkspaceClosed,
    WorkspaceCreated,
    WorkspaceRemoved,
    WorkspaceRestored,
)
from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.bootstrap import Bootstrap
from identity_service.domain.workspace import RESTORABLE_UNTIL_BEFORE, Workspace
from identity_service.usecases.close_workspace import CloseWorkspace
from identity_service.usecases.remove_due_workspaces import RemoveDueWorkspaces
from identity_service.usecases.restore_workspace import RestoreWorkspace
from kit.errors import NotInForce
from kit.testing import FrozenClock
from services.identity.tests.fakes import MemoryBootstraps, MemoryWorkspaces

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")


class Tenants:
    def __init__(self):
        self.workspaces, self.bootstraps = MemoryWorkspaces(), MemoryBootstraps()
        self.clock = FrozenClock()
        self.close = CloseWorkspace(self.workspaces, self.clock)
        self.restore = RestoreWorkspace(self.workspaces, self.clock)
        self.remove_due = RemoveDueWorkspaces(self.workspaces, self.bootstraps, self.clock)

    async def add(self, workspace_id, title):
        fact = WorkspaceCreated(workspace_id=workspace_id, title=title)
        await self.workspaces.add(Workspace(workspace_id, title), fact)

    def said(self, fact):
        return self.workspaces.facts.of(fact)


@pytest.fixture
async def tenants():
    tenants = Tenants()
    await tenants.add(OURS, "Ours")
    await tenants.add(THEIRS, "Theirs")
    await tenants.bootstraps.begin(Bootstrap(OURS, MemberId("mem_1")))
    return tenants


async def code_of(work):
    with pytest.raises(PlatformError) as refused:
        await work
    return refused.value.code


@pytest.mark.parametrize("title", ["", "ours", "Ours ", "Theirs", "OURS"])
async def test_a_workspace_is_closed_by_whoever_names_it_exactly(tenants, title):
    assert await code_of(tenants.close(OURS, title)) == "identity.title_differs"
    assert (await tenants.workspaces.read(OURS)).closing_until is None
    assert tenants.said(WorkspaceClosed) == []


async def test_a_closed_workspace_says_until_when_it_can_be_restored(tenants):
    closed = await tenants.close(OURS, "Ours")
    tenants.clock.advance(timedelta(days=3))
    again = await tenants.close(OURS, "Ours")

    assert again == closed == await tenants.workspaces.read(OURS)
    [fact] = tenants.said(WorkspaceClosed)
    assert fact.closing_until == closed.closing_until
    assert closed.closing_until == tenants.clock() + timedelta(days=27)
    assert (await tenants.workspaces.read(THEIRS)).closing_until is None


async def test_nothing_is_removed_before_30_days_are_over(tenants):
    await tenants.close(OURS, "Ours")
    tenants.clock.advance(timedelta(days=30))

    assert await tenants.remove_due() == 0
    assert tenants.said(WorkspaceRemoved) == []


async def test_a_restored_workspace_is_not_removed(tenants):
    await tenants.close(OURS, "Ours")
    tenants.clock.advance(timedelta(days=29))

    restored = await tenants.restore(OURS)
    again = await tenants.restore(OURS)
    tenants.clock.advance(timedelta(days=9))

    assert restored == again
    assert len(tenants.said(WorkspaceRestored)) == 1
    assert await tenants.remove_due() == 0
    assert await tenants.workspaces.read(OURS) == restored


async def test_a_workspace_is_removed_once_after_30_days(tenants):
    await tenants.close(OURS, "Ours")
    tenants.clock.advance(timedelta(days=30, seconds=1))

    assert [await tenants.remove_due(), await tenants.remove_due()] == [1, 0]
    assert [fact.workspace_id for fact in tenants.said(WorkspaceRemoved)] == [OURS]
    assert await tenants.workspaces.find(OURS) is None
    assert await tenants.workspaces.find(THEIRS)
    assert await tenants.bootstraps.read() is None


async def test_after_30_days_it_is_too_late_to_restore(tenants):
    await tenants.close(OURS, "Ours")
    tenants.clock.advance(timedelta(days=30))

    assert await code_of(tenants.restore(OURS)) == "identity.too_late_to_restore"


async def test_nobody_restores_what_a_replica_with_a_clock_ahead_may_be_removing(tenants):
    await tenants.close(OURS, "Ours")
    tenants.clock.advance(timedelta(days=30) - RESTORABLE_UNTIL_BEFORE)

    assert await code_of(tenants.restore(OURS)) == "identity.too_late_to_restore"
    assert await tenants.remove_due() == 0
    tenants.clock.advance(-timedelta(seconds=1))
    assert (await tenants.restore(OURS)).closing_until is None


class Unpublished:
    """Facts that the broker does not take at the moment."""

    async def publish(self, fact):
        raise NotInForce


async def test_a_closed_workspace_that_others_may_not_know_of_is_not_answered_as_closed(tenants):
    tenants.workspaces.facts = Unpublished()

    assert await code_of(tenants.close(OURS, "Ours")) == "platform.not_in_force"


async def test_b5_the_same_again_succeeds_once_it_is_in_force(tenants):
    await tenants.close(OURS, "Ours")
    tenants.workspaces.late = True

    assert await code_of(tenants.close(OURS, "Ours")) == "platform.not_in_force"
    assert await code_of(tenants.restore(THEIRS)) == "platform.not_in_force"


async def test_a_removal_whose_fact_is_late_is_left_to_the_sweep(tenants):
    await tenants.close(OURS, "Ours")
    tenants.clock.advance(timedelta(days=31))
    tenants.workspaces.facts = Unpublished()

    assert await tenants.remove_due() == 1


async def test_a_workspace_is_closed_and_restored_on_the_reading_that_was_named(tenants):
    revision = (await tenants.workspaces.read(OURS)).revision

    assert await code_of(tenants.close(OURS, "Ours", revision + 1)) == "platform.changed_meanwhile"
    closed = await tenants.close(OURS, "Ours", revision)
    assert await tenants.close(OURS, "Ours", revision) == closed
    assert await code_of(tenants.restore(OURS, revision)) == "platform.changed_meanwhile"
    opened = await tenants.restore(OURS, closed.revision)
    assert await tenants.restore(OURS, revision) == opened
