"""How many accepted calls a replica holds, and for whom."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from contracts.errors import PlatformError, Unavailable
from execution_service.domain.call_quotas import CallQuotas
from execution_service.entrypoints.call_limits import CallLimits
from execution_service.entrypoints.capacity import ACCEPTED, CALLS, WAITS, Capacity
from execution_service.entrypoints.continued_calls import (
    LOOK_EVERY_SECONDS,
    MAX_RUNNING,
    ContinuedCalls,
)
from execution_service.usecases.invoke_stored import StoredAnswer, StoredRequest
from execution_service.usecases.recover_calls import MAX_AT_ONCE
from kit.shares import BYTES, FairShares, ShareExceeded
from kit.turns import Turns
from services.execution.tests.fakes import wanted_call
from services.execution.tests.stored import stored_call
from services.execution.tests.stored_replica import TOKEN


@dataclass
class App:
    """Accepts all that is asked, and runs it until the test lets it end."""

    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    accepted: list = field(default_factory=list)
    left_behind: list = field(default_factory=list)
    ran: list = field(default_factory=list)
    postponed: list = field(default_factory=list)
    is_repeated: bool = False
    looks: int = 0
    arguments: dict = field(default_factory=dict)

    async def invoke_stored(self, asked):
        kept = replace(stored_call().asked, arguments=self.arguments)
        call = stored_call(f"inv_{len(self.accepted)}", asked=kept)
        self.accepted.append(call)
        return StoredAnswer(call, is_repeated=self.is_repeated)

    async def continue_call(self, call, holds):
        self.ran.append(call.id)
        await self.may_end.wait()

    async def postpone_call(self, call):
        self.postponed.append(call.id)

    async def recover_calls(self):
        self.looks += 1
        found, self.left_behind = self.left_behind, []
        return found


def capacity(accepted=4, calls=100, most_bytes=10**6):
    return Capacity(
        calls=FairShares("execution", CALLS, calls),
        bytes=FairShares("execution", BYTES, most_bytes),
        turns=Turns(1),
        waits=FairShares("execution", WAITS, 1),
        accepted=FairShares("execution", ACCEPTED, accepted),
    )


@dataclass
class Settings:
    """What the workspaces set; without it, policy is away."""

    quotas: CallQuotas | None

    async def find(self, workspace_id):
        if self.quotas is None:
            raise Unavailable("Policy is away.")
        return self.quotas


NO_QUOTAS = CallQuotas()


def continuing(app, shares, quotas=NO_QUOTAS, **options):
    limits = CallLimits(Settings(quotas), None, shares.calls)
    return ContinuedCalls(app, shares, limits, **options)


ASKED = StoredRequest(wanted_call(), TOKEN, is_asynchronous=True)


async def turns():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_calls_are_accepted_than_the_workspaces_share_and_none_is_stored():
    app, shares = App(), capacity(accepted=4)
    continued = continuing(app, shares)
    for _ in range(2):
        await continued.accept(ASKED)

    with pytest.raises(ShareExceeded):
        await continued.accept(ASKED)

    assert len(app.accepted) == 2
    app.may_end.set()
    await continued.close()
    assert shares.accepted.in_use == 0
    assert app.ran == ["inv_0", "inv_1"]


async def test_a_call_that_was_stored_is_run_whatever_others_accepted_meanwhile():
    """Refused then, the caller would send again what another replica sends too."""
    shares = capacity(accepted=8)

    class Busy(App):
        async def invoke_stored(self, asked):
            if len(self.accepted) == 2:
                for workspace in ("ws_2", "ws_2", "ws_3", "ws_3"):
                    shares.accepted.take(workspace)
            return await super().invoke_stored(asked)

    app = Busy()
    continued = continuing(app, shares)

    for _ in range(3):
        await continued.accept(ASKED)
    await turns()

    assert app.ran == ["inv_0", "inv_1", "inv_2"]
    app.may_end.set()
    await continued.close()
    assert shares.accepted.in_use == 4


async def test_a_repeated_request_starts_nothing():
    app, shares = App(is_repeated=True), capacity()
    continued = continuing(app, shares)

    await continued.accept(ASKED)
    await turns()

    assert (app.ran, shares.accepted.in_use) == ([], 0)


async def test_of_what_others_left_behind_it_runs_as_many_as_there_is_room_for():
    app, shares = App(), capacity(accepted=4)
    app.left_behind = [stored_call(f"inv_{number}") for number in range(4)]
    app.left_behind.append(stored_call("inv_5", workspace_id="ws_2"))
    continued = continuing(app, shares)
    recovering = asyncio.create_task(continued.recover_for_ever())
    await turns()

    assert app.ran == ["inv_0", "inv_1", "inv_5"]
    assert app.postponed == ["inv_2", "inv_3"]
    recovering.cancel()
    app.may_end.set()
    await continued.close()


@pytest.mark.parametrize(("accepted", "looks"), [(100, 2), (0, 1)])
async def test_it_looks_again_at_once_where_more_may_be_left_behind_and_there_is_room(
    accepted, looks
):
    app = App(left_behind=[stored_call(f"inv_{number}") for number in range(MAX_AT_ONCE)])
    continued = continuing(app, capacity(accepted))
    recovering = asyncio.create_task(continued.recover_for_ever())
    await turns()

    assert len(app.ran if accepted else app.postponed) == MAX_AT_ONCE
    assert app.looks == looks
    recovering.cancel()
    app.may_end.set()
    await continued.close()


async def test_a_replica_with_many_accepted_calls_takes_none_that_others_left_behind():
    app = App()
    continued = continuing(app, capacity(accepted=2 * MAX_RUNNING, calls=2 * MAX_RUNNING))
    for _ in range(MAX_RUNNING):
        await continued.accept(ASKED)
    recovering = asyncio.create_task(continued.recover_for_ever())
    await turns()

    assert app.looks == 0
    recovering.cancel()
    app.may_end.set()
    await continued.close()


async def test_a_call_waits_for_its_workspaces_share_of_calls():
    app, shares = App(), capacity(calls=1)
    continued = continuing(app, shares)
    shares.calls.take("ws_1")
    await continued.accept(ASKED)
    await turns()
    assert app.ran == []

    shares.calls.give("ws_1")
    await asyncio.sleep(LOOK_EVERY_SECONDS * 2)

    assert app.ran == ["inv_0"]
    app.may_end.set()
    await continued.close()


async def test_a_call_that_finds_no_room_for_long_is_put_back_for_any_replica():
    app, shares = App(), capacity(calls=1)
    continued = continuing(app, shares, look_for_seconds=LOOK_EVERY_SECONDS)
    shares.calls.take("ws_1")

    await continued.accept(ASKED)
    await asyncio.sleep(LOOK_EVERY_SECONDS * 3)

    assert (app.ran, app.postponed) == ([], ["inv_0"])
    assert shares.accepted.in_use == 0


async def test_b7_the_arguments_of_an_accepted_call_count_until_it_ended():
    app, shares = App(arguments={"note": "a" * 1_000}), capacity()
    continued = continuing(app, shares)

    await continued.accept(ASKED)
    await turns()

    assert shares.bytes.in_use > 2_000
    app.may_end.set()
    await continued.close()
    assert shares.bytes.in_use == 0


async def test_b7_a_call_that_others_left_behind_is_put_back_where_its_arguments_find_no_room():
    app, shares = App(), capacity(most_bytes=10_000)
    large = replace(stored_call().asked, arguments={"note": "a" * 6_000})
    app.left_behind = [stored_call("inv_large", asked=large), stored_call("inv_small")]
    continued = continuing(app, shares)
    recovering = asyncio.create_task(continued.recover_for_ever())
    await turns()

    assert (app.ran, app.postponed) == (["inv_small"], ["inv_large"])
    recovering.cancel()
    app.may_end.set()
    await continued.close()
    assert shares.bytes.in_use == 0


@pytest.mark.parametrize("failure", [PlatformError("no"), RuntimeError("a fault of ours")])
async def test_a_call_that_fails_gives_its_share_back(failure):
    app, shares = App(), capacity()

    async def fails(call, holds):
        raise failure

    app.continue_call = fails
    continued = continuing(app, shares)
    await continued.accept(ASKED)
    await turns()

    assert (shares.accepted.in_use, shares.calls.in_use, shares.bytes.in_use) == (0, 0, 0)


async def test_a_stopping_replica_cancels_what_does_not_end_in_time():
    app, shares = App(), capacity()
    continued = continuing(app, shares, finish_within_seconds=0.01)
    await continued.accept(ASKED)

    async with asyncio.timeout(5):
        await continued.close()

    assert (app.ran, shares.accepted.in_use) == (["inv_0"], 0)


async def test_accepted_calls_keep_to_what_their_workspace_allows_at_once():
    app, shares = App(), capacity()
    continued = continuing(app, shares, CallQuotas(concurrent_calls=1))
    shares.calls.take(ASKED.wanted.principal.workspace_id)
    await continued.accept(ASKED)
    await turns()
    assert app.ran == []

    shares.calls.give(ASKED.wanted.principal.workspace_id)
    await asyncio.sleep(2 * LOOK_EVERY_SECONDS)

    assert app.ran == ["inv_0"]
    app.may_end.set()
    await continued.close()


async def test_while_policy_is_away_an_accepted_call_goes_on_to_be_put_back():
    app = App()
    continued = continuing(app, capacity(), None)
    await continued.accept(ASKED)
    await turns()

    assert app.ran == ["inv_0"]
    app.may_end.set()
    await continued.close()
