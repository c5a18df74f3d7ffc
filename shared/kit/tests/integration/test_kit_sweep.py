"""The sweep before a real broker that refuses some facts and stores others."""

from datetime import timedelta

import pytest

from contracts.fact import FACTS_STREAM
from contracts.facts import GptPublished
from kit.outbox import Outbox
from kit.testing import eventually, neighbours, stored_facts
from shared.kit.tests.kit_fakes import MemoryOutboxed, domains_changed

pytestmark = pytest.mark.integration

AT_ONCE = timedelta(seconds=-1)
LARGEST = 1_000


def large():
    return GptPublished(
        workspace_id="ws_ours", gpt_id="gpt_1", version=1, action_ids=["act_1" * 100] * 4
    )


async def test_b4_a_fact_that_the_broker_refuses_holds_up_no_other_and_follows_when_it_may(nats):
    things = MemoryOutboxed()
    async with neighbours(nats.url) as others:
        bus = others.bus
        config = (await bus.jetstream.stream_info(FACTS_STREAM)).config
        await bus.jetstream.update_stream(config.evolve(max_msg_size=LARGEST))
        outbox = Outbox("policy", bus)
        things.commit("bad", outbox.packed([large()]))
        for number in range(3):
            things.commit(f"good_{number}", outbox.packed([domains_changed(number)]))

        assert await outbox.sweep(things, AT_ONCE) == 3
        assert await stored_facts(bus) == 3
        await bus.jetstream.update_stream(config)

        async def swept():
            return await outbox.sweep(things, AT_ONCE)

        assert await eventually(swept) == 1
        assert await stored_facts(bus) == 4
