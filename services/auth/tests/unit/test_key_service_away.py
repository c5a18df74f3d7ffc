"""F28: without its key service auth refuses what takes a secret, by a code, and nothing else."""

import os

import pytest
from auth_rig import ORIGIN, Rig

from kit.envelope import EnvelopeKeyRing
from kit.key_ring import KeyServiceUnavailable
from kit.testing import MemoryWorkspaceKeys
from kit.workspace_keys import OPEN_SECONDS, WorkspaceKeys
from shared.kit.tests.workspace_rings import Clock, ServiceRoot


@pytest.fixture
def root():
    return ServiceRoot(os.urandom(32))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rig(root, clock):
    keys = WorkspaceKeys("auth", MemoryWorkspaceKeys(), {"k1": root}, clock)
    return Rig(EnvelopeKeyRing({}, keys, writing_root="k1", per_workspace=True))


async def test_f28_a_secret_is_released_for_minutes_and_then_refused_until_the_service_is_back(
    rig, root, clock
):
    await rig.enter()
    root.is_away = True

    assert rig.opened(await rig.issue(rig.asked()), ORIGIN)
    clock.seconds += OPEN_SECONDS + 1
    for refused in (rig.issue(rig.asked()), rig.enter("another")):
        with pytest.raises(KeyServiceUnavailable) as unavailable:
            await refused
        assert unavailable.value.code == "platform.key_service_unavailable"

    root.is_away = False
    assert rig.opened(await rig.issue(rig.asked()), ORIGIN)["headers"]


async def test_f28_an_action_that_signs_in_with_nothing_does_not_need_the_key_service(rig, root):
    root.is_away = True

    issued = await rig.issue(rig.asked())

    assert (issued.revision, issued.sealed) == (0, "")
