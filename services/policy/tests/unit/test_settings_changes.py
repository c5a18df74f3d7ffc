import pytest

from contracts.facts import SettingsChanged
from contracts.ids import WorkspaceId
from kit.documents import ChangedMeanwhile
from kit.errors import NotInForce
from policy_service.adapters.mongo_settings import SETTINGS
from policy_service.domain.workspace_settings import WorkspaceSettings
from policy_service.usecases.change_settings import ChangeSettings
from services.policy.tests.fakes import MemorySettings

OURS = WorkspaceId("ws_ours")


@pytest.fixture
def change():
    return ChangeSettings(MemorySettings())


async def test_what_is_left_out_stays_as_it_is(change):
    await change(OURS, {"custom_actions_enabled": False}, None)

    changed = await change(OURS, {"unique_hosts": True}, None)

    assert changed == WorkspaceSettings(OURS, 2, False, True, True)
    assert [fact.revision for fact in change.settings.facts.of(SettingsChanged)] == [1, 2]


@pytest.mark.parametrize("switches", [{}, {"custom_actions_enabled": True}])
async def test_a_change_that_changes_nothing_keeps_the_revision_and_says_nothing(change, switches):
    assert await change(OURS, switches, 5) == WorkspaceSettings(OURS)
    assert change.settings.facts.of(SettingsChanged) == []


async def test_b5_the_same_again_succeeds_once_it_is_in_force(change):
    await change(OURS, {"custom_actions_enabled": False}, None)

    change.settings.late = True
    with pytest.raises(NotInForce):
        await change(OURS, {"custom_actions_enabled": False}, None)


async def test_a_change_that_is_based_on_an_older_revision_is_refused(change):
    await change(OURS, {"unique_hosts": True}, 0)

    with pytest.raises(ChangedMeanwhile):
        await change(OURS, {"first_call_asks": False}, 0)


def test_settings_of_which_a_later_release_knows_more_are_read_and_kept():
    later = {"custom_actions_enabled": False, "unique_hosts": True, "later_switch": "on"}

    read = SETTINGS.read(later)
    set_, gone = SETTINGS.replacing(read)

    assert (read.custom_actions_enabled, read.unique_hosts, read.first_call_asks) == (
        False,
        True,
        True,
    )
    assert "state.later_switch" not in {**set_, **gone}
