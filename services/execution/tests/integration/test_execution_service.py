"""The execution service on a real broker and database, calling a real API through egress."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from contracts.facts import (
    ActionRemoved,
    CredentialChanged,
    DomainsChanged,
    GptPublished,
    InvocationFinished,
    InvocationStarted,
    TokenRevoked,
)
from contracts.requests import Answer, Authenticate, Gate, IssueCredential, ReadRelease
from kit.caller import digest_of
from kit.testing import bearer, eventually, token_of
from services.execution.tests.execution_platform import OWNER, STRANGER, operation

pytestmark = pytest.mark.integration

IN_TIME = 3.0
"""What is promised within a second, and what a busy machine adds to it."""


async def kept(platform, kind, id_):
    """The fact about one invocation, as JetStream keeps it; None where there is none (yet)."""
    jetstream = platform.others.bus.jetstream
    stream = await jetstream.stream_info(kind.stream, subjects_filter=kind.subject)
    last = stream.state.last_seq
    for sequence in range(last, max(0, last - 20), -1):
        message = await jetstream.get_msg(kind.stream, sequence)
        if message.subject == kind.subject and id_.encode() in message.data:
            return kind.model_validate_json(message.data)
    return None


async def test_a_call_goes_through_and_its_answer_comes_back(platform):
    answer = await platform.invoke(id="a/b", limit=5)

    assert answer.status_code == 200
    called = answer.json()
    assert (called["outcome"], called["status"], called["error"]) == ("succeeded", 200, None)
    assert called["body"]["target"] == "/pets/a%2Fb?limit=5"
    [(method, _, headers, _)] = platform.api.requests
    assert method == "GET"
    assert headers["x-api-key"] == "key-1"
    assert headers["openai-gpt-id"] == "gpt_1"


async def test_a_call_with_a_body_is_published_before_and_after(platform):
    called = (await platform.invoke("addPet", id="1", name="Rex")).json()

    assert called["body"]["body"] == {"name": "Rex"}
    started = await kept(platform, InvocationStarted, called["id"])
    assert (started.method, started.host) == ("POST", "api.example.com")

    async def published():
        return await kept(platform, InvocationFinished, called["id"])

    assert (await eventually(published)).arguments_hash == started.arguments_hash


async def test_a_warm_call_asks_nobody(platform):
    await platform.invoke()
    asked = len(platform.others.asked)

    for _ in range(20):
        assert (await platform.invoke()).status_code == 200

    assert len(platform.others.asked) == asked
    assert len(platform.api.requests) == 21


async def test_many_first_calls_at_once_ask_each_neighbour_once(platform):
    answers = await asyncio.gather(*(platform.invoke() for _ in range(30)))

    assert {answer.status_code for answer in answers} == {200}
    for question in (Authenticate, ReadRelease, Gate, IssueCredential):
        assert platform.times_asked(question) == 1


async def test_a_changed_domain_rule_is_in_force_on_the_next_call(platform):
    await platform.invoke()
    platform.verdict = platform.verdict.model_copy(
        update={
            "answer": Answer.DENY,
            "code": "policy.no_domains_allowed",
            "sentence": "No domains are allowed by your workspace's settings.",
            "hint": "An admin can allow it.",
        }
    )
    await platform.others.bus.publish(
        DomainsChanged(workspace_id=platform.workspace_id, revision=2)
    )

    async def refused():
        answer = await platform.invoke()
        return answer.json() if answer.status_code == 403 else None

    problem = await eventually(refused, within_seconds=IN_TIME)
    assert problem["code"] == "policy.no_domains_allowed"
    assert problem["detail"] == "No domains are allowed by your workspace's settings."
    assert problem["hint"]
    calls = len(platform.api.requests)
    await platform.invoke()
    assert len(platform.api.requests) == calls


async def test_another_workspaces_rules_void_nothing_here(platform):
    await platform.invoke()
    await platform.others.bus.publish(DomainsChanged(workspace_id="ws_theirs", revision=2))
    await platform.others.bus.publish(CredentialChanged(
        workspace_id=platform.workspace_id, action_id="act_1", revision=2
    ))  # fmt: skip

    async def received():
        await platform.invoke()
        return platform.times_asked(IssueCredential) == 2

    await eventually(received, within_seconds=IN_TIME)
    assert platform.times_asked(Gate) == 1


async def test_a_revoked_token_dies(platform):
    await platform.invoke()
    platform.revoked.add(digest_of(token_of("owner")))
    await platform.others.bus.publish(
        TokenRevoked(
            workspace_id=platform.workspace_id,
            token_id="tok_owner",
            token_digest=digest_of(token_of("owner")),
        )
    )

    async def refused():
        return (await platform.invoke()).status_code == 401

    assert await eventually(refused, within_seconds=IN_TIME)


async def test_a_changed_credential_is_used_on_the_next_call(platform):
    await platform.invoke()
    platform.api_key = "key-2"
    await platform.others.bus.publish(
        CredentialChanged(workspace_id=platform.workspace_id, action_id="act_1", revision=2)
    )

    async def used():
        await platform.invoke()
        return platform.api.requests[-1][2]["x-api-key"] == "key-2"

    assert await eventually(used, within_seconds=IN_TIME)


async def test_a_new_version_is_called_once_it_is_published(platform):
    await platform.invoke()
    platform.schema_id = "sch_2"
    platform.operations["getPet"] = operation(
        "getPet", "GET", platform.api.origin, path="/v2/pets/{id}"
    )
    await platform.others.bus.publish(
        GptPublished(
            workspace_id=platform.workspace_id, gpt_id="gpt_1", version=2, action_ids=("act_1",)
        )
    )

    async def called():
        answer = (await platform.invoke(id="7")).json()
        return answer["body"]["target"] == "/v2/pets/7"

    assert await eventually(called, within_seconds=IN_TIME)


async def test_a_removed_action_is_not_called_any_more(platform):
    await platform.invoke()
    platform.operations.clear()
    await platform.others.bus.publish(
        ActionRemoved(workspace_id=platform.workspace_id, gpt_id="gpt_1", action_id="act_1")
    )

    async def gone():
        return (await platform.invoke()).status_code == 404

    assert await eventually(gone, within_seconds=IN_TIME)


async def test_unknown_foreign_and_unchosen_are_the_same_404(platform):
    answers = [
        await platform.invoke(gpt_id="gpt_9"),
        await platform.invoke(caller=STRANGER),
        await platform.invoke("deletePet"),
    ]

    problems = [answer.json() for answer in answers]
    for problem in problems:
        problem.pop("trace_id")
    assert {answer.status_code for answer in answers} == {404}
    assert problems[0]["code"] == "execution.operation_not_found"
    assert problems[0] == problems[1] == problems[2]
    assert platform.api.requests == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"id": [5]}, "/id"),
        ({"limit": 5}, "/id"),
        ({"id": "1", "limit": "many"}, "/limit"),
        ({"id": "1", "colour": "red"}, "/colour"),
    ],
)
async def test_wrong_arguments_are_named_and_nothing_is_sent(platform, arguments, named):
    refused = await platform.invoke(**arguments)

    assert refused.status_code == 422
    problem = refused.json()
    assert problem["code"] == "execution.invalid_arguments"
    assert named in [finding["pointer"] for finding in problem["findings"]]
    assert platform.api.requests == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'{"gpt_id": "gpt_1"}',
        b'{"gpt_id": 5, "operation": "getPet"}',
        b'{"gpt_id": "gpt_1", "operation": "getPet", "extra": 1}',
        b'{"gpt_id": "' + b"g" * 100 + b'", "operation": "getPet"}',
        b'{"gpt_id": "gpt_1", "operation": "getPet", "arguments": [1]}',
        b'{"gpt_id": "gpt_1", "operation": "getPet", "arguments": null}',
        b'{"gpt_id": "gpt_1", "operation": "\\ud800"}',
        b'{"gpt_id": "gpt_1", "operation": "getPet", "content_type": 5}',
        b'{"gpt_id": "gpt_1", "operation": "getPet", "content_type": "json"}',
        b'{"gpt_id": "gpt_1", "operation": "getPet", "content_type": "a/b"}',
        b'{"gpt_id": "gpt_1", "operation": "getPet", "accept": "json"}',
        b"[" * 5_000,
    ],
    ids=lambda body: repr(body[:60]),
)
async def test_a_malformed_request_is_a_422_with_a_next_step(platform, body):
    headers = {**OWNER, "content-type": "application/json"}
    refused = await platform.client.post("/v1/invocations", content=body, headers=headers)

    assert refused.status_code == 422
    assert refused.json()["code"].startswith("execution.")
    assert refused.json()["detail"]
    assert refused.json()["hint"]
    assert platform.api.requests == []


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("getInside", 403, "egress.address_refused"),
        ("getPlain", 403, "egress.scheme_refused"),
    ],
)
async def test_what_egress_may_not_dial_is_refused_with_a_next_step(platform, name, status, code):
    refused = await platform.invoke(name)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["detail"]
    assert refused.json()["hint"]


@pytest.mark.parametrize(
    ("name", "id_", "outcome", "code"),
    [
        ("getNobody", "1", "failed", "egress.connect_failed"),
        ("addNobody", "1", "failed", "egress.connect_failed"),
        ("getPet", "reset", "failed", "egress.connection_lost"),
        ("addPet", "reset", "unknown", "egress.connection_lost"),
        ("getPet", "garbage", "failed", "egress.response_malformed"),
        ("getPet", "picture", "succeeded", "execution.response_not_text"),
    ],
)
async def test_an_api_in_trouble_is_told_with_code_sentence_and_next_step(
    platform, name, id_, outcome, code
):
    answer = await platform.invoke(name, id=id_)

    called = answer.json()
    assert (answer.status_code, called["outcome"]) == (200, outcome)
    assert called["error"]["code"] == code
    assert called["error"]["detail"]
    assert called["error"]["hint"]


@pytest.mark.parametrize(("name", "outcome"), [("getPet", "failed"), ("addPet", "unknown")])
async def test_an_api_that_does_not_answer_is_given_up(platform, name, outcome):
    platform.api.may_answer.clear()

    called = (await platform.invoke(name, id="slow")).json()

    assert (called["outcome"], called["error"]["code"]) == (outcome, "egress.timed_out")


async def test_the_apis_own_failure_is_passed_on(platform):
    called = (await platform.invoke(id="failing")).json()

    assert (called["outcome"], called["status"]) == ("failed", 500)
    assert called["body"] == {"error": "ours"}


async def test_a_redirect_is_shown_and_not_followed(platform):
    called = (await platform.invoke(id="moved")).json()

    assert called["status"] == 302
    assert len(platform.api.requests) == 1


async def test_a_long_answer_is_cut(platform):
    called = (await platform.invoke(id="long")).json()

    assert called["truncated"]
    assert "[cut by OpenActions" in called["body"]


async def test_a_call_is_on_record_for_its_own_workspace_only(platform):
    called = (await platform.invoke(id="1")).json()
    path = f"/v1/invocations/{called['id']}"

    waiting = {**OWNER, "prefer": "wait=10"}
    record = (await platform.client.get(path, headers=waiting)).json()
    assert (record["outcome"], record["host"], record["status"]) == (
        "succeeded",
        "api.example.com",
        200,
    )
    listed = (await platform.client.get("/v1/invocations", headers=OWNER)).json()
    assert [each["id"] for each in listed["items"]] == [called["id"]]
    foreign = await platform.client.get("/v1/invocations", headers=STRANGER)
    assert foreign.json()["items"] == []
    unseen = await platform.client.get(path, headers=STRANGER)
    assert (unseen.status_code, unseen.json()["code"]) == (404, "execution.invocation_not_found")


async def test_issue_11_calls_of_gpts_are_counted_for_their_own_workspace_only(platform):
    called = (await platform.invoke(id="1")).json()
    path = f"/v1/invocations/{called['id']}"
    await platform.client.get(path, headers={**OWNER, "prefer": "wait=10"})

    async def counted(caller, query="gpt_id=gpt_9&gpt_id=gpt_1"):
        return await platform.client.get(f"/v1/invocations/counts?{query}", headers=caller)

    ours, theirs = (await counted(OWNER)).json(), (await counted(STRANGER)).json()
    assert ours["items"] == [
        {"gpt_id": "gpt_9", "calls": 0, "more": False},
        {"gpt_id": "gpt_1", "calls": 1, "more": False},
    ]
    assert [each["calls"] for each in theirs["items"]] == [0, 0]
    age = datetime.now(UTC) - datetime.fromisoformat(ours["since"])
    assert timedelta(days=7) <= age < timedelta(days=8)
    assert (await counted(OWNER, "gpt_id=x" + "&gpt_id=x" * 49)).status_code == 200
    for query in ("", "gpt_id=x" + "&gpt_id=x" * 50, "gpt_id=" + "x" * 65):
        assert (await counted(OWNER, query)).status_code == 422
    assert (await counted({})).status_code == 401


async def test_a_refusal_is_on_record_too(platform):
    await platform.invoke(id=[5])

    async def recorded():
        listed = await platform.client.get("/v1/invocations", headers=OWNER)
        return listed.json()["items"]

    [record] = await eventually(recorded)
    assert (record["outcome"], record["code"]) == ("refused", "execution.invalid_arguments")


@pytest.mark.parametrize("headers", [{}, bearer("nobody")])
async def test_without_a_live_token_nothing_is_even_looked_up(platform, headers):
    refused = await platform.invoke(caller=headers)

    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"] == "Bearer"
    assert platform.times_asked(ReadRelease) == 0


async def test_a_body_over_the_limit_is_refused(platform):
    refused = await platform.invoke(id="a" * 2_000_000)

    assert (refused.status_code, refused.json()["code"]) == (413, "platform.body_too_large")
