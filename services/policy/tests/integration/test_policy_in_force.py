"""A change of the rules is answered with success only once every replica receives its fact."""

import os
import signal

import pytest

from contracts.requests import Answer, Authenticate, Decide, Role
from kit.testing import (
    bearer,
    eventually,
    known_callers,
    neighbours,
    refusing,
    running,
    stored_facts,
)
from openactions_local.servers import accepts, free_port, nats_server
from policy_service.main import build
from policy_service.settings import PolicySettings

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

OWNER = bearer("owner")


class Broker:
    """A broker of the test's own, to be frozen."""

    def __init__(self, child, port):
        self._child = child
        self.url = f"nats://127.0.0.1:{port}"

    def freeze(self):
        os.kill(self._child.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self._child.pid, signal.SIGCONT)


@pytest.fixture
async def broker(tmp_path):
    port = free_port()
    child = nats_server(tmp_path / "nats", port)
    child.start()
    await child.ready(lambda: accepts(port))
    broker = Broker(child, port)
    yield broker
    broker.thaw()
    await child.stop()


@pytest.fixture
async def platform(broker, mongodb_url, database_name):
    settings = PolicySettings(
        mongodb_url=mongodb_url,
        mongodb_database=database_name,
        nats_url=broker.url,
        stream_replicas=1,
    )
    async with neighbours(broker.url) as others:
        await others.answer(Authenticate, known_callers(("owner", "ws_ours", Role.OWNER)))
        async with running(build(settings)) as client:
            yield client, others.bus


def call_to(host):
    return Decide(
        workspace_id="ws_ours",
        member_id="mem_1",
        gpt_id="gpt_1",
        action_id="act_1",
        operation="getThing",
        method="GET",
        host=host,
        consequential=False,
    )


def assert_not_in_force(answer, revision):
    assert (answer.status_code, answer.json()["code"]) == (503, "platform.not_in_force")
    assert answer.json()["revision"] == revision
    assert answer.headers["etag"] == f'"{revision}"'
    assert answer.headers["retry-after"] == "1"


@pytest.fixture
async def allowed(platform):
    client, _ = platform
    listed = {"domains": ["example.com", "example.org"]}
    assert (await client.put("/v1/domains", json=listed, headers=OWNER)).status_code == 200


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("DELETE", "/v1/domains/example.com", None, id="domain removed"),
        pytest.param("PUT", "/v1/domains", {"domains": ["example.org"]}, id="list replaced"),
        pytest.param("POST", "/v1/domains", {"domain": "example.net"}, id="domain added"),
    ],
)
async def test_b5_a9_rules_that_others_cannot_hear_of_are_not_answered_as_done(
    platform, method, path, body
):
    client, bus = platform
    before = await stored_facts(bus)

    async def ask(**headers):
        return await client.request(method, path, json=body, headers={**OWNER, **headers})

    async with refusing(bus):
        first = await ask(**{"if-match": '"1"'})
        again = await ask(**{"if-match": '"1"'})
        without_reading = await ask()
    for refused in (first, again, without_reading):
        assert_not_in_force(refused, 2)
    done = [await ask(**{"if-match": '"1"'}), await ask()]

    assert [(answer.status_code, answer.json()["revision"]) for answer in done] == [(200, 2)] * 2
    assert await stored_facts(bus) == before + 1


@pytest.mark.usefixtures("allowed")
async def test_b5_another_change_of_the_same_reading_is_refused_also_while_nothing_is_in_force(
    platform,
):
    client, bus = platform
    seen = {**OWNER, "if-match": '"1"'}
    async with refusing(bus):
        first = await client.put("/v1/domains", json={"domains": []}, headers=seen)
        assert_not_in_force(first, 2)
        other = await client.put("/v1/domains", json={"mode": "all"}, headers=seen)

    assert (other.status_code, other.json()["code"]) == (412, "platform.changed_meanwhile")
    assert (await bus.ask(call_to("example.com"))).answer is Answer.DENY


@pytest.mark.usefixtures("allowed")
async def test_b5_nobody_repeats_it_and_the_fact_follows(platform):
    client, bus = platform
    before = await stored_facts(bus)
    async with refusing(bus):
        assert_not_in_force(await client.delete("/v1/domains/example.com", headers=OWNER), 2)

    async def published():
        return await stored_facts(bus) == before + 1

    await eventually(published, within_seconds=20)


@pytest.mark.usefixtures("allowed")
async def test_b5_a_broker_that_freezes_while_a_domain_is_removed(platform, broker):
    client, bus = platform
    before = await stored_facts(bus)

    broker.freeze()
    refused = await client.delete("/v1/domains/example.com", headers=OWNER)
    broker.thaw()
    assert_not_in_force(refused, 2)

    async def removed():
        answer = await client.delete("/v1/domains/example.com", headers=OWNER)
        return answer if answer.status_code == 200 else None

    assert (await eventually(removed, within_seconds=20)).json()["revision"] == 2
    assert await stored_facts(bus) == before + 1


async def test_a_domain_that_was_never_listed_is_not_found(platform):
    client, _ = platform

    unknown = await client.delete("/v1/domains/exmaple.com", headers=OWNER)

    assert (unknown.status_code, unknown.json()["code"]) == (404, "policy.domain_not_listed")
