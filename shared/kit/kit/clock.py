"""Ages that include the time in which a machine was suspended; and how far this service's wall
clock is from the broker's (F39). Leases and timeouts use neither wall clock.

Where it is more than a minute ahead, tokens expire early, and beyond five minutes its facts are
dead-lettered (decision 16); nothing inside the service would notice.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import orjson
from nats.errors import Error as NatsError

from contracts.errors import PlatformError
from contracts.fact import FACTS_STREAM
from kit import logs, metrics
from kit.bus import Bus

log = logs.logger("kit.clock")
MEASURE_EVERY_SECONDS = 15.0
ANSWER_SECONDS = 2.0
ALARMING = timedelta(seconds=5)
AGES: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""CLOCK_MONOTONIC stands still while a machine is suspended, Linux's CLOCK_BOOTTIME does not."""


elapsed_seconds: Callable[[], float] = partial(time.clock_gettime, AGES)
"""Seconds since some moment, for ages of what may change while a machine is suspended."""


async def measure_clock(bus: Bus) -> None:
    """For ever: a gauge, and an error in the log where the two differ by more than ALARMING."""
    while True:
        try:
            skew = await clock_skew(bus)
        except (NatsError, PlatformError, TimeoutError, ValueError):
            pass  # the broker does not answer: readiness says so
        else:
            metrics.clock_skew.labels(bus.service).set(skew.total_seconds())
            if abs(skew) > ALARMING:
                log.error("clock_skewed", ahead_seconds=round(skew.total_seconds(), 1))
        await asyncio.sleep(MEASURE_EVERY_SECONDS)


async def clock_skew(bus: Bus) -> timedelta:
    """How far ours is ahead of the broker's, which stamps each answer (`ts`)."""
    asked = datetime.now(UTC)
    answer = await bus.client.request(
        f"$JS.API.STREAM.INFO.{FACTS_STREAM}", b"", timeout=ANSWER_SECONDS
    )
    halfway = asked + (datetime.now(UTC) - asked) / 2
    stamp = orjson.loads(answer.data).get("ts")
    if stamp is None:
        raise ValueError("The broker's answer has no time.")
    return halfway - datetime.fromisoformat(stamp)
