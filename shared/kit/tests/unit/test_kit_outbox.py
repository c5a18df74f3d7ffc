"""State and facts commit together; what a crash or an outage left is published later, once."""

import asyncio
from datetime import timedelta

import pytest

from kit.outbox import GRACE, Outbox
from shared.kit.tests.kit_fakes import MemoryOutboxed, Publisher, domains_changed

AT_ONCE = timedelta(seconds=-1)


class Stuck(MemoryOutboxed):
    """A collection whose database takes its time."""

    def __init__(self):
        super().__init__("busy")
        self.may_go_on = asyncio.Event()

    async def forget_facts(self, id_, fact_ids):
        await self.may_go_on.wait()
        await super().forget_facts(id_, fact_ids)


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def things():
    return MemoryOutboxed()


@pytest.fixture
def outbox(publisher, things):
    outbox = Outbox("policy", publisher)
    outbox.serve(things)
    return outbox


async def test_what_is_committed_is_stated_and_cleared(outbox, things, publisher):
    fact = domains_changed()
    things.add("d", outbox.pending([fact]))

    await outbox.release(things, "d", [fact])

    assert publisher.published == [fact]
    assert things.pending_in("d") == [fact.id], "nobody waits for that"
    await outbox.settle()
    assert things.pending_in("d") == []


async def test_who_frees_an_id_waits_until_it_is_free(outbox, things):
    fact = domains_changed()
    things.add("d", outbox.pending([fact]))

    await outbox.release(things, "d", [fact], forget_first=True)

    assert things.pending_in("d") == []


async def test_who_frees_an_id_waits_for_that_document_only(outbox, things):
    earlier, other, last = (domains_changed(number) for number in range(3))
    busy = Stuck()
    busy.add("other", outbox.pending([other]))
    await outbox.release(busy, "other", [other])
    things.add("d", outbox.pending([earlier]))
    await outbox.release(things, "d", [earlier])
    things.add("d", outbox.pending([last]))

    await outbox.release(things, "d", [last], forget_first=True)

    assert things.pending_in("d") == []
    busy.may_go_on.set()
    await outbox.settle()


async def test_an_outage_fails_nobody_and_the_fact_follows_once(outbox, things, publisher):
    fact = domains_changed(traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    things.add("d", outbox.pending([fact]))
    publisher.away = True
    await outbox.release(things, "d", [fact])
    publisher.away = False

    assert await outbox.sweep(things, AT_ONCE) == 1
    assert await outbox.sweep(things, AT_ONCE) == 0

    [swept] = publisher.published
    assert swept == fact
    assert (swept.id, swept.time, swept.traceparent) == (fact.id, fact.time, fact.traceparent)


async def test_a_sweep_leaves_a_writer_his_time(outbox, things, publisher):
    things.add("d", outbox.pending([domains_changed()]))

    assert await outbox.sweep(things, GRACE) == 0
    assert publisher.published == []


async def test_two_writers_of_one_document_each_clear_their_own(outbox, things, publisher):
    first, second = domains_changed(1), domains_changed(2)
    things.add("d", outbox.pending([first]))
    things.add("d", outbox.pending([second]))

    await outbox.release(things, "d", [first])
    await outbox.settle()
    assert things.pending_in("d") == [second.id]
    await outbox.release(things, "d", [second])
    await outbox.settle()

    assert things.pending_in("d") == []
    assert publisher.ids == [first.id, second.id]


async def test_a_crash_after_publishing_states_the_same_fact_again(outbox, things, publisher):
    fact = domains_changed()
    things.add("d", outbox.pending([fact]))
    await publisher.publish(fact)  # and the writer dies before it clears the outbox

    await outbox.sweep(things, AT_ONCE)

    assert publisher.ids == [fact.id, fact.id]


async def test_facts_of_one_document_are_stated_in_order(outbox, things, publisher):
    facts = [domains_changed(revision) for revision in range(5)]
    things.add("d", outbox.pending(facts))

    await outbox.sweep(things, AT_ONCE)

    assert [fact.revision for fact in publisher.published] == [0, 1, 2, 3, 4]


async def test_a_document_that_cannot_be_read_holds_up_no_other(outbox, things, publisher):
    things.add("bad", outbox.pending([domains_changed()]))
    things.documents["bad"]["outbox"][0]["subject"] = "fact.of_a_newer_release.v1"
    things.add("good", outbox.pending([domains_changed(7)]))

    assert await outbox.sweep(things, AT_ONCE) == 1

    assert [fact.revision for fact in publisher.published] == [7]
    assert len(things.pending_in("bad")) == 1


def test_a_fact_too_large_to_state_is_refused_before_anything_is_committed(outbox):
    with pytest.raises(ValueError, match="store it, send a reference"):
        outbox.pending([domains_changed(workspace_id="w" * 70_000)])


def test_a_document_without_facts_carries_nothing(outbox):
    assert outbox.pending([]) == {}
