"""A workspace gets another title on the reading that was named, and the same one on any."""

import pytest

from contracts.facts import WorkspaceCreated
from contracts.ids import WorkspaceId
from identity_service.domain.workspace import Workspace
from identity_service.usecases.retitle_workspace import RetitleWorkspace
from kit.documents import ChangedMeanwhile
from services.identity.tests.fakes import MemoryWorkspaces

OURS = WorkspaceId("ws_ours")


@pytest.fixture
async def workspaces():
    workspaces = MemoryWorkspaces()
    fact = WorkspaceCreated(workspace_id=OURS, title="Ours")
    await workspaces.add(Workspace(OURS, "Ours"), fact)
    return workspaces


@pytest.mark.parametrize("again_on", [1, 2, None])
async def test_the_same_request_again_succeeds_whatever_revision_it_names(workspaces, again_on):
    retitle = RetitleWorkspace(workspaces)
    renamed = await retitle(OURS, "New", 1)

    assert await retitle(OURS, "New", again_on) == renamed == await workspaces.read(OURS)
    assert renamed.revision == 2


async def test_another_title_on_an_older_reading_is_refused(workspaces):
    retitle = RetitleWorkspace(workspaces)
    await retitle(OURS, "New", 1)

    with pytest.raises(ChangedMeanwhile):
        await retitle(OURS, "Newer", 1)

    assert (await workspaces.read(OURS)).title == "New"
