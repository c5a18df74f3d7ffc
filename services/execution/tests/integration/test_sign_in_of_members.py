"""Members who sign in at an API with their own account: with a real broker, database and API."""

import asyncio
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from contracts.facts import ConnectionLinked, ConnectionLost
from contracts.operation import Location
from contracts.requests import (
    CredentialDescription,
    CredentialSlot,
    DescribeCredential,
    IssueCredential,
    SealedCredential,
)
from kit.sealing import SealBinding, seal
from kit.testing import eventually
from services.execution.tests.execution_platform import OWNER

pytestmark = pytest.mark.integration
PAGE = "https://actions.example/aip/act_1/sign-in"
ASYNC = {"prefer": "respond-async"}


class Connections:
    """Auth's side: `generation` of the one member's token, None before they signed in."""

    def __init__(self, platform):
        self.platform = platform
        self.generation = None
        self.asked = []

    async def describe(self, _):
        slot = CredentialSlot(location=Location.HEADER, name="authorization")
        return CredentialDescription(type="oauth", slots=(slot,), per_user=True, revision=1)

    async def issue(self, asked):
        self.asked.append(asked)
        expires_at = datetime.now(UTC) + timedelta(seconds=50)
        if self.generation is None:
            return SealedCredential(revision=1, expires_at=expires_at, sign_in=PAGE)
        if asked.rejected == self.generation:
            self.generation += 1
        binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, expires_at)
        value = f"Bearer secret-token-{self.generation}"
        secret = orjson.dumps({"headers": [["authorization", value]], "query": []})
        return SealedCredential(
            revision=1,
            sealed=seal(secret, asked.recipient, binding),
            expires_at=expires_at,
            generation=self.generation,
        )

    async def states(self, fact):
        ours = self.platform.workspace_id
        about = {"action_id": "act_1", "member_id": "mem_owner", "generation": 1}
        await self.platform.others.bus.publish(fact(workspace_id=ours, **about))

    async def link(self):
        self.generation = 1
        await self.states(ConnectionLinked)


@pytest.fixture
async def connections(platform):
    answers = Connections(platform)
    for request, answerer in (
        (DescribeCredential, answers.describe),
        (IssueCredential, answers.issue),
    ):
        platform.answers[request] = answerer
    return answers


async def post(platform, operation, headers=None, **arguments):
    body = {"gpt_id": "gpt_1", "operation": operation, "arguments": arguments or {"id": "1"}}
    return await platform.client.post(
        "/v1/invocations", json=body, headers={**OWNER, **(headers or {})}
    )


async def shown(platform, location, wait=0):
    headers = {**OWNER, "prefer": f"wait={wait}"} if wait else OWNER
    return (await platform.client.get(location, headers=headers)).json()


async def test_a_call_before_the_sign_in_is_refused_with_where_to_sign_in(platform, connections):
    refused = await post(platform, "addPet")

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (403, "auth.sign_in_required")
    assert problem["sign_in"] == PAGE
    assert "api.example.com" in problem["detail"]
    assert PAGE in problem["hint"]
    assert platform.api.requests == []


async def test_an_accepted_call_waits_for_the_sign_in_and_is_sent_once(platform, connections):
    accepted = await post(platform, "addPet", ASYNC, id="1", name="Rex")
    location = accepted.headers["location"]

    async def waits():
        found = await shown(platform, location)
        return (found["state"], found["sign_in"]) == ("waiting_for_sign_in", PAGE)

    await eventually(waits)
    await connections.link()
    await connections.states(ConnectionLinked)

    found = await shown(platform, location, wait=10)
    assert (found["state"], found["result"]["status"], found["sign_in"]) == ("succeeded", 200, None)
    [(_, _, headers, _)] = platform.api.requests
    assert headers["authorization"] == "Bearer secret-token-1"


async def test_many_calls_that_wait_are_each_sent_once(platform, connections):
    answers = await asyncio.gather(
        *(post(platform, "addPet", ASYNC, id="1", name=f"Rex {number}") for number in range(8))
    )
    locations = [answer.headers["location"] for answer in answers]

    async def all_wait():
        found = [await shown(platform, location) for location in locations]
        return {each["state"] for each in found} == {"waiting_for_sign_in"}

    await eventually(all_wait)
    await connections.link()

    ended = [await shown(platform, location, wait=10) for location in locations]
    assert {each["state"] for each in ended} == {"succeeded"}
    names = sorted(orjson.loads(body)["name"] for _, _, _, body in platform.api.requests)
    assert names == [f"Rex {number}" for number in range(8)]


async def test_a_token_that_the_api_refuses_is_refreshed_and_the_call_sent_again_once(
    platform, connections
):
    """The API takes the second token alone; what it answers to a refused one is not shown."""
    await connections.link()
    platform.api.refused_tokens.add("Bearer secret-token-1")

    called = await post(platform, "addPet", id="1", name="Rex")
    again = await post(platform, "addPet", id="2", name="Rex")

    assert [called.json()["status"], again.json()["status"]] == [200, 200]
    sent = [headers["authorization"] for _, _, headers, _ in platform.api.requests]
    assert sent == [f"Bearer secret-token-{number}" for number in (1, 2, 2)]
    assert [asked.rejected for asked in connections.asked] == [None, 1]


async def test_a_second_401_is_the_answer_and_the_token_is_masked_in_it(platform, connections):
    await connections.link()
    platform.api.refused_tokens |= {f"Bearer secret-token-{number}" for number in (1, 2)}

    called = (await post(platform, "getPet")).json()

    assert (called["outcome"], called["status"]) == ("failed", 401)
    assert "secret-token" not in str(called)
    assert called["masked"] > 0
    assert len(platform.api.requests) == 2


async def test_a_lost_connection_is_used_by_no_call_that_begins_after_it(platform, connections):
    await connections.link()
    assert (await post(platform, "getPet")).status_code == 200
    connections.generation = None
    await connections.states(ConnectionLost)

    async def refused():
        return (await post(platform, "getPet")).status_code == 403

    await eventually(refused)
