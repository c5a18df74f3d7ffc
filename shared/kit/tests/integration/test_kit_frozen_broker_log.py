"""What a service logs while its broker is frozen."""

import asyncio
from collections import Counter

import pytest
from structlog.testing import capture_logs

from kit.bus import Bus
from kit.testing import eventually

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(60),
    # nats-py leaves the connections open that a frozen server never greeted.
    pytest.mark.filterwarnings("ignore:.*StreamWriter:pytest.PytestUnraisableExceptionWarning"),
]


async def test_each_error_of_a_frozen_broker_is_logged_once_with_the_service_and_its_end(nats):
    bus = Bus("policy", nats.url, stream_replicas=1)
    await bus.connect()
    keeping = asyncio.create_task(bus.keep_connected())

    async def logged_once():
        return logged[-1]["event"] == "broker_answers_again"

    with capture_logs() as logged:
        nats.freeze()
        await asyncio.sleep(12)
        nats.thaw()
        await eventually(logged_once, within_seconds=20)
    keeping.cancel()
    await bus.stop()

    *errors, end = logged
    lines = Counter(str(sorted(each.items())) for each in errors)
    assert {each["service"] for each in logged} == {"policy"}
    assert {each["event"] for each in errors} <= {"bus_error", "connection_aborted"}
    assert {*lines.values()} == {1}
    assert end["event"] == "broker_answers_again"
    assert end["errors"] > len(errors)
