"""State and facts commit together; what a crash or an outage left is published later, once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from kit.backoff import Backoff
from kit.errors import BusUnavailable, NotInForce
from kit.outbox import GRACE, MAX_REFUSED_SECONDS, Outbox
from shared.kit.tests.kit_fakes import MemoryOutboxed, Publisher, domains_changed, schema_stored

AT_ONCE = timedelta(seconds=-1)


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def things():
    return MemoryOutboxed()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def outbox(publisher, things, clock):
    outbox = Outbox("policy", publisher, _backoff=Backoff(clock))
    outbox.serve(things)
    return outbox


async def test_what_is_committed_is_published_and_cleared(outbox, things, publisher):
    fact = domains_changed()
    committed = things.commit("d", outbox.packed([fact]))

    await outbox.release(things, committed, [fact])

    assert publisher.published == [fact]
    assert things.pending_in("d") == [fact.id], "nobody waits for that"
    await outbox.settle()
    assert things.pending_in("d") == []


async def test_an_outage_fails_nobody_and_the_fact_follows_once(outbox, things, publisher):
    fact = schema_stored().model_copy(update={"traceparent": "00-" + "a" * 32 + "-" + "b" * 16})
    committed = things.commit("d", outbox.packed([fact]))
    publisher.away = True
    await outbox.release(things, committed, [fact])
    publisher.away = False

    assert await outbox.sweep(things, AT_ONCE) == 1
    assert await outbox.sweep(things, AT_ONCE) == 0

    [swept] = publisher.published
    assert swept == fact
    assert (swept.id, swept.time, swept.traceparent) == (fact.id, fact.time, fact.traceparent)


async def test_b5_a_change_that_voids_is_not_answered_before_its_fact_is_out(
    outbox, things, publisher
):
    publisher.away = True
    fact = domains_changed()
    committed = things.commit("d", outbox.packed([fact]))

    with pytest.raises(NotInForce) as refused:
        await outbox.release(things, committed, [fact])

    assert refused.value.revision == 1
    assert things.pending_in("d") == [fact.id]


async def test_b5_what_is_removed_and_not_in_force_has_no_revision_to_name(
    outbox, things, publisher
):
    publisher.away = True
    fact = domains_changed()
    removed = {**things.commit("d", outbox.packed([fact])), "removed": datetime.now(UTC)}

    with pytest.raises(NotInForce) as refused:
        await outbox.release(things, removed, [fact])

    assert refused.value.revision is None


async def test_b5_a_fact_that_only_a_newer_release_knows_counts_as_one_that_voids(outbox, things):
    committed = things.commit("d", outbox.packed([schema_stored()]))
    committed["outbox"][0]["subject"] = "fact.of_a_newer_release.v1"

    with pytest.raises(NotInForce):
        await outbox.release_all(things, committed)


async def test_b5_who_repeats_a_change_succeeds_once_its_fact_is_out(outbox, things, publisher):
    publisher.away = True
    committed = things.commit("d", outbox.packed([domains_changed()]))
    for _ in range(2):
        with pytest.raises(NotInForce):
            await outbox.release_all(things, committed)
    publisher.away = False

    await outbox.release_all(things, committed)

    await outbox.settle()
    assert len(publisher.published) == 1
    assert things.pending_in("d") == []


async def test_a_fact_that_voids_is_not_waited_for_by_who_changed_something_else(
    outbox, things, publisher
):
    revoked, edited = domains_changed(), schema_stored()
    publisher.refused = {revoked.id}
    things.commit("d", outbox.packed([revoked]))
    committed = things.commit("d", outbox.packed([edited]))

    await outbox.release(things, committed, [edited])

    assert things.pending_in("d") == [revoked.id, edited.id]


async def test_no_fact_of_a_document_is_out_before_an_earlier_one(outbox, things, publisher):
    first, second = domains_changed(1), domains_changed(2)
    things.commit("d", outbox.packed([first]))  # and its writer dies
    committed = things.commit("d", outbox.packed([second]))

    await outbox.release(things, committed, [second])

    await outbox.settle()
    assert publisher.ids == [first.id, second.id]
    assert things.pending_in("d") == []


async def test_a_sweep_leaves_a_writer_his_time(outbox, things, publisher):
    things.commit("d", outbox.packed([domains_changed()]))

    assert await outbox.sweep(things, GRACE) == 0
    assert publisher.published == []


async def test_what_is_out_and_about_to_be_forgotten_is_not_published_again(
    outbox, things, publisher
):
    first, second = domains_changed(1), domains_changed(2)
    await outbox.release(things, things.commit("d", outbox.packed([first])), [first])
    committed = things.commit("d", outbox.packed([second]))

    await outbox.release(things, committed, [second])

    await outbox.settle()
    assert publisher.ids == [first.id, second.id]
    assert things.pending_in("d") == []


async def test_what_is_forgotten_takes_no_memory(outbox, things):
    fact = domains_changed()
    await outbox.release(things, things.commit("d", outbox.packed([fact])), [fact])

    await outbox.settle()

    assert not outbox._out


async def test_a_crash_after_publishing_publishes_the_same_fact_again(outbox, things, publisher):
    fact = domains_changed()
    things.commit("d", outbox.packed([fact]))
    await publisher.publish(fact)  # and the writer dies before it clears the outbox

    await outbox.sweep(things, AT_ONCE)

    assert publisher.ids == [fact.id, fact.id]


async def test_facts_of_one_document_are_published_in_order(outbox, things, publisher):
    facts = [domains_changed(revision) for revision in range(5)]
    things.commit("d", outbox.packed(facts))

    await outbox.sweep(things, AT_ONCE)

    assert [fact.revision for fact in publisher.published] == [0, 1, 2, 3, 4]


async def test_a_document_that_cannot_be_read_holds_up_no_other(outbox, things, publisher):
    things.commit("bad", outbox.packed([domains_changed()]))
    things.documents["bad"]["outbox"][0]["subject"] = "fact.of_a_newer_release.v1"
    things.commit("good", outbox.packed([domains_changed(7)]))

    assert await outbox.sweep(things, AT_ONCE) == 1

    assert [fact.revision for fact in publisher.published] == [7]
    assert len(things.pending_in("bad")) == 1


async def test_b4_an_outbox_of_another_form_holds_up_no_other(outbox, things, publisher):
    things.commit("bad", outbox.packed([domains_changed()]))
    del things.documents["bad"]["outbox"][0]["subject"]
    things.commit("good", outbox.packed([domains_changed(7)]))

    assert await outbox.sweep(things, AT_ONCE) == 1

    assert [fact.revision for fact in publisher.published] == [7]


async def test_b4_a_document_that_the_database_does_not_change_holds_up_no_other(
    outbox, things, publisher
):
    things.commit("bad", outbox.packed([domains_changed(1)]))
    things.unchangeable = {"bad"}
    things.commit("good", outbox.packed([domains_changed(7)]))

    for _ in range(3):
        await outbox.sweep(things, AT_ONCE)

    assert [fact.revision for fact in publisher.published] == [1, 7]
    assert things.pending_in("good") == []


async def test_b4_one_refused_fact_does_not_stop_the_sweep(outbox, things, publisher):
    bad, good = domains_changed(1), domains_changed(2)
    publisher.refused = {bad.id}
    things.commit("bad", outbox.packed([bad]))
    things.commit("good", outbox.packed([good]))

    assert await outbox.sweep(things, AT_ONCE) == 1

    assert publisher.ids == [good.id]
    assert things.pending_in("bad") == [bad.id]


async def test_b4_what_is_out_before_a_refused_fact_is_forgotten_and_nothing_behind_it_goes_out(
    outbox, things, publisher
):
    first, bad, behind = (domains_changed(number) for number in range(3))
    publisher.refused = {bad.id}
    things.commit("d", outbox.packed([first, bad, behind]))

    assert await outbox.sweep(things, AT_ONCE) == 1

    assert publisher.ids == [first.id]
    assert things.pending_in("d") == [bad.id, behind.id]


async def test_b4_a_refused_document_is_tried_later_each_time_and_in_the_end_goes_out(
    outbox, things, publisher, clock
):
    bad = domains_changed()
    publisher.refused = {bad.id}
    things.commit("bad", outbox.packed([bad]))
    tried_at = []
    for second in range(100):
        clock.seconds = float(second)
        before = len(publisher.attempts)
        await outbox.sweep(things, AT_ONCE)
        tried_at += [second] * (len(publisher.attempts) - before)

    assert tried_at == [0, 1, 3, 7, *range(15, 100, int(MAX_REFUSED_SECONDS))]
    publisher.refused = set()
    clock.seconds += MAX_REFUSED_SECONDS
    assert await outbox.sweep(things, AT_ONCE) == 1


async def test_b4_what_went_out_in_the_end_starts_anew_when_it_is_refused_again(
    outbox, things, publisher, clock
):
    first, second = domains_changed(1), domains_changed(2)
    things.commit("d", outbox.packed([first]))
    publisher.refused = {first.id, second.id}
    for second_ in range(8):  # tried at 0, 1, 3 and 7 s, so next at 15 s
        clock.seconds = float(second_)
        await outbox.sweep(things, AT_ONCE)
    publisher.refused = {second.id}
    clock.seconds = 15.0
    assert await outbox.sweep(things, AT_ONCE) == 1
    things.commit("d", outbox.packed([second]))
    await outbox.sweep(things, AT_ONCE)
    publisher.refused = set()

    clock.seconds = 16.0

    assert await outbox.sweep(things, AT_ONCE) == 1


async def test_b4_once_one_fact_of_a_silent_subject_goes_out_the_others_follow_in_that_sweep(
    outbox, things, publisher
):
    bad, good = schema_stored(1), schema_stored(2)
    publisher.unanswered = {bad.id}
    things.commit("bad", outbox.packed([bad]))
    things.commit("mixed", outbox.packed([domains_changed(), schema_stored(3)]))
    things.commit("good", outbox.packed([good]))

    assert await outbox.sweep(things, AT_ONCE) == 3

    assert good.id in publisher.ids


async def test_b4_of_a_subject_that_nobody_answers_one_document_a_sweep_is_tried(
    outbox, things, publisher
):
    publisher.silent = {schema_stored().subject}
    for number in range(50):
        things.commit(f"silent_{number}", outbox.packed([schema_stored(number)]))
    good = domains_changed()
    things.commit("good", outbox.packed([good]))

    assert await outbox.sweep(things, AT_ONCE) == 1

    assert publisher.ids == [good.id]
    assert len(publisher.attempts) == 2


async def test_b4_a_document_of_which_nobody_answers_does_not_keep_others_of_its_subject(
    outbox, things, publisher, clock
):
    bad, good = domains_changed(1), domains_changed(2)
    publisher.unanswered = {bad.id}
    things.commit("bad", outbox.packed([bad]))
    things.commit("good", outbox.packed([good]))

    for second in range(4):
        clock.seconds = float(second)
        await outbox.sweep(things, AT_ONCE)

    assert publisher.ids == [good.id]


async def test_b4_a_broker_that_is_not_connected_ends_the_sweep_and_puts_nothing_off(
    outbox, things, publisher
):
    for number in range(3):
        things.commit(f"d_{number}", outbox.packed([domains_changed(number)]))
    publisher.away, publisher.connected = True, False
    with pytest.raises(BusUnavailable):
        await outbox.sweep(things, AT_ONCE)
    assert len(publisher.attempts) == 1
    publisher.away, publisher.connected = False, True

    assert await outbox.sweep(things, AT_ONCE) == 3


def test_what_is_put_off_is_bounded():
    put_off = Backoff(Clock(), max_keys=2)
    for key in ("first", "second", "third"):
        put_off.fail(key, 10)

    assert [put_off.holds(key) for key in ("first", "second", "third")] == [False, True, True]


async def test_two_writers_of_one_document_each_clear_their_own(outbox, things, publisher):
    first, second = domains_changed(1), domains_changed(2)
    one = things.commit("d", outbox.packed([first]))
    two = things.commit("d", outbox.packed([second]))

    await asyncio.gather(
        outbox.release(things, two, [second]), outbox.release(things, one, [first])
    )

    await outbox.settle()
    assert things.pending_in("d") == []
    assert list(dict.fromkeys(publisher.ids)) == [first.id, second.id]


def test_a_fact_too_large_to_publish_is_refused_before_anything_is_committed(outbox):
    with pytest.raises(ValueError, match="store it, send a reference"):
        outbox.packed([domains_changed(workspace_id="w" * 70_000)])


def test_a_document_without_facts_carries_nothing(outbox):
    assert outbox.packed([]) == []
