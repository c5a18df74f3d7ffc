"""Asynchronous calls and idempotency keys over HTTP, with a real broker, database and API."""

import asyncio
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from contracts.ids import new_id
from execution_service.adapters.mongo_stored_calls import MongoStoredCalls
from execution_service.domain.stored_call import AskedCall, State
from kit.caller import digest_of
from kit.envelope import EnvelopeKeyRing
from kit.outbox import Outbox
from kit.testing import RecordedFacts, eventually
from services.execution.tests.execution_platform import KEYS, OWNER, STRANGER
from services.execution.tests.fakes import tool
from services.execution.tests.stored import stored_call

pytestmark = pytest.mark.integration
ASYNC = {"prefer": "respond-async"}


@pytest.fixture
def settings():
    """A call that waits for its API is not given up."""
    return {"patience": 20}


async def post(platform, operation="getPet", headers=None, caller=OWNER, **arguments):
    body = {"gpt_id": "gpt_1", "operation": operation, "arguments": arguments or {"id": "1"}}
    headers = {**caller, **(headers or {})}
    return await platform.client.post("/v1/invocations", json=body, headers=headers)


async def ended(platform, location, caller=OWNER):
    answer = await platform.client.get(location, headers={**caller, "prefer": "wait=10"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_asynchronous_call_is_answered_at_once_and_read_when_it_ended(platform):
    platform.api.may_answer.clear()

    accepted = await post(platform, "addPet", ASYNC, id="slow", name="Rex")
    under_way = await platform.client.get(accepted.headers["location"], headers=OWNER)
    platform.api.may_answer.set()

    assert under_way.json()["outcome"] is None
    assert (accepted.status_code, accepted.json()["state"]) == (202, "received")
    assert accepted.headers["preference-applied"] == "respond-async"
    found = await ended(platform, accepted.headers["location"])
    assert (found["state"], found["result"]["status"]) == ("succeeded", 200)
    assert found["id"] == accepted.json()["id"] == found["result"]["id"]
    assert len(platform.api.requests) == 1


async def test_what_would_be_refused_is_refused_before_it_is_accepted(platform):
    refused = await post(platform, "getPet", ASYNC, id=[5])

    assert (refused.status_code, refused.json()["code"]) == (422, "execution.invalid_arguments")


async def test_a_repeated_request_is_answered_again_and_sent_once(platform):
    key = {"idempotency-key": "order-66"}

    first = await post(platform, "addPet", key, id="1", name="Rex")
    again = await post(platform, "addPet", key, id="1", name="Rex")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(platform.api.requests) == 1


async def test_a_key_of_another_request_is_refused(platform):
    key = {"idempotency-key": "order-66"}
    await post(platform, "addPet", key, id="1", name="Rex")

    other = await post(platform, "addPet", key, id="2", name="Rex")

    assert (other.status_code, other.json()["code"]) == (422, "execution.key_reused")


async def test_of_many_requests_with_one_key_at_once_one_is_sent(platform):
    platform.api.may_answer.clear()
    key = {"idempotency-key": "order-66"}
    asking = [asyncio.create_task(post(platform, "addPet", key, id="slow")) for _ in range(8)]

    async def all_but_one_are_answered():
        return sum(task.done() for task in asking) == 7

    await eventually(all_but_one_are_answered)
    platform.api.may_answer.set()

    answers = await asyncio.gather(*asking)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    assert len(platform.api.requests) == 1


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
async def test_a_key_that_is_none_is_refused(platform, key):
    answer = await post(platform, headers={"idempotency-key": key.encode()})

    assert (answer.status_code, answer.json()["code"]) == (422, "execution.key_invalid")


async def test_two_keys_are_refused_and_two_preferences_are_read_as_one(platform):
    body = {"gpt_id": "gpt_1", "operation": "getPet", "arguments": {"id": "1"}}
    two_keys = [*OWNER.items(), ("idempotency-key", "a"), ("idempotency-key", "b")]
    two_preferences = [*OWNER.items(), ("prefer", "wait=5"), ("prefer", "respond-async")]

    refused = await platform.client.post("/v1/invocations", json=body, headers=two_keys)
    accepted = await platform.client.post("/v1/invocations", json=body, headers=two_preferences)

    assert (refused.status_code, refused.json()["code"]) == (422, "execution.key_invalid")
    assert accepted.status_code == 202


@pytest.mark.parametrize("headers", [{}, ASYNC, {"idempotency-key": "deep"}])
async def test_arguments_that_are_nested_too_deeply_are_refused(platform, headers):
    deep = "[" * 400 + "]" * 400
    body = f'{{"gpt_id": "gpt_1", "operation": "getPet", "arguments": {{"id": {deep}}}}}'

    answer = await platform.client.post(
        "/v1/invocations",
        content=body,
        headers={**OWNER, "content-type": "application/json", **headers},
    )

    assert answer.status_code == 422


async def test_a_workspace_sees_nothing_of_anothers_stored_call(platform):
    accepted = await post(platform, "getPet", ASYNC)

    answer = await platform.client.get(accepted.headers["location"], headers=STRANGER)

    assert (answer.status_code, answer.json()["code"]) == (404, "execution.invocation_not_found")


@pytest.fixture
def left_behind(platform, database):
    """Stores a call as a replica that is gone left it."""
    calls = MongoStoredCalls(
        database,
        Outbox("execution", RecordedFacts()),
        EnvelopeKeyRing.of(SecretStr(KEYS)),
        max_of_workspace=100,
    )

    async def add(operation="addPet", **fields):
        now = datetime.now(UTC)
        workspace = platform.workspace_id
        call = stored_call(
            new_id("inv"),
            workspace_id=workspace,
            member_id="mem_owner",
            asked=AskedCall(workspace, "gpt_1", operation, {"id": "1"}),
            token_digest=digest_of(OWNER["authorization"].removeprefix("Bearer ")),
            at=now,
            lease_until=now,
            is_accepted=True,
            pinned=tool(operation, origin=""),
            **fields,
        )
        await calls.add(call)
        return f"/v1/invocations/{call.id}"

    return add


async def test_an_accepted_call_is_continued_by_another_replica(platform, left_behind):
    found = await ended(platform, await left_behind())

    assert (found["state"], found["result"]["status"]) == ("succeeded", 200)
    assert len(platform.api.requests) == 1


async def test_what_was_being_sent_when_its_replica_died_is_unknown_and_not_sent_again(
    platform, left_behind
):
    found = await ended(platform, await left_behind(state=State.SENDING))

    assert (found["state"], found["result"]["error"]["code"]) == (
        "unknown",
        "execution.interrupted",
    )
    assert platform.api.requests == []
