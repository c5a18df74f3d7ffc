"""B22: what allowed a call is voided while it waits; then it is decided anew, or not sent.

The long waits are for the fact beforehand, and for a place, a name and a connection.
"""

from dataclasses import replace

import pytest

from contracts.access import Sharing
from contracts.facts import Outcome
from egress import Withdrawn
from execution_service.domain.credential import Credential
from execution_service.domain.errors import CallRefused, OperationNotFound, RulesChanging
from execution_service.usecases.steps.run_steps import MAX_DECISIONS
from services.execution.tests.calling import invoke, refused
from services.execution.tests.fakes import DENIED, SHARED, tool


@pytest.fixture(params=["while_connecting", "while_publishing"])
def happens(world, request):
    """Lets something happen, once, during one of the two waits of a POST."""

    def during(event, **fields):
        ours = world("POST", **fields)

        def once():
            setattr(ours, request.param, lambda: None)
            event(ours)

        setattr(ours, request.param, once)
        return ours

    return during


@pytest.mark.parametrize(
    ("what", "anonymous"),
    [
        ("offered", False),
        ("offered", True),
        ("accessed", False),
        ("accessed", True),
        ("gated", False),
        ("gated", True),
        ("issued", False),
    ],
)
async def test_b22_the_call_is_decided_anew_and_sent_once(happens, what, anonymous):
    world = happens(
        lambda ours: setattr(getattr(ours, what), "still_holds", False), anonymous=anonymous
    )

    finished = await invoke(world)

    assert finished.outcome is Outcome.SUCCEEDED
    assert world.steps.count("gate") == 2
    assert world.steps.count("issue") == (0 if anonymous else 2)
    assert len(world.sent) == 1


@pytest.mark.parametrize("anonymous", [False, True])
async def test_b22_a_token_revoked_meanwhile_is_refused_after_one_decision(happens, anonymous):
    world = happens(lambda ours: setattr(ours, "token_holds", False), anonymous=anonymous)

    refusal = await refused(world, RulesChanging)

    assert world.steps.count("gate") == 1
    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)


@pytest.mark.parametrize("anonymous", [False, True])
async def test_b22_a_domain_that_was_removed_meanwhile_is_not_called(happens, anonymous):
    def removed(ours):
        ours.gated.still_holds = False
        ours.verdict = DENIED

    world = happens(removed, anonymous=anonymous)

    refusal = await refused(world, CallRefused)

    assert refusal.code == DENIED.code
    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, DENIED.code)


async def test_b22_the_new_credential_is_the_one_that_is_sent(happens):
    def replaced(ours):
        ours.issued.still_holds = False
        ours.credential = Credential(8, headers=(("x-api-key", "new"),))

    world = happens(replaced)

    await invoke(world)

    [request] = world.sent
    assert dict(request.headers)["x-api-key"] == "new"
    assert request.pool_key == "ws_1/ws_1/act_1/8"
    assert request.share_key == "ws_1"


@pytest.mark.parametrize("anonymous", [False, True])
async def test_b22_an_operation_that_its_gpt_no_longer_offers_is_not_called(happens, anonymous):
    def removed(ours):
        ours.offered.still_holds = False
        ours.operation = None

    world = happens(removed, anonymous=anonymous)

    refusal = await refused(world, OperationNotFound)

    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)


def taken_away(ours):
    ours.accessed.still_holds = False
    ours.access = replace(SHARED, sharing=Sharing.PRIVATE)


async def test_b22_where_access_is_taken_away_what_is_on_record_as_started_ends_there(happens):
    world = happens(taken_away)

    refusal = await refused(world, OperationNotFound)

    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)


async def test_b22_where_access_is_taken_away_no_record_names_the_operation_of_a_read(world):
    world = world()
    world.while_connecting = lambda: taken_away(world)

    await refused(world, OperationNotFound)

    assert world.facts == []


async def test_b22_a_read_goes_to_the_operation_that_is_offered_now(world):
    world = world()

    def republished():
        world.while_connecting = lambda: None
        world.offered.still_holds = False
        moved = tool(schema_id="sch_2", action_id="act_2")
        world.operation = replace(world.operation, tool=moved)

    world.while_connecting = republished

    await invoke(world)

    [request] = world.sent
    assert request.pool_key == "ws_1/ws_1/act_2/0"
    assert world.finished.action_id == "act_2"


@pytest.mark.parametrize(
    "other", [{"schema_id": "sch_2"}, {"action_id": "act_2"}, {"operation": "addPet"}]
)
async def test_b22_another_operation_than_was_published_beforehand_is_not_called(happens, other):
    def republished(ours):
        ours.offered.still_holds = False
        ours.operation = replace(ours.operation, tool=tool(**other))

    world = happens(republished)

    refusal = await refused(world, RulesChanging)

    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)


async def test_b22_that_it_is_about_to_be_sent_is_published_once(happens):
    world = happens(lambda ours: setattr(ours.gated, "still_holds", False))

    await invoke(world)

    assert len(world.started) == 1


async def test_b22_rules_that_change_before_each_decision_ends_are_a_refusal(world):
    world = world("POST")
    world.while_connecting = lambda: setattr(world.gated, "still_holds", False)

    refusal = await refused(world, RulesChanging)

    assert world.steps.count("gate") == MAX_DECISIONS
    assert refusal.hint
    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)


async def test_b22_what_may_have_been_sent_is_not_decided_anew(world):
    """A dead idle connection may have taken a first copy before the second was withdrawn."""
    world = world()
    world.answer = Withdrawn("withdrawn", sent=True)

    finished = await invoke(world)

    assert finished.outcome is Outcome.FAILED
    assert len(world.sent) == 1
