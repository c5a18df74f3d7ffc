"""Counters that processes share: each adds, and learns what all of them have added.

In JetStream a counter is a subject of a stream that adds what a message's `Nats-Incr` says
(nats-server 2.12, ADR-49). Nothing is compared and nothing retried: adding to one subject from many
processes is no contention. A counter is for some seconds; RATES drops those of a minute ago.
"""

from typing import Protocol

import orjson
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from kit import logs, streams
from kit.bus import Bus
from kit.errors import BusUnavailable

log = logs.logger("kit.counters")
ADD_SECONDS = 1.0


class Counter(Protocol):
    async def ensure(self) -> None:
        """Before the first use, and after an outage; raises *unavailable*."""
        ...

    async def add(self, name: str, amount: int) -> int:
        """What the counter of this name stands at afterwards; an unknown one began at 0.

        A name is words of letters, digits, `_` and `-` with dots between. Raises *unavailable*
        where that cannot be known: the amount may be added or not.
        """
        ...


class JetStreamCounter:
    """Subjects of the service's own: `rate.{service}.{name}`."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._prefix = f"{streams.RATE_PREFIX}{bus.service}."

    async def add(self, name: str, amount: int) -> int:
        try:
            answer = await self._bus.request(
                self._prefix + name, b"", ADD_SECONDS, headers={"Nats-Incr": f"{amount:+d}"}
            )
        except (NatsError, TimeoutError) as error:
            raise BusUnavailable("The message broker does not count at the moment.") from error
        acknowledged = orjson.loads(answer)
        if "val" not in acknowledged:
            log.error("counter_refused", service=self._bus.service, error=str(acknowledged))
            raise BusUnavailable("The message broker does not count at the moment.")
        return int(acknowledged["val"])

    async def ensure(self) -> None:
        """Create the stream where it is missing; raises *unavailable*."""
        try:
            await streams.ensure(self._bus.jetstream, (self._bus.rates,))
        except (NatsError, JetStreamError, TimeoutError) as error:
            raise BusUnavailable("The message broker does not count at the moment.") from error
