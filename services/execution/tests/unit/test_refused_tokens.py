"""An API answers 401 to an access token: once, the call is sent again with a newer one."""

import pytest

from contracts.errors import Unavailable
from contracts.facts import Outcome
from execution_service.domain.call import Call, TraceRow
from execution_service.domain.credential import Credential
from execution_service.domain.errors import RulesChanging, SignInRequired
from services.execution.tests.calling import invoke, invoking, refused
from services.execution.tests.fakes import answered, wanted_call

PAGE = "https://actions.example/aip/act_1/sign-in"
SIGN_IN = SignInRequired("api.example.com", PAGE)
REFUSED = answered(401, b'{"error":"invalid_token"}')


def token(generation, revision=1):
    signed = (("authorization", f"Bearer secret-{generation}"),)
    return Credential(revision, generation=generation, member_id="mem_1").signing(signed, ())


def sent_tokens(world):
    return [dict(request.headers)["authorization"] for request in world.sent]


def before_the_second(world, event):
    """It happens while the second request waits for its connection."""
    world.while_connecting = lambda: event() if world.sent else None


@pytest.fixture(params=["GET", "POST"])
def rotating(world, request):
    """The API refuses the first token, and takes the one after it."""
    ours = world(request.param)
    ours.credential, ours.renewed, ours.answers = token(1), token(2), [REFUSED]
    return ours


async def test_it_is_sent_once_more_with_the_new_token_also_where_it_changes_something(rotating):
    finished = await invoke(rotating)

    assert sent_tokens(rotating) == ["Bearer secret-1", "Bearer secret-2"]
    assert (finished.outcome, finished.status) == (Outcome.SUCCEEDED, 200)
    assert rotating.steps.count("gate") == 1


async def test_that_it_is_started_is_published_once_and_how_it_ended_once(world):
    ours = world("POST")
    ours.credential, ours.renewed, ours.answers = token(1), token(2), [REFUSED]

    await invoke(ours)

    assert len(ours.started) == 1
    assert ours.finished.status == 200


async def test_a_second_401_is_the_answer_and_nothing_is_sent_a_third_time(rotating):
    rotating.answer = REFUSED

    finished = await invoke(rotating)

    assert sent_tokens(rotating) == ["Bearer secret-1", "Bearer secret-2"]
    assert (finished.outcome, finished.status) == (Outcome.FAILED, 401)
    assert rotating.steps.count("renew") == 1


@pytest.mark.parametrize("credential", [Credential(1), Credential(1).signing((("x", "key"),), ())])
async def test_the_401_to_a_key_is_the_answer(rotating, credential):
    rotating.credential = credential

    finished = await invoke(rotating)

    assert (finished.status, len(rotating.sent)) == (401, 1)
    assert "renew" not in rotating.steps


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_another_answer_than_401_is_the_answer(rotating, status):
    rotating.answers = [answered(status)]

    assert (await invoke(rotating)).status == status
    assert "renew" not in rotating.steps


@pytest.mark.parametrize(
    "renewed",
    [token(1), token(0), Credential(1), token(2, revision=2), Unavailable("Auth is away.")],
    ids=["the same", "an older one", "none", "another credential's", "auth is away"],
)
async def test_without_a_newer_token_the_401_is_the_answer(rotating, renewed):
    rotating.renewed = renewed

    finished = await invoke(rotating)

    assert (finished.status, len(rotating.sent)) == (401, 1)


async def test_where_the_member_has_to_sign_in_again_the_call_is_refused_with_the_address(rotating):
    rotating.renewed = SIGN_IN

    with pytest.raises(SignInRequired) as required:
        await invoke(rotating)

    assert (required.value.code, required.value.sign_in) == ("auth.sign_in_required", PAGE)
    assert (rotating.finished.outcome, len(rotating.sent)) == (Outcome.REFUSED, 1)


async def test_what_is_voided_while_the_token_is_refreshed_keeps_the_second_request_back(rotating):
    before_the_second(rotating, lambda: setattr(rotating.gated, "still_holds", False))

    finished = await invoke(rotating)

    assert (finished.status, len(rotating.sent)) == (401, 1)


async def test_the_trace_says_what_became_of_the_token(rotating):
    call = Call("inv_1", wanted_call({"id": 1}))

    await invoking(rotating).carry_out(call)

    assert [row for row in call.trace if row.step == "sign"] == [
        TraceRow("sign", "ok"),
        TraceRow("sign", "refreshed"),
    ]


async def test_a_call_that_is_decided_anew_before_its_first_byte_may_still_refresh(rotating):
    def voided():
        rotating.while_connecting = lambda: None
        rotating.gated.still_holds = False

    rotating.while_connecting = voided

    finished = await invoke(rotating)

    assert (finished.status, len(rotating.sent)) == (200, 2)


async def test_a_revoked_caller_sends_no_second_request(rotating):
    before_the_second(rotating, lambda: setattr(rotating, "token_holds", False))

    assert (await invoke(rotating)).status == 401
    assert len(rotating.sent) == 1


async def test_the_new_token_is_masked_in_the_answer_to_it(rotating):
    rotating.answer = answered(body=b'{"echo":"Bearer secret-2"}')

    finished = await invoke(rotating)

    assert b"secret-2" not in finished.body.text
    assert finished.masked == 1


async def test_a_member_without_a_connection_is_refused_with_where_to_sign_in(world):
    ours = world("POST")
    ours.credential = SIGN_IN

    refusal = await refused(ours, SignInRequired)

    assert "api.example.com" in refusal.sentence
    assert PAGE in refusal.hint
    assert (ours.finished.outcome, ours.finished.code) == (Outcome.REFUSED, refusal.code)
    assert ours.started == []


async def test_connections_of_one_members_token_are_used_by_no_other_member(world):
    ours = world()
    ours.credential = token(1)

    await invoke(ours)

    [request] = ours.sent
    assert request.pool_key == "ws_1/ws_1/act_1/1/mem_1"


async def test_rules_that_keep_changing_are_not_taken_for_an_answer(world):
    ours = world("POST")
    ours.credential, ours.renewed = token(1), token(2)
    ours.while_connecting = lambda: setattr(ours.gated, "still_holds", False)

    await refused(ours, RulesChanging)
