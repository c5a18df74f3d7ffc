"""R6: a replica that stands still keeps few questions waiting while another could answer them."""

import asyncio

import pytest

from contracts.requests import CheckHosts
from kit.bus import Bus
from kit.errors import BusUnavailable
from kit.testing import running
from shared.kit.tests.kit_service import service

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(60),
    # nats-py leaves a connection open whose last bytes a frozen server never took.
    pytest.mark.filterwarnings("ignore:.*StreamWriter:pytest.PytestUnraisableExceptionWarning"),
]

ROUNDS, QUESTIONS = 8, 50
"""So few at a time that the other replica answers them at once, also on a busy machine."""
ANSWERED_WITHIN_SECONDS = 3.0
FEW = 75
"""The broker picks a replica for each try: a half of the first tries meets the frozen one, a
quarter of the questions does twice, an eighth three times. Far enough from both that chance fails
no test."""


@pytest.fixture
async def asker(nats):
    bus = Bus("neighbours", nats.url, stream_replicas=1)
    await bus.connect()
    yield bus
    await bus.stop()


async def test_r6_one_of_two_replicas_stands_still(nats, mongodb, link_to, asker):
    link = link_to(nats.port)
    still = service(f"nats://127.0.0.1:{link.port}", mongodb.url)
    other = service(nats.url, mongodb.url)
    async with running(still.api), running(other.api):
        link.stop()

        answered = []
        for _ in range(ROUNDS):
            answered += await asyncio.gather(*(is_answered(asker) for _ in range(QUESTIONS)))

        link.restore()
    assert answered.count(False) <= FEW


async def is_answered(asker):
    try:
        await asker.ask(
            CheckHosts(workspace_id="ws_1", hosts=["a.example"]), ANSWERED_WITHIN_SECONDS
        )
    except BusUnavailable:
        return False
    return True
