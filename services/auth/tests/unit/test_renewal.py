"""One token request at a time for each token set, and what comes of it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.renewal import (
    GIVES_UP_AFTER,
    LEASE,
    LONGEST_WAIT,
    REQUEST_SECONDS,
    Call,
    Lost,
    Refresh,
    Renewal,
    Use,
    Wait,
    Waits,
    WhyLost,
)
from services.auth.tests.oauth_clients import NOW

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
TOKENS = Renewal(NOW, NOW + HOUR)
LATE = NOW + 2 * HOUR


def call(at, **more):
    return Call(at, **more)


def decided(renewal, at, **more):
    return renewal.decide(call(at, **more), at)


def leased(renewal, at, owner="a"):
    found = renewal.leased(owner, renewal.after_silence(at).fence + 1, at)
    assert found is not None
    return found


def test_the_lease_outlasts_a_request():
    assert timedelta(seconds=REQUEST_SECONDS) < LEASE


def test_a_token_is_used_until_it_is_due_and_then_renewed():
    assert decided(TOKENS, NOW + 53 * MINUTE) == Use(1)
    assert decided(TOKENS, NOW + 54 * MINUTE) == Refresh(1)
    assert decided(TOKENS, NOW + 54 * MINUTE, jitter=-1.0) == Use(1)
    assert decided(TOKENS, NOW + 53.5 * MINUTE, jitter=1.0) == Refresh(1)


def test_while_another_renews_a_token_that_still_works_is_used():
    held = leased(TOKENS, NOW + 55 * MINUTE)

    assert decided(held, NOW + 55 * MINUTE + SECOND) == Use(1)


def test_while_another_renews_a_token_that_is_over_is_waited_for():
    held = leased(TOKENS, LATE)

    assert decided(held, LATE + SECOND) == Wait(LATE + LEASE, Waits.FOR_HOLDER)


def test_s03_two_callers_that_read_the_same_get_one_lease():
    fence = decided(TOKENS, LATE).fence
    held = TOKENS.leased("a", fence, LATE)

    assert held.leased("b", fence, LATE) is None
    assert held.leased("b", fence + 1, LATE) is None


def test_new_tokens_are_a_generation_of_their_own_and_forget_failures():
    failed = leased(TOKENS, LATE).failed(1, LATE)
    renewed = leased(failed, LATE + MINUTE).renewed(2, LATE + MINUTE, LATE + HOUR, renewable=True)

    assert renewed == Renewal(LATE + MINUTE, LATE + HOUR, generation=2, fence=2)
    assert decided(renewed, LATE + MINUTE) == Use(2)


def test_f31_who_comes_too_late_changes_nothing():
    """A holder that was frozen; another one has the lease, and then has stored."""
    first = leased(TOKENS, LATE)
    second = leased(first, LATE + LEASE, "b")
    renewed = second.renewed(second.fence, LATE + LEASE, None, renewable=True)

    for stored in (second, renewed):
        assert stored.renewed(first.fence, LATE + HOUR, None, renewable=True) is None
        assert stored.refused(first.fence) is None
        assert stored.failed(first.fence, LATE + HOUR) is None
        assert stored.left_unknown(first.fence, LATE + HOUR) is None


def test_a_late_holder_whose_lease_nobody_took_still_stores():
    held = leased(TOKENS, LATE)

    assert held.renewed(1, LATE + HOUR, None, renewable=True).generation == 2


def test_a_refused_grant_is_the_end():
    lost = leased(TOKENS, LATE).refused(1)

    assert decided(lost, LATE) == Lost(WhyLost.REFUSED)
    assert decided(lost, NOW) == Lost(WhyLost.REFUSED)
    assert lost.leased("b", 2, LATE) is None


def test_f31_an_unknown_outcome_is_tried_once_more_at_once_and_then_later():
    first = leased(TOKENS, LATE).left_unknown(1, LATE)
    assert decided(first, LATE) == Refresh(2)

    second = leased(first, LATE).left_unknown(2, LATE)
    assert decided(second, LATE) == Wait(LATE + timedelta(seconds=30), Waits.FOR_PROVIDER)


def test_h91_a_holder_that_died_counts_as_an_unknown_outcome():
    first = leased(TOKENS, LATE)
    after = LATE + LEASE

    assert decided(first, after - SECOND) == Wait(after, Waits.FOR_HOLDER)
    assert decided(first, after) == Refresh(2)
    second = leased(first, after, "b")
    assert second.unknown == 1
    assert decided(second, after + LEASE) == Wait(
        after + LEASE + timedelta(seconds=30), Waits.FOR_PROVIDER
    )


def test_failures_wait_30_seconds_and_then_twice_as_long_up_to_an_hour():
    renewal, at, waits = TOKENS, LATE, []
    for _ in range(10):
        renewal = leased(renewal, at).failed(renewal.fence + 1, at)
        waits.append((renewal.not_before - at).total_seconds())
        at = renewal.not_before

    assert waits == [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]


def test_after_four_days_of_failures_it_is_lost():
    renewal, at = TOKENS, LATE
    while renewal.lost is None:
        assert at - LATE <= GIVES_UP_AFTER + LONGEST_WAIT
        renewal = leased(renewal, at).failed(renewal.fence + 1, at)
        at = renewal.not_before

    assert renewal.lost is WhyLost.GAVE_UP
    assert at - LATE >= GIVES_UP_AFTER


def test_two_failures_with_quiet_days_between_are_not_the_end():
    renewal = leased(TOKENS, LATE).failed(1, LATE)
    later = LATE + 5 * timedelta(days=1)

    assert leased(renewal, later).failed(2, later).lost is None


def test_while_the_token_still_works_failures_end_nothing():
    renewal = Renewal(NOW, NOW + timedelta(days=365), failures=200, first_failed_at=NOW)
    at = NOW + timedelta(days=350)

    failed = leased(renewal, at).failed(1, at)
    assert failed.lost is None
    assert decided(failed, at) == Use(1)


def test_s04_a_token_whose_life_nobody_says_is_used_until_the_api_refuses_it():
    renewal = Renewal(NOW)
    years = NOW + timedelta(days=4_000)

    assert decided(renewal, years) == Use(1)
    assert decided(renewal, years, rejected=1) == Refresh(1)


def test_a_rejected_token_is_renewed_once_for_all_who_had_it():
    renewed = leased(Renewal(NOW), LATE).renewed(1, LATE, None, renewable=True)

    assert decided(renewed, LATE + HOUR, rejected=1) == Use(2)


def test_an_api_that_refuses_fresh_tokens_causes_no_loop():
    renewed = leased(Renewal(NOW), LATE).renewed(1, LATE, LATE + HOUR, renewable=True)

    assert decided(renewed, LATE + 59 * SECOND, rejected=2) == Use(2)
    assert decided(renewed, LATE + 60 * SECOND, rejected=2) == Refresh(2)


def test_s04_a_token_without_a_life_is_renewed_before_each_call_without_a_loop():
    renewal, before = Renewal(NOW, NOW), call(NOW + SECOND)
    at = NOW + 2 * SECOND
    assert renewal.decide(before, at) == Refresh(1)

    renewed = leased(renewal, at).renewed(1, at, at, renewable=True)
    assert renewed.decide(before, at + SECOND) == Use(2)
    assert renewed.decide(call(at + SECOND), at + SECOND) == Refresh(2)


def test_without_a_refresh_token_it_is_used_to_the_last_and_then_lost():
    renewal = Renewal(NOW, NOW + HOUR, renewable=False)

    assert decided(renewal, NOW + HOUR - SECOND) == Use(1)
    assert decided(renewal, NOW + HOUR) == Lost(WhyLost.EXPIRED)
    assert decided(renewal, NOW + 30 * MINUTE, rejected=1) == Lost(WhyLost.EXPIRED)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["call", "stored", "refused", "failed", "unknown"]),
        st.integers(0, 3),
        st.floats(0, 90),
        st.booleans(),
    ),
    max_size=60,
)


@pytest.mark.parametrize("life", [0, 30, 3_600, None])
@given(events=EVENTS)
def test_h90_no_two_leases_are_in_force_at_once_whatever_replicas_do(life, events):
    """Four replicas act on one stored state, by what each of them was answered last."""
    renewal, at, fences, in_force = _new(life, NOW), NOW, {}, None
    for what, replica, seconds, rejects in events:
        at += timedelta(seconds=seconds)
        if what == "call":
            rejected = renewal.generation if rejects else None
            decision = decided(renewal, at, rejected=rejected)
            assert not (isinstance(decision, Use) and renewal.lost)
            if isinstance(decision, Refresh):
                held = renewal.leased(str(replica), decision.fence, at)
                assert in_force is None or at >= in_force
                assert held.fence == max([0, *fences.values(), renewal.fence]) + 1
                renewal, fences[replica], in_force = held, held.fence, held.lease.until
        elif replica in fences:
            changed = _after(renewal, what, fences[replica], at, life)
            owns = renewal.lease is not None and renewal.lease.fence == fences[replica]
            assert (changed is not None) == (owns and renewal.lost is None)
            if changed is not None:
                assert changed.generation - renewal.generation == (what == "stored")
                renewal, in_force = changed, None


def _new(life, at):
    return Renewal(at, None if life is None else at + timedelta(seconds=life))


def _after(renewal, what, fence, at, life):
    if what == "stored":
        return renewal.renewed(fence, at, _new(life, at).expires_at, renewable=True)
    if what == "refused":
        return renewal.refused(fence)
    return renewal.failed(fence, at) if what == "failed" else renewal.left_unknown(fence, at)
