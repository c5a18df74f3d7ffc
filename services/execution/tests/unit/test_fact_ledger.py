import pytest
from prometheus_client import REGISTRY

from contracts.errors import Unavailable
from execution_service.adapters.fact_ledger import FactLedger
from kit.testing import eventually
from services.execution.tests.facts import finished, started


class Broker:
    """A `FactPublisher` that may be away."""

    def __init__(self):
        self.away = False
        self.published = []
        self.messages = 0

    async def publish(self, fact):
        if self.away:
            raise Unavailable("away")
        self.published.append(fact.invocation_id)
        self.messages += 1

    async def publish_batch(self, facts):
        if self.away:
            raise Unavailable("away")
        self.published += [fact.invocation_id for fact in facts]
        self.messages += 1


@pytest.fixture
def broker():
    return Broker()


@pytest.fixture
def ledger(broker):
    return FactLedger(broker)


async def test_what_is_published_before_is_published_when_it_returns(ledger, broker):
    await ledger.before(started("inv_1"))

    assert broker.published == ["inv_1"]


async def test_what_cannot_be_published_before_is_refused(ledger, broker):
    broker.away = True

    with pytest.raises(Unavailable):
        await ledger.before(started())


async def test_a_finished_call_fails_nobody_and_is_published_later_in_order(ledger, broker):
    broker.away = True
    for id_ in ("inv_1", "inv_2", "inv_3"):
        await ledger.after(finished(id_))
    await ledger.close()
    assert broker.published == []

    broker.away = False
    await ledger.flush()
    await ledger.flush()

    assert broker.published == ["inv_1", "inv_2", "inv_3"]


async def test_a_ledger_that_closes_leaves_nothing_unpublished(ledger, broker):
    for id_ in ("inv_1", "inv_2"):
        await ledger.after(finished(id_))

    await ledger.close()

    assert sorted(broker.published) == ["inv_1", "inv_2"]


async def test_what_changed_something_is_published_when_it_returns(ledger, broker):
    await ledger.after_change(finished("inv_1"))

    assert broker.published == ["inv_1"]


async def test_calls_of_one_moment_are_published_together_and_in_order(ledger, broker):
    ids = [f"inv_{number}" for number in range(100)]
    for id_ in ids:
        await ledger.after(finished(id_))

    await ledger.close()

    assert broker.published == ids
    assert broker.messages == 3


async def test_a_lone_call_is_published_without_waiting_for_others(ledger, broker):
    await ledger.after(finished("inv_1"))

    async def published():
        return broker.published

    assert await eventually(published) == ["inv_1"]


async def test_r1_an_interrupted_call_never_shares_a_message(ledger, broker):
    """Another replica may publish the same fact: a shared message would be dropped whole."""
    for id_ in ("inv_1", "inv_2"):
        await ledger.after_interruption(finished(id_))

    assert (broker.published, broker.messages) == (["inv_1", "inv_2"], 2)


async def test_an_interrupted_call_waits_for_the_next_settling_while_the_broker_is_away(
    ledger, broker
):
    broker.away = True

    await ledger.after_interruption(finished("inv_1"))

    broker.away = False
    await ledger.flush()
    assert broker.published == []


async def test_b20_what_is_dropped_is_counted(broker):
    ledger = FactLedger(broker, max_kept=2)
    before = dropped()
    broker.away = True
    for id_ in ("inv_1", "inv_2", "inv_3"):
        await ledger.after_change(finished(id_))
    assert dropped() - before == 1  # the oldest

    await ledger.close()

    assert dropped() - before == 3


def dropped():
    return (
        REGISTRY.get_sample_value(
            "openactions_facts_dropped_total", {"fact": "invocation.finished"}
        )
        or 0
    )
