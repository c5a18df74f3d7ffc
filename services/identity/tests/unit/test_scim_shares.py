"""One workspace's directory waits for itself, and is refused before it holds up others."""

import asyncio
import time

import pytest

from identity_service.entrypoints.scim_errors import POLICY
from identity_service.entrypoints.scim_group_patch import group_patch_of
from identity_service.entrypoints.scim_shares import AT_ONCE, PLACES_OF_ONE, new_turns
from kit.shares import Full, ShareExceeded
from services.identity.tests.scim_platform import PATCH

EVIL, VICTIM = "ws_evil", "ws_victim"


class Requests:
    def __init__(self):
        self.turns, self.running, self.most = new_turns(), 0, 0
        self.end = asyncio.Event()

    async def ask(self, workspace=EVIL):
        async with self.turns.held(workspace):
            self.running += 1
            self.most = max(self.most, self.running)
            await self.end.wait()
            self.running -= 1


async def test_a_few_of_a_workspaces_requests_run_others_wait_and_more_are_refused():
    requests = Requests()
    asked = [asyncio.create_task(requests.ask()) for _ in range(60)]
    await asyncio.sleep(0.01)
    refused = [each for each in asked if each.done()]

    assert requests.running == AT_ONCE
    assert len(refused) == 60 - PLACES_OF_ONE
    assert {type(each.exception()) for each in refused} == {ShareExceeded}
    assert refused[0].exception().retry_after_seconds
    victim = asyncio.create_task(requests.ask(VICTIM))
    await asyncio.sleep(0)
    assert requests.running == AT_ONCE + 1
    requests.end.set()
    await asyncio.gather(victim, *asked, return_exceptions=True)
    assert requests.most <= AT_ONCE + 1
    assert requests.turns.keys == 0


async def test_so_many_directories_that_flood_fill_all_places_as_is_said():
    requests = Requests()
    asked = []
    for number in range(36):
        asked += [asyncio.create_task(requests.ask(f"ws_{number}")) for _ in range(PLACES_OF_ONE)]
        await asyncio.sleep(0)
        here = asked[-PLACES_OF_ONE:]
        await asyncio.sleep(0)
        held = PLACES_OF_ONE - sum(each.done() for each in here)
        assert (held == PLACES_OF_ONE) is (number < 31)
        assert held

    with pytest.raises(Full):
        await requests.ask(VICTIM)
    requests.end.set()
    await asyncio.gather(*asked, return_exceptions=True)


async def test_directories_that_flood_hold_up_no_other_one():
    requests = Requests()
    floods = [f"ws_{each}" for each in range(30)]
    asked = [asyncio.create_task(requests.ask(each)) for each in floods for _ in range(40)]
    await asyncio.sleep(0.01)
    assert {type(each.exception()) for each in asked if each.done()} == {ShareExceeded}
    assert requests.running == AT_ONCE * len(floods)

    victims = [asyncio.create_task(requests.ask(VICTIM)) for _ in range(5)]
    await asyncio.sleep(0)

    assert requests.running == AT_ONCE * (len(floods) + 1)
    assert not any(each.done() for each in victims)
    requests.end.set()
    await asyncio.gather(*victims)
    await asyncio.gather(*asked, return_exceptions=True)
    assert requests.turns.keys == 0


async def test_who_gives_up_waiting_leaves_nothing_behind():
    requests = Requests()
    asked = [asyncio.create_task(requests.ask()) for _ in range(AT_ONCE + 3)]
    await asyncio.sleep(0)
    for each in asked[1:]:
        each.cancel()
    await asyncio.gather(*asked[1:], return_exceptions=True)
    assert requests.turns.keys == 1
    requests.end.set()
    await asked[0]

    assert requests.turns.keys == 0
    await asyncio.wait_for(requests.ask(), 1)


def patch_of_members(members):
    paths = [f'members[value eq "mem_{each}"]' for each in range(members)]
    return {"schemas": [PATCH], "Operations": [{"op": "Remove", "path": each} for each in paths]}


def seconds_of(work):
    started = time.thread_time()
    work()
    return time.thread_time() - started


def test_a_patch_that_names_many_members_takes_little_longer_than_one_that_names_few():
    """Nothing else runs meanwhile; the library took a millisecond for each."""
    with POLICY:
        few, many = (
            min(
                seconds_of(lambda n=n: asyncio.run(group_patch_of(patch_of_members(n))))
                for _ in range(5)
            )
            for n in (5, 90)
        )

    assert many < few * 18 / 2, (few, many)


@pytest.mark.parametrize("other", [{"op": "replace", "path": "displayName", "value": "New"}])
def test_what_is_done_to_members_stays_in_its_place_among_other_operations(other):
    add = {"op": "add", "path": "members", "value": [{"value": "mem_9"}]}
    body = patch_of_members(2)
    body["Operations"] = [add, other, *body["Operations"], {**other, "value": "Newest"}, add]
    with POLICY:
        patch = asyncio.run(group_patch_of(body))

    kinds = [type(each).__name__ for each in patch.changes]
    member, library = "MemberChange", "LibraryChange"
    assert kinds == [member, library, member, member, library, member]
    values = [
        each.patch.operations[0].value for each in patch.changes if type(each).__name__ == library
    ]
    assert values == ["New", "Newest"]
