import pytest
from auth_rig import ACT, ORIGIN, WS, Rig, principal

from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.tested_credential import CalledOperation, TestedCredential
from auth_service.usecases.try_credential import TryCredential
from contracts.access import GptAccess, Sharing
from contracts.errors import PlatformError
from contracts.principal import Role

ANSWERS = [
    (200, "accepted"),
    (204, "accepted"),
    (304, "accepted"),
    (400, "unclear"),
    (401, "rejected"),
    (403, "rejected"),
    (404, "unclear"),
    (429, "unclear"),
    (500, "unclear"),
]


@pytest.mark.parametrize(("status", "outcome"), ANSWERS)
def test_the_status_says_whether_credentials_are_accepted(status, outcome):
    tested = TestedCredential.of(CalledOperation("listPets", "inv_1", status))

    assert tested.outcome == outcome
    assert f"listPets with {status}" in tested.sentence
    assert bool(tested.hint) == (outcome != "accepted")


def test_an_api_that_did_not_answer_says_nothing_about_them():
    called = CalledOperation("listPets", "inv_1", None, "No connection.", "Try again.")

    tested = TestedCredential.of(called)

    assert (tested.outcome, tested.sentence, tested.hint) == (
        "unclear",
        "No connection.",
        "Try again.",
    )


class Calls:
    """`TrialCalls` that answer 200."""

    def __init__(self):
        self.asked = []

    async def call(self, caller, gpt_id, action_id, operation):
        self.asked.append((caller, gpt_id, action_id, operation))
        return CalledOperation(operation or "listPets", "inv_1", 200)


@pytest.fixture
def trial():
    """What tests credentials of a GPT that is private to its owner, and the calls it makes."""
    rig, calls = Rig(), Calls()
    access = GptAccess(WS, "mem_owner", Sharing.PRIVATE)
    rig.actions.hosts_of[ACT] = ActionHosts((ORIGIN,), access=access, gpt_id="gpt_1")
    return TryCredential(rig.store, rig.actions, calls), calls


async def test_execution_is_asked_about_the_actions_gpt_by_the_callers_own_key(trial):
    test, calls = trial

    tested = await test(principal("mem_owner"), "digest", ACT, None)

    assert tested.outcome == "accepted"
    assert calls.asked == [("digest", "gpt_1", ACT, None)]


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.BUILDER, "catalog.action_not_found"), (Role.OWNER, "access.private")],
)
async def test_whoever_may_not_see_the_actions_settings_tests_nothing(trial, role, code):
    test, calls = trial

    with pytest.raises(PlatformError) as refused:
        await test(principal("mem_else", role=role), "digest", ACT, None)

    assert (refused.value.code, calls.asked) == (code, [])
