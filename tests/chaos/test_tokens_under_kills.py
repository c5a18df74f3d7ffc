"""Tokens of members' accounts while replicas of auth are killed."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from openactions_local.servers import accepts
from services.auth.tests.awful_provider import AwfulProvider
from services.auth.tests.provider_served import listening
from tests.chaos.auth_replicas import AuthReplicas

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]
REPLICAS = 4
CALLERS = 1_000
ROTATIONS = 100
MEMBERS = 4
SECONDS_BETWEEN_KILLS = 1.0


@pytest.fixture
def provider():
    return AwfulProvider()


@pytest.fixture
async def auth(servers, provider, tmp_path):
    children, nats_url, mongodb_url = servers
    for child, url in zip(children, (nats_url, mongodb_url), strict=True):
        child.start()
        port = int(url.rpartition(":")[2])
        await child.ready(lambda port=port: accepts(port))
    with listening(provider) as (origin, _):
        replicas = AuthReplicas(nats_url, mongodb_url, provider, origin, REPLICAS)
        async with replicas.running(tmp_path) as found:
            yield found


async def test_h90_a_thousand_callers_of_four_replicas_make_one_token_request(auth, provider):
    await auth.link(["mem_1"], lifetime=1)
    provider.delay_seconds = 0.5
    await asyncio.sleep(1.2)

    tokens = await asyncio.gather(*(auth.token_of("mem_1") for _ in range(CALLERS)))

    assert len(provider.token_requests) == 1
    assert {*tokens} <= provider.sign_ins[0].access_tokens
    assert len({*tokens}) == 1


@dataclass
class Killer:
    """Kills one replica after the other, at random moments, and starts it again."""

    auth: AuthReplicas
    kills: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(12))

    async def run(self):
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_KILLS * self.chance.random())
            child = self.chance.choice(self.auth.children)
            child.kill()
            self.kills += 1
            await self.auth.start(child)


async def rotations_under_kills(auth, provider, rotations):
    """Each hand-out asks for a new token; the kills that there were."""
    members = [f"mem_{number}" for number in range(MEMBERS)]
    provider.lifetime, provider.delay_seconds = 0, 0.05
    await auth.link(members, lifetime=0)
    killer = Killer(auth)
    killing = asyncio.create_task(killer.run())

    async def call(member):
        while len(provider.token_requests) < rotations:
            await auth.token_of(member)

    await asyncio.gather(*map(call, members), *map(call, members))
    killing.cancel()
    await asyncio.gather(killing, return_exceptions=True)
    return killer.kills


async def test_no_connection_is_lost_where_the_provider_takes_a_retry(auth, provider):
    provider.takes_the_last_one_again = True

    kills = await rotations_under_kills(auth, provider, ROTATIONS)

    assert kills > 0
    states = await auth.states()
    assert {each["state"] for each in states.values()} == {"linked"}
    assert not any(each.ended for each in provider.sign_ins)


async def test_where_it_takes_none_each_connection_that_ended_is_reported_as_lost(auth, provider):
    kills = await rotations_under_kills(auth, provider, ROTATIONS)

    assert kills > 0
    for number, sign_in in enumerate(provider.sign_ins):
        token = await auth.token_of(f"mem_{number}")
        state = (await auth.states())[f"mem_{number}"]["state"]
        assert (token is None, state) == ((True, "lost") if sign_in.ended else (False, "linked"))
