"""The broker's clock, as far as a process knows it: what all processes agree on, also where the
clock of one machine is wrong (F39).
"""

import asyncio
import time
from contextlib import suppress

from nats.errors import Error as NatsError

from kit.bus import Bus
from kit.clock import clock_skew, elapsed_seconds
from kit.errors import BusUnavailable

MEASURE_EVERY_SECONDS = 15.0


class BrokerTime:
    """Seconds since 1970. It goes on evenly whatever the wall clock does; until it is measured the
    wall clock is taken to be right.
    """

    def __init__(self) -> None:
        self._ahead = time.time() - elapsed_seconds()

    def __call__(self) -> float:
        return elapsed_seconds() + self._ahead

    async def measure(self, bus: Bus) -> None:
        """Raises *unavailable* where the broker does not answer."""
        try:
            skew = await clock_skew(bus)
        except (NatsError, TimeoutError, ValueError) as error:
            raise BusUnavailable from error
        self._ahead = time.time() - skew.total_seconds() - elapsed_seconds()

    async def follow(self, bus: Bus) -> None:
        """Measure for ever; while the broker does not answer, what was measured holds."""
        while True:
            with suppress(BusUnavailable):
                await self.measure(bus)
            await asyncio.sleep(MEASURE_EVERY_SECONDS)
