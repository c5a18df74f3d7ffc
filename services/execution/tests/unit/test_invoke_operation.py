"""One call: what refuses it, in which order, what is published, and what its caller is told."""

import asyncio
from dataclasses import replace

import pytest

from contracts.access import GptAccess, Level, Sharing
from contracts.errors import Unavailable
from contracts.facts import Outcome
from contracts.requests import Stage
from egress import (
    AddressRefused,
    ConnectFailed,
    ConnectionLost,
    NameNotResolved,
    TimedOut,
)
from execution_service.domain.answer import CUT_MARK, MAX_ANSWER_CHARACTERS
from execution_service.domain.credential import Credential
from execution_service.domain.errors import (
    CallRefused,
    InvalidArguments,
    OperationMoved,
    OperationNotFound,
    RulesChanging,
)
from execution_service.domain.json_text import JsonText
from services.execution.tests.calling import invoke, refused
from services.execution.tests.fakes import (
    ASKING,
    DENIED,
    World,
    answered,
    principal,
    tool,
    wanted_call,
)

KEY = Credential(7, headers=(("x-api-key", "s3cret"),))
ADMITTED = ["access", "find", "gate", "describe"]

OK = JsonText(b'{"ok":true}')


async def test_a_call_is_decided_then_signed_then_sent_then_published(world):
    world = world()

    finished = await invoke(world, id=5)

    assert world.steps == ["access", "find", "gate", "describe", "issue", "send", "after"]
    assert (finished.outcome, finished.status, finished.body) == ("succeeded", 200, OK)
    [request] = world.sent
    assert request.target.path_and_query == "/pets?id=5"
    assert world.finished.outcome is Outcome.SUCCEEDED
    assert world.finished.code == "ok"
    assert world.finished.response_bytes == 11


async def test_what_changes_something_is_published_before_it_is_sent(world):
    world = world("POST")

    await invoke(world)

    assert world.steps == [*ADMITTED, "issue", "before", "send", "after_change"]
    [started] = world.started
    assert started.invocation_id == world.finished.invocation_id == "inv_1"
    assert started.arguments_hash == world.finished.arguments_hash != ""


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_what_changes_nothing_needs_no_word_before(world, method):
    world = world(method)

    await invoke(world)

    assert world.started == []


async def test_what_cannot_be_published_beforehand_is_not_sent(world):
    world = world("DELETE")
    world.ledger_is_away = True

    refusal = await refused(world, Unavailable)

    assert refusal.code == "platform.bus_unavailable"
    assert world.finished.outcome is Outcome.REFUSED


async def test_an_unknown_operation_is_refused_before_anything_else(world):
    world = World(operation=None)

    await refused(world, OperationNotFound)

    assert world.steps == ["access", "find"]


async def test_policys_refusal_comes_before_the_arguments_and_in_its_own_words(world):
    world = world()
    world.verdict = DENIED

    refusal = await refused(world, CallRefused, id="not a number")

    assert (refusal.code, refusal.sentence) == (DENIED.code, DENIED.sentence)
    assert refusal.hint == DENIED.hint
    assert world.steps == ["access", "find", "gate", "after"]
    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, DENIED.code)


async def test_what_the_gate_leaves_open_is_decided_once_the_arguments_fit(world):
    """With their hash: an approval is bound to them."""
    world = world("POST")
    world.verdict = ASKING

    await invoke(world)

    assert world.steps[:6] == [*ADMITTED, "decide", "issue"]
    assert world.asked_about == world.finished.arguments_hash != ""


async def test_arguments_that_do_not_fit_are_asked_nobody_about(world):
    world = world("POST")
    world.verdict = ASKING

    await refused(world, InvalidArguments, id="five")

    assert "decide" not in world.steps


@pytest.mark.parametrize("decision", [DENIED, ASKING])
async def test_what_is_not_allowed_in_the_end_is_not_sent(world, decision):
    """Nobody can wait for an approval yet."""
    world = world("POST")
    world.verdict, world.decision = ASKING, decision

    refusal = await refused(world, CallRefused)

    assert refusal.code == world.finished.code == decision.code
    assert "issue" not in world.steps


