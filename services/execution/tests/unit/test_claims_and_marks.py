"""A mark of sending that nobody could say is stored, beside another replica's claim."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from contracts.errors import Unavailable
from execution_service.domain.errors import TakenOver
from execution_service.usecases.stored_calls.held_call import HeldCall
from kit.documents import ChangedMeanwhile
from services.execution.tests.facts import NOON
from services.execution.tests.stored import LEASE, REQUEST, stored_call


class Calls:
    """The first change is not answered; `stores` says whether it is stored."""

    def __init__(self, call, *, stores):
        self.kept, self.stores, self.lost = call, stores, False

    async def change(self, seen, changed):
        if self.kept.revision != seen.revision:
            raise ChangedMeanwhile
        stored = replace(changed, revision=seen.revision + 1)
        if self.lost:
            self.kept = stored
            return stored
        self.lost = True
        if self.stores:  # a database keeps milliseconds
            until = stored.lease_until.replace(
                microsecond=stored.lease_until.microsecond // 1000 * 1000
            )
            self.kept = replace(stored, lease_until=until)
        raise Unavailable("away", code="x")

    async def find(self, _, __):
        return self.kept


READING = SimpleNamespace(
    changes_something=False,
    arguments_hash=REQUEST.arguments_hash,
    operation=SimpleNamespace(
        compiled=SimpleNamespace(method=REQUEST.method),
        target=SimpleNamespace(host=REQUEST.host),
    ),
)
"""What `before_sending` takes of a call."""


def held_by(calls):
    clock = lambda: NOON + timedelta(microseconds=1_234)  # noqa: E731
    return HeldCall(calls.kept, calls, None, clock, LEASE)


async def marked(*, stores):
    calls = Calls(stored_call(revision=3, is_accepted=True, is_sent=True), stores=stores)
    held = held_by(calls)
    with pytest.raises(Unavailable):
        await held.before_sending(READING)
    return calls, held


async def test_another_replica_s_claim_is_not_taken_for_our_mark():
    calls, held = await marked(stores=False)
    other = calls.kept
    calls.kept = replace(other.leased(NOON + 3 * LEASE), revision=other.revision + 1)

    with pytest.raises(TakenOver):
        await held.put_back(NOON)
    assert calls.kept.lease_until == NOON + 3 * LEASE


@pytest.mark.parametrize("stores", [True, False])
async def test_our_own_mark_is_found_whether_it_is_stored_or_not(stores):
    calls, held = await marked(stores=stores)

    await held.put_back(NOON)

    assert calls.kept.revision == (5 if stores else 4)
    assert calls.kept.lease_until == NOON
