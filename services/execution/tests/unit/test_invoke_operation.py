"""One call: what refuses it, in which order, what is published, and what its caller is told."""

import asyncio
from dataclasses import replace

import pytest

from contracts.errors import PlatformError, Unavailable
from contracts.facts import Outcome
from contracts.requests import Answer
from egress import (
    AddressRefused,
    ConnectFailed,
    ConnectionLost,
    NameNotResolved,
    TimedOut,
    Withdrawn,
)
from execution_service.domain.answer import CUT_MARK, MAX_ANSWER_CHARACTERS
from execution_service.domain.credential import Credential
from execution_service.domain.errors import (
    CallRefused,
    InvalidArguments,
    OperationNotFound,
    RulesChanging,
)
from execution_service.domain.invocation import WantedCall
from execution_service.usecases.invoke_operation import MAX_DECISIONS, InvokeOperation
from services.execution.tests.fakes import DENIED, World, answered, callable_of

KEY = Credential(7, headers=(("x-api-key", "s3cret"),))


@pytest.fixture
def world(calls):
    """One operation that takes `id`, a whole number, and is allowed; a test makes it fail."""

    def with_method(method="GET", **fields):
        compiled = calls.compiled(
            calls.parameter("id"),
            method=method,
            schema={"properties": {"id": {"type": "integer"}}},
            **fields,
        )
        return World(operation=callable_of(compiled))

    return with_method


async def invoke(world, **arguments):
    invoke_operation = InvokeOperation(world, world, world, world, world, lambda: "inv_1", 1_000)
    wanted = WantedCall(
        "ws_1",
        "mem_1",
        "gpt_1",
        "listPets",
        arguments or {"id": 1},
        may_call=lambda: world.token_holds,
    )
    return await invoke_operation(wanted)


async def refused(world, kind=PlatformError, **arguments):
    with pytest.raises(kind) as refusal:
        await invoke(world, **arguments)
    assert world.sent == []
    return refusal.value


async def test_a_call_is_decided_then_signed_then_sent_then_stated(world):
    world = world()

    finished = await invoke(world, id=5)

    assert world.steps == ["find", "decide", "issue", "send", "after"]
    assert (finished.outcome, finished.status, finished.body) == ("succeeded", 200, {"ok": True})
    [request] = world.sent
    assert request.target.path_and_query == "/pets?id=5"
    assert world.finished.outcome is Outcome.SUCCEEDED
    assert world.finished.code == "ok"
    assert world.finished.response_bytes == 11


async def test_what_changes_something_is_stated_before_it_is_sent(world):
    world = world("POST")

    await invoke(world)

    assert world.steps == ["find", "decide", "issue", "before", "send", "after_change"]
    [started] = world.started
    assert started.invocation_id == world.finished.invocation_id == "inv_1"
    assert started.arguments_hash == world.finished.arguments_hash != ""


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_what_changes_nothing_needs_no_word_before(world, method):
    world = world(method)

    await invoke(world)

    assert world.started == []


async def test_what_cannot_be_stated_beforehand_is_not_sent(world):
    world = world("DELETE")
    world.ledger_is_away = True

    refusal = await refused(world, Unavailable)

    assert refusal.code == "platform.bus_unavailable"
    assert world.finished.outcome is Outcome.REFUSED


async def test_an_unknown_operation_is_refused_before_anything_else(world):
    world = World(operation=None)

    await refused(world, OperationNotFound)

    assert world.steps == ["find"]


@pytest.mark.parametrize("answer", [Answer.DENY, Answer.ASK])
async def test_policys_refusal_comes_first_and_in_its_own_words(world, answer):
    world = world()
    world.verdict = DENIED.model_copy(update={"answer": answer})

    refusal = await refused(world, CallRefused, id="not a number")

    assert (refusal.code, refusal.sentence) == (DENIED.code, DENIED.sentence)
    assert refusal.hint == DENIED.hint
    assert world.steps == ["find", "decide", "after"]
    assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, DENIED.code)


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
    assert world.steps == ["find", "decide", "issue", "after_change"]
    assert world.finished.code == "execution.invalid_arguments"


async def test_the_credential_goes_into_the_request_and_nowhere_else(world):
    world = world("POST")
    world.credential = KEY

    finished = await invoke(world)

    assert ("x-api-key", "s3cret") in world.sent[0].headers
    assert world.sent[0].pool_key == "ws_1/act_1/7"
    assert "s3cret" not in f"{finished}{world.facts}{KEY}"