async def test_b2_whoever_has_no_access_learns_nothing_of_the_gpt(world):
    """Neither policy nor the arguments are looked at; the answer is that of an unknown GPT, and no
    record in the caller's own trail names method, host or action.
    """
    world = world()
    world.access = GptAccess("ws_1", "mem_owner", Sharing.PRIVATE)

    refusal = await refused(world, OperationNotFound, id="five")

    assert refusal.sentence == OperationNotFound().sentence
    assert world.steps == ["access", "access anew"]  # as long as for an unknown GPT
    assert world.facts == []


async def test_b2_whoever_was_given_access_a_moment_ago_is_not_told_that_there_is_nothing(world):
    world = world()
    world.access = GptAccess("ws_1", "mem_owner", Sharing.PRIVATE)
    world.access_now = GptAccess("ws_1", "mem_owner", Sharing.WORKSPACE)

    finished = await invoke(world)

    assert finished.outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    ("level", "stage", "may"),
    [
        (Level.CHAT, Stage.PUBLISHED, True),
        (Level.VIEW, Stage.DRAFT, False),
        (Level.EDIT, Stage.DRAFT, True),
    ],
)
async def test_b2_the_access_list_tells_who_calls_which_stage(world, level, stage, may):
    world = world()
    world.access = GptAccess("ws_1", "mem_owner", Sharing.PRIVATE, (("mem_1", level),))
    wanted = wanted_call({"id": 1}, stage=stage)

    if may:
        assert (await invoke(world, wanted)).outcome is Outcome.SUCCEEDED
    else:
        assert (await refused(world, wanted=wanted)).code == "access.level_too_low"


@pytest.mark.parametrize("stage", Stage)
async def test_an_admin_of_a_private_gpts_workspace_is_told_that_it_is_private(world, stage):
    world = world()
    world.access = GptAccess("ws_1", "mem_owner", Sharing.PRIVATE)
    wanted = wanted_call({"id": 1}, principal=principal(role="admin"), stage=stage)

    refusal = await refused(world, wanted=wanted)

    assert refusal.code == "access.private"


async def test_an_operation_that_is_now_read_as_calling_another_host_is_not_called(world):
    world = world()
    world.operation = replace(world.operation, tool=tool(origin="https://elsewhere.example:443"))

    refusal = await refused(world, OperationMoved)

    assert "https://elsewhere.example:443" in refusal.sentence
    assert "gate" not in world.steps


async def test_arguments_are_checked_again_against_a_credential_that_was_replaced(world):
    """It came between its description and its release, and goes where the first did not."""
    world = world()
    world.described = Credential(6)
    world.credential = Credential(7, query=(("id", "s3cret"),))

    await refused(world, RulesChanging)

    assert world.sent == []


async def test_a_fact_names_the_workspaces_of_caller_and_gpt(world):
    world = world("POST")

    await invoke(world)

    for fact in world.facts:
        assert (fact.workspace_id, fact.gpt_workspace_id) == ("ws_1", "ws_1")


async def test_without_its_credential_nothing_is_sent(world):
    world = world("POST")
    world.credential = Unavailable("away", code="auth.away")

    await refused(world, Unavailable)

    assert world.started == []
    assert world.finished.code == "auth.away"


async def test_arguments_that_do_not_fit_are_named_and_nothing_is_sent(world):
    world = world("POST")

    refusal = await refused(world, InvalidArguments, id="five")

    assert refusal.findings[0]["pointer"] == "/id"
    assert world.steps == [*ADMITTED, "after_change"]
    assert world.finished.code == "execution.invalid_arguments"


async def test_the_credential_goes_into_the_request_and_nowhere_else(world):
    world = world("POST")
    world.credential = KEY

    finished = await invoke(world)

    assert ("x-api-key", "s3cret") in world.sent[0].headers
    assert world.sent[0].pool_key == "ws_1/ws_1/act_1/7"
    assert "s3cret" not in f"{finished}{world.facts}{KEY}"


