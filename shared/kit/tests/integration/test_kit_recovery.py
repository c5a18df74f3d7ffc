"""A service works again within seconds, without a restart, whatever happened (A1, B16, R2, R7).

`just bench recovery` prints how many seconds; these tests only want that it comes back at all.
"""

import asyncio

import pytest

from shared.kit.tests.kit_recovery import probed

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(120),
    # nats-py leaves the connections open that a frozen server never greeted.
    pytest.mark.filterwarnings("ignore:.*StreamWriter:pytest.PytestUnraisableExceptionWarning"),
]


def durations(*, now, nightly):
    """Seconds as parameters; the long ones run at night."""
    return [
        *(pytest.param(seconds, id=f"{seconds} s") for seconds in now),
        *(pytest.param(each, id=f"{each} s", marks=pytest.mark.nightly) for each in nightly),
    ]


@pytest.fixture
def link(nats, link_to):
    return link_to(nats.port)


@pytest.fixture
async def probe(nats, mongodb, link):
    """A service behind a link to its broker; others reach the broker directly."""
    async with probed(f"nats://127.0.0.1:{link.port}", mongodb.url, nats.url) as probe:
        yield probe


@pytest.mark.parametrize("seconds", durations(now=(2, 7), nightly=(1, 4, 12, 30)))
async def test_a1_after_the_broker_was_frozen(probe, nats, seconds):
    nats.freeze()
    await asyncio.sleep(seconds)
    nats.thaw()

    await probe.back()


async def test_a1_after_the_broker_was_frozen_twice(probe, nats):
    for _ in range(2):
        nats.freeze()
        await asyncio.sleep(4)
        nats.thaw()
        await asyncio.sleep(0.5)

    await probe.back()


@pytest.mark.parametrize("seconds", durations(now=(3,), nightly=(12,)))
async def test_a1_after_the_broker_was_killed_and_restarted(probe, nats, seconds):
    await nats.kill()
    await asyncio.sleep(seconds)
    await nats.start()

    await probe.back()


async def test_a1_after_the_broker_was_restarted_empty(probe, nats):
    await nats.restart_empty()

    await probe.back()


async def test_a1_after_the_broker_was_restarted_while_it_was_frozen(probe, nats):
    nats.freeze()
    await asyncio.sleep(7)
    await nats.restart()

    await probe.back()


async def test_a1_after_the_broker_was_slow(probe, link):
    link.to_client.delay(0, growing_to=3, within=3)
    await asyncio.sleep(8)
    link.restore()

    await probe.back(within_seconds=15)


@pytest.mark.parametrize("seconds", durations(now=(3,), nightly=(15,)))
async def test_a1_after_the_connection_was_cut(probe, link, seconds):
    link.cut()
    await asyncio.sleep(seconds)
    link.restore()

    await probe.back()


@pytest.mark.parametrize("seconds", durations(now=(7,), nightly=(1, 30)))
async def test_b16_after_the_database_was_frozen(probe, mongodb, seconds):
    mongodb.freeze()
    await asyncio.sleep(seconds)
    mongodb.thaw()

    await probe.back()


async def test_b16_after_the_database_was_killed_and_restarted(probe, mongodb):
    await mongodb.kill()
    await asyncio.sleep(3)
    await mongodb.start()

    await probe.back()


async def test_b16_after_both_were_frozen(probe, nats, mongodb):
    for server in (nats, mongodb):
        server.freeze()
    await asyncio.sleep(7)
    for server in (mongodb, nats):
        server.thaw()

    await probe.back()


async def test_r3_a_service_that_starts_while_the_broker_is_frozen_waits_for_it(nats, mongodb):
    nats.freeze()

    async def start():
        async with probed(nats.url, mongodb.url, nats.url) as probe:
            return await probe.back()

    starting = asyncio.ensure_future(start())
    await asyncio.sleep(7)
    assert not starting.done()
    nats.thaw()

    await asyncio.wait_for(starting, 20)
