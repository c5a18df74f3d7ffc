"""What a crash left is published by the first sweep that broker and database let through."""

import asyncio
from datetime import timedelta

from kit.errors import DatabaseUnavailable
from kit.outbox import GRACE, Outbox
from kit.testing import eventually
from shared.kit.tests.kit_fakes import MemoryOutboxed, Publisher


class AwayAtFirst(MemoryOutboxed):
    """The first sweep meets an outage; which grace each sweep gives is noted."""

    async def left_behind(self, grace):
        self.graces.append(grace)
        if len(self.graces) == 1:
            raise DatabaseUnavailable
        async for document in super().left_behind(grace):
            yield document


async def test_what_a_crash_left_waits_no_longer_because_the_first_sweep_failed():
    things = AwayAtFirst()
    things.graces = []
    outbox = Outbox("policy", Publisher())
    outbox.serve(things)
    sweeping = asyncio.create_task(outbox.sweep_for_ever())

    async def three_sweeps():
        return len(things.graces) == 3

    await eventually(three_sweeps)
    sweeping.cancel()

    assert things.graces == [timedelta(0), timedelta(0), GRACE]