async def test_connections_are_of_both_workspaces_and_capacity_is_the_callers(world):
    world = world("GET")

    await invoke(world, wanted_call({"id": 1}, gpt_workspace_id="ws_2"))

    [request] = world.sent
    assert (request.pool_key, request.share_key) == ("ws_1/ws_2/act_1/0", "ws_1")


async def test_an_operation_that_is_anonymous_gets_no_credential(world):
    world = world(anonymous=True)
    world.credential = KEY

    await invoke(world)

    assert {"describe", "issue"} & {*world.steps} == set()
    assert "x-api-key" not in dict(world.sent[0].headers)


SENT = {"sent": True}


@pytest.mark.parametrize(
    ("method", "error", "outcome"),
    [
        ("GET", ConnectFailed("x"), Outcome.FAILED),
        ("GET", TimedOut("x", **SENT), Outcome.FAILED),
        ("GET", ConnectionLost("x", **SENT), Outcome.FAILED),
        ("POST", NameNotResolved("x"), Outcome.FAILED),
        ("POST", ConnectFailed("x"), Outcome.FAILED),
        ("POST", TimedOut("x", **SENT), Outcome.UNKNOWN),
        ("PATCH", ConnectionLost("x", **SENT), Outcome.UNKNOWN),
        ("DELETE", ConnectionLost("x", **SENT), Outcome.UNKNOWN),
    ],
)
async def test_a_call_that_broke_off_says_what_is_known_of_it(world, method, error, outcome):
    world = world(method)
    world.answer = error

    finished = await invoke(world)

    assert finished.outcome == world.finished.outcome == outcome
    assert finished.error.code == world.finished.code == error.code
    assert finished.status is None
    assert ("may have carried" in finished.error.hint) == (outcome is Outcome.UNKNOWN)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_address_that_may_not_be_dialled_is_a_refusal(world, method):
    world = world(method)
    world.answer = AddressRefused("Not public.")

    with pytest.raises(AddressRefused):
        await invoke(world)

    assert (world.finished.outcome, world.finished.code) == (
        Outcome.REFUSED,
        "egress.address_refused",
    )


@pytest.mark.parametrize(
    ("method", "outcome"), [("GET", Outcome.FAILED), ("POST", Outcome.UNKNOWN)]
)
async def test_a_call_that_was_interrupted_is_published_as_such(world, method, outcome):
    world = world(method)
    world.answer = asyncio.CancelledError()

    with pytest.raises(asyncio.CancelledError):
        await invoke(world)

    assert (world.finished.outcome, world.finished.code) == (outcome, "execution.interrupted")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_the_apis_own_error_is_passed_on_as_a_failure(world, status):
    world = world()
    world.answer = answered(status)

    finished = await invoke(world)

    assert (finished.outcome, finished.status) == ("failed", status)
    assert finished.body == OK
    assert finished.error is None


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_a_redirect_is_not_followed(world, status):
    world = world("POST")
    world.answer = answered(status)

    finished = await invoke(world)

    assert finished.status == status
    assert len(world.sent) == 1


async def test_what_is_not_text_is_not_passed_on(world):
    world = world()
    world.answer = answered(body=b"\x89PNG", content_type="image/png")

    finished = await invoke(world)

    assert finished.body is None
    assert finished.error.code == world.finished.code == "execution.response_not_text"
    assert finished.error.hint


async def test_a_long_answer_is_cut_and_says_so(world):
    world = world()
    world.answer = answered(body=b"a" * 150_000, content_type="text/plain")

    finished = await invoke(world)

    assert finished.truncated
    assert finished.body.startswith("a" * MAX_ANSWER_CHARACTERS)
    assert finished.body.endswith(CUT_MARK.format(total="150,000", kept=MAX_ANSWER_CHARACTERS))
    assert world.finished.response_bytes == 150_000


async def test_the_gpt_and_the_platform_are_named_to_the_api(world):
    world = world()

    await invoke(world)

    headers = dict(world.sent[0].headers)
    assert headers["openai-gpt-id"] == "gpt_1"
    assert headers["user-agent"].startswith("OpenActions/")