async def test_an_operation_that_is_anonymous_gets_no_credential(world):
    world = world(anonymous=True)
    world.credential = KEY

    await invoke(world)

    assert "issue" not in world.steps
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
async def test_a_call_that_was_interrupted_is_stated_as_such(world, method, outcome):
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
    assert finished.body == {"ok": True}
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


class TestB22WhatAllowedACallIsVoidedWhileItWaits:
    """The long waits: for the fact beforehand, and for a place, a name and a connection."""

    @pytest.fixture(params=["while_connecting", "while_stating"])
    def happens(self, world, request):
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
            ("decided", False),
            ("decided", True),
            ("issued", False),
        ],
    )
    async def test_b22_the_call_is_decided_anew_and_sent_once(self, happens, what, anonymous):
        world = happens(
            lambda ours: setattr(getattr(ours, what), "still_holds", False), anonymous=anonymous
        )

        finished = await invoke(world)

        assert finished.outcome is Outcome.SUCCEEDED
        assert world.steps.count("decide") == 2
        assert world.steps.count("issue") == (0 if anonymous else 2)
        assert len(world.sent) == 1

    @pytest.mark.parametrize("anonymous", [False, True])
    async def test_b22_a_token_revoked_meanwhile_is_refused_after_one_decision(
        self, happens, anonymous
    ):
        world = happens(lambda ours: setattr(ours, "token_holds", False), anonymous=anonymous)

        refusal = await refused(world, RulesChanging)

        assert world.steps.count("decide") == 1
        assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)

    @pytest.mark.parametrize("anonymous", [False, True])
    async def test_b22_a_domain_that_was_removed_meanwhile_is_not_called(self, happens, anonymous):
        def removed(ours):
            ours.decided.still_holds = False
            ours.verdict = DENIED

        world = happens(removed, anonymous=anonymous)

        refusal = await refused(world, CallRefused)

        assert refusal.code == DENIED.code
        assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, DENIED.code)

    async def test_b22_the_new_credential_is_the_one_that_is_sent(self, happens):
        def replaced(ours):
            ours.issued.still_holds = False
            ours.credential = Credential(8, headers=(("x-api-key", "new"),))

        world = happens(replaced)

        await invoke(world)

        [request] = world.sent
        assert dict(request.headers)["x-api-key"] == "new"
        assert request.pool_key == "ws_1/act_1/8"
        assert request.share_key == "ws_1"

    @pytest.mark.parametrize("anonymous", [False, True])
    async def test_b22_an_operation_that_its_gpt_no_longer_offers_is_not_called(
        self, happens, anonymous
    ):
        def removed(ours):
            ours.offered.still_holds = False
            ours.operation = None

        world = happens(removed, anonymous=anonymous)

        refusal = await refused(world, OperationNotFound)

        assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)

    async def test_b22_a_read_goes_to_the_operation_that_is_offered_now(self, world):
        world = world()

        def republished():
            world.while_connecting = lambda: None
            world.offered.still_holds = False
            world.operation = replace(world.operation, schema_id="sch_2", action_id="act_2")

        world.while_connecting = republished

        await invoke(world)

        [request] = world.sent
        assert request.pool_key == "ws_1/act_2/0"
        assert world.finished.action_id == "act_2"

    @pytest.mark.parametrize("other", [{"schema_id": "sch_2"}, {"action_id": "act_2"}])
    async def test_b22_another_operation_than_was_stated_beforehand_is_not_called(
        self, happens, other
    ):
        def republished(ours):
            ours.offered.still_holds = False
            ours.operation = replace(ours.operation, **other)

        world = happens(republished)

        refusal = await refused(world, RulesChanging)

        assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)

    async def test_b22_that_it_is_about_to_be_sent_is_stated_once(self, happens):
        world = happens(lambda ours: setattr(ours.decided, "still_holds", False))

        await invoke(world)

        assert len(world.started) == 1

    async def test_b22_rules_that_never_rest_end_in_a_refusal(self, world):
        world = world("POST")
        world.while_connecting = lambda: setattr(world.decided, "still_holds", False)

        refusal = await refused(world, RulesChanging)

        assert world.steps.count("decide") == MAX_DECISIONS
        assert refusal.hint
        assert (world.finished.outcome, world.finished.code) == (Outcome.REFUSED, refusal.code)

    async def test_b22_what_may_have_been_sent_is_not_decided_anew(self, world):
        """A dead idle connection may have taken a first copy before the second was withdrawn."""
        world = world()
        world.answer = Withdrawn("withdrawn", sent=True)

        finished = await invoke(world)

        assert finished.outcome is Outcome.FAILED
        assert len(world.sent) == 1
