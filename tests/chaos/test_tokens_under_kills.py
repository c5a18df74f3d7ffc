"""Tokens of members' accounts while replicas of auth are killed."""

import asyncio

import pytest

from services.auth.tests.awful_provider import AwfulProvider
from tests.chaos.auth_replicas import auth_replicas, rotations_under_kills

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]
REPLICAS = 4
CALLERS = 1_000
ROTATIONS = 100


@pytest.fixture
def provider():
    return AwfulProvider()


@pytest.fixture
async def auth(provider, tmp_path):
    async with auth_replicas(provider, tmp_path, REPLICAS) as found:
        yield found


async def test_h90_a_thousand_callers_of_four_replicas_make_one_token_request(auth, provider):
    await auth.link(["mem_1"], lifetime=1)
    provider.delay_seconds = 0.5
    await asyncio.sleep(1.2)

    tokens = await asyncio.gather(*(auth.token_of("mem_1") for _ in range(CALLERS)))

    assert len(provider.token_requests) == 1
    assert {*tokens} <= provider.sign_ins[0].access_tokens
    assert len({*tokens}) == 1


async def test_no_connection_is_lost_where_the_provider_takes_a_retry(auth, provider):
    provider.takes_the_last_one_again = True

    kills = await rotations_under_kills(auth, provider, ROTATIONS)

    assert kills > 0
    assert {*(await auth.states()).values()} == {"linked"}
    assert not any(each.ended for each in provider.sign_ins)


async def test_where_it_takes_none_each_connection_that_ended_is_reported_as_lost(auth, provider):
    kills = await rotations_under_kills(auth, provider, ROTATIONS)

    assert kills > 0
    for number, sign_in in enumerate(provider.sign_ins):
        token = await auth.token_of(f"mem_{number}")
        state = (await auth.states())[f"mem_{number}"]
        assert (token is None, state) == ((True, "lost") if sign_in.ended else (False, "linked"))
