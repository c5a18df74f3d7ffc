"""Fair shares: one greedy workspace gets half, and something is always left for the next."""

import pytest
from prometheus_client import REGISTRY

from contracts.errors import Unavailable
from kit.shares import BYTES, FairShares, Full, Resource, ShareExceeded

SLOTS = Resource(
    "slots", "This workspace holds {used}.", noun="slot", hint="Wait.", retry_after_seconds=3
)


def shares(capacity):
    return FairShares("test", SLOTS, capacity)


def taken(shared, key, amount=1):
    """How much a key gets that takes until it is refused."""
    for times in range(1_000):
        try:
            shared.take(key, amount)
        except (ShareExceeded, Full):
            return times * amount
    return None


def test_a5_one_greedy_workspace_gets_half():
    assert taken(shares(512), "greedy") == 256


@pytest.mark.parametrize(("greedy", "each"), [(1, 50), (2, 33), (3, 25), (9, 10)])
def test_a5_n_greedy_workspaces_get_one_part_in_n_plus_one_each(greedy, each):
    shared = shares(100)
    held = [0] * greedy
    for _ in range(100):
        for key in range(greedy):
            if shared.has_room(f"greedy {key}"):
                shared.take(f"greedy {key}")
                held[key] += 1

    assert held == pytest.approx([each] * greedy, abs=1)
    assert shared.has_room("the next")


def test_a5_the_greedy_workspace_is_told_what_it_holds_and_when_to_come_back():
    shared = shares(8)
    taken(shared, "greedy")

    with pytest.raises(ShareExceeded, match="This workspace holds 4 slots") as refused:
        shared.take("greedy")

    assert refused.value.retry_after_seconds == 3
    assert (refused.value.code, refused.value.hint) == ("platform.share_exceeded", "Wait.")


def test_a5_where_others_hold_everything_it_is_not_the_newcomers_fault():
    shared = shares(3)
    for key in ("one", "two", "three"):
        shared.take(key)

    with pytest.raises(Unavailable) as refused:
        shared.take("newcomer")

    assert refused.value.code == "platform.full"


@pytest.mark.parametrize(("holder", "why"), [("another", "full"), ("greedy", "exceeded")])
def test_a5_refusals_are_counted_by_their_reason(holder, why):
    shared = shares(1)
    shared.take(holder)
    before = refusals(why)

    with pytest.raises((ShareExceeded, Full)):
        shared.take("greedy")

    assert refusals(why) == before + 1


def refusals(why):
    labels = {"service": "test", "resource": "slots", "why": why}
    return REGISTRY.get_sample_value("openactions_share_refused_total", labels)


def test_a5_who_holds_less_than_the_average_is_not_called_greedy():
    shared = shares(10)
    shared.take("small")
    taken(shared, "greedy")
    shared.take("small", 2)

    with pytest.raises(Full):
        shared.take("small", 4)
    with pytest.raises(ShareExceeded):
        shared.take("greedy")


def test_what_is_given_back_is_free_again_and_nothing_is_kept_of_it():
    shared = shares(8)
    with shared.held("one", 2), shared.held("two"):
        assert (shared.in_use, shared.keys) == (3, 2)

    assert (shared.in_use, shared.keys) == (0, 0)


def test_two_empty_bodies_of_one_workspace_are_given_back_one_by_one():
    shared = shares(4)
    first, second = shared.held("one", 0), shared.held("one", 0)

    with first:
        second.__enter__()
    second.__exit__(None, None, None)

    assert (shared.in_use, shared.keys) == (0, 0)


def test_a_refusal_takes_nothing():
    shared = shares(4)

    with pytest.raises(Full), shared.held("one", 5):
        raise AssertionError

    assert (shared.in_use, shared.keys) == (0, 0)


def test_what_failed_gives_back_too():
    shared = shares(4)

    with pytest.raises(ZeroDivisionError), shared.held("one", 2):
        _ = 1 / 0

    assert shared.in_use == 0


def test_who_holds_nothing_gives_nothing_back_whoever_gave_before():
    """An empty body takes no bytes, and may outlast one that took some."""
    shares = FairShares("test", BYTES, 100)

    with shares.held("a", 0):
        shares.take("a", 10)
        shares.give("a", 10)

    assert (shares.in_use, shares.keys) == (0, 0)


def test_b7_a_holding_grows_shrinks_and_is_given_back():
    shared = shares(100)

    with shared.holding("ws_1") as holding:
        holding.take(30)
        holding.count(10)
        assert shared.in_use == 40
        holding.becomes(5)
        assert shared.in_use == 5
        with pytest.raises(ShareExceeded):
            holding.take(96)

    assert (shared.in_use, shared.keys) == (0, 0)


def test_b7_what_is_held_already_counts_beyond_the_capacity_and_others_are_refused():
    shared = shares(100)

    with shared.holding("ws_1") as holding:
        holding.count(150)
        assert not shared.has_room("ws_2")
        with pytest.raises(Full):
            shared.take("ws_2")

    assert shared.has_room("ws_2", 50)
