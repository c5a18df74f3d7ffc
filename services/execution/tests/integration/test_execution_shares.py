"""What one workspace may take of a replica, and what another then still gets."""

import asyncio

import pytest

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

    @pytest.mark.parametrize(("name", "outcome"), [("getPet", "failed"), ("addPet", "unknown")])
    async def test_b7_an_answer_beyond_the_share_of_bytes_ends_the_call_honestly(
        self, platform, name, outcome
    ):
        called = (await platform.invoke(name, id="huge")).json()

        assert (called["outcome"], called["status"]) == (outcome, None)
        assert called["error"]["code"] == "egress.share_exceeded"
        assert (await platform.invoke()).status_code == 200
