"""What one workspace may take of a replica, and what another then still gets."""

import asyncio

import orjson
import pytest
from prometheus_client import REGISTRY

from contracts.ids import new_id
from kit.testing import eventually
from services.execution.tests.execution_platform import OWNER, STRANGER

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("name", ["getPet", "addPet"])
async def test_b7_of_an_endless_answer_no_more_is_read_than_can_be_shown_and_a_mebibyte(
    platform, name
):
    called = (await platform.invoke(name, id="huge")).json()

    assert (called["outcome"], called["status"], called["truncated"]) == ("succeeded", 200, True)
    assert "the answer has more than 1,448,576 characters, 100,000 are shown" in called["body"]


async def test_b14_an_unknown_invocation_is_answered_at_once(platform):
    unseen = await platform.client.get(f"/v1/invocations/{new_id('inv')}", headers=OWNER)

    assert (unseen.status_code, unseen.json()["code"]) == (404, "execution.invocation_not_found")
    assert unseen.headers["retry-after"] == "1"
    assert "Prefer: wait=10" in unseen.json()["hint"]


class TestAtItsLimit:
    @pytest.fixture
    def settings(self):
        return {"max_in_flight": 4}

    async def test_a5_a_workspace_with_its_share_of_calls_is_refused_and_another_is_not(
        self, platform
    ):
        await platform.invoke()
        platform.api.may_answer.clear()
        under_way = [asyncio.ensure_future(platform.invoke(id="slow")) for _ in range(2)]

        async def both_arrived():
            return len(platform.api.requests) == 3

        await eventually(both_arrived)
        refused = await platform.invoke()
        stranger = await platform.invoke(caller=STRANGER)
        platform.api.may_answer.set()
        await asyncio.gather(*under_way)

        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (429, "platform.share_exceeded")
        assert "has 2 calls under way, which is its share" in problem["detail"]
        assert refused.headers["retry-after"] == "1"
        assert stranger.json()["code"] == "execution.operation_not_found"
        assert (await platform.invoke()).status_code == 200


class TestWithLittleMemory:
    @pytest.fixture
    def settings(self):
        return {"max_bytes_in_flight": 1024 * 1024}

    @pytest.mark.parametrize("name", ["getPet", "addPet"])
    async def test_b7_an_answer_beyond_the_share_of_bytes_is_cut_and_says_why(self, platform, name):
        text = "\N{GRINNING FACE}" * 90_000  # takes 720 kB until it is known to be JSON
        platform.api.given = {"faces": ("application/json", f'["{text}"]'.encode())}

        called = (await platform.invoke(name, id="faces")).json()

        assert (called["outcome"], called["status"], called["error"]) == ("succeeded", 200, None)
        assert called["truncated"]
        assert called["body"].startswith('["\N{GRINNING FACE}')
        assert "which is its share of this replica.]" in called["body"]
        assert (await platform.invoke()).status_code == 200
        assert in_use("bytes") == 0

    async def test_b7_of_an_answer_that_is_larger_than_the_share_only_what_is_shown_is_held(
        self, platform
    ):
        called = (await platform.invoke("getPet", id="huge")).json()

        assert (called["outcome"], called["truncated"]) == ("succeeded", True)

    async def test_b7_arguments_count_as_what_they_take_in_memory(self, platform):
        deep = {"gpt_id": "gpt_1", "operation": "getPet", "arguments": {"id": [{}] * 10_000}}

        refused = await platform.client.post("/v1/invocations", json=deep, headers=OWNER)

        assert (refused.status_code, refused.json()["code"]) == (429, "platform.share_exceeded")
        assert len(platform.api.requests) == 0


def in_use(resource):
    labels = {"service": "execution", "resource": resource}
    return REGISTRY.get_sample_value("openactions_share_in_use", labels)


async def test_b7_a_response_counts_until_its_reader_took_it_and_the_call_no_longer(platform):
    sent, taken = [], asyncio.Event()
    body = {"gpt_id": "gpt_1", "operation": "getPet", "arguments": {"id": "long"}}

    async def receive():
        return {"type": "http.request", "body": orjson.dumps(body)}

    async def send(message):
        if len(sent) == 2:
            await taken.wait()  # as the server does while the reader has not taken the rest
        sent.append(message)

    given = {**OWNER, "content-type": "application/json"}
    headers = [(name.encode(), value.encode()) for name, value in given.items()]
    scope = {"type": "http", "method": "POST", "path": "/v1/invocations", "headers": headers}
    scope["query_string"] = b""
    answering = asyncio.create_task(platform.client._transport.app(scope, receive, send))

    async def waits_for_its_reader():
        return len(sent) == 2

    await eventually(waits_for_its_reader)
    assert in_use("bytes") == len(sent[1]["body"]) > 100_000
    assert in_use("calls") == 0
    taken.set()
    await answering
    assert in_use("bytes") == 0
    assert sent[2]["body"] == b""
