"""One suite for stored calls: what holds in memory holds in MongoDB."""

import asyncio
from dataclasses import asdict, replace
from datetime import timedelta

import orjson
import pytest

from contracts.facts import Outcome
from execution_service.adapters.ending import Ending, ending_state
from execution_service.adapters.mongo_stored_calls import MongoStoredCalls
from execution_service.domain.arguments.exact_json import ExactNumber
from execution_service.domain.errors import KeyInProgress, StoredByNewerRelease, TooManyStoredCalls
from execution_service.domain.invocation import CallError, FinishedCall
from execution_service.domain.json_text import JsonText
from execution_service.domain.stored_call import AskedCall, IdempotencyKey, Refusal, State
from kit.documents import ChangedMeanwhile
from kit.key_ring import Place, Sealed, SecretUnreadable
from kit.mongo import Taken
from kit.outbox import Outbox
from kit.sealing import Secret
from kit.testing import MemoryKeyRing, RecordedFacts
from services.execution.tests.facts import NOON
from services.execution.tests.fakes import tool
from services.execution.tests.stored import DAY, LEASE, REQUEST, MemoryStoredCalls, stored_call

KEY = IdempotencyKey("key-1", "body-1")
RESULT = FinishedCall(
    "inv_1",
    "listPets",
    Outcome.FAILED,
    1.5,
    status=500,
    content_type="application/json",
    body=JsonText(b'{"error": ["down", null, 1.50]}'),
    truncated=True,
    error=CallError("execution.response_not_text", "Not text.", "Ask for text."),
)
AFTER_ALL = NOON + timedelta(hours=1)


@pytest.fixture
def memory():
    return MemoryStoredCalls(max_of_workspace=3)


@pytest.fixture
async def mongodb(database):
    return await made(database)


async def made(database, keys=None):
    outbox = Outbox("execution", RecordedFacts())
    calls = MongoStoredCalls(database, outbox, keys or MemoryKeyRing(), max_of_workspace=3)
    for collection in calls.collections:
        await collection.ensure_indexes()
    return calls


@pytest.mark.integration
async def test_w1_exact_numbers_are_kept_where_releases_before_do_not_read_them(database):
    """They would read other numbers, or could not go on with the calls of others."""
    keys = MemoryKeyRing()
    calls = await made(database, keys)
    exact = {"a": ExactNumber("1e400"), "b": [ExactNumber("1.50"), 1.5]}
    asked = replace(stored_call().asked, arguments=exact)
    await calls.add(stored_call(asked=asked))
    await calls.add(stored_call("inv_2"))

    assert (await calls.find("ws_1", "inv_1")).asked.arguments == exact
    assert (await calls.find("ws_1", "inv_2")).asked.arguments == {"id": 1}
    kept = {each["_id"]: each["state"] async for each in database["stored_calls"].find({})}
    assert kept["inv_1"]["has_exact_numbers"]
    assert not kept["inv_2"]["has_exact_numbers"]
    sealed = Sealed(**kept["inv_1"]["arguments"])
    with pytest.raises(SecretUnreadable):
        await keys.open(sealed, Place("ws_1", "stored_calls", "inv_1", "arguments"))


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.integration)])
def calls(request):
    return request.getfixturevalue(request.param)


async def test_a_call_is_found_as_it_was_added_in_its_own_workspace_only(calls):
    given = {"n": [1, "é", None]}
    asked = AskedCall("ws_1", "gpt_1", "listPets", given, "act_1", "draft", "a/b", "text/csv")
    fields = {"key": KEY, "pinned": tool(), "is_accepted": True, "left_behind": 2}
    added = await calls.add(stored_call(asked=asked, **fields))

    assert await calls.find("ws_1", "inv_1") == added
    assert added.revision == 1
    assert await calls.find("ws_2", "inv_1") is None
    assert await calls.find("ws_1", "inv_2") is None


async def test_a_key_belongs_to_the_call_that_was_first_with_it(calls):
    first = await calls.add(stored_call("inv_1", key=KEY))

    second = await calls.add(stored_call("inv_2", key=replace(KEY, request_digest="body-2")))

    assert second == first
    assert await calls.find("ws_1", "inv_2") is None


async def test_another_workspace_may_use_the_same_key(calls):
    await calls.add(stored_call("inv_1", key=KEY))

    other = await calls.add(stored_call("inv_2", key=KEY, workspace_id="ws_2"))

    assert other.id == "inv_2"


async def test_a_key_is_free_again_after_a_day_and_once_its_call_is_forgotten(calls):
    first = await calls.add(stored_call("inv_1", key=KEY))
    later = stored_call("inv_2", key=KEY, at=NOON + DAY + timedelta(seconds=1))
    second = await calls.add(later)
    await calls.forget(second)

    third = await calls.add(stored_call("inv_3", key=KEY))

    assert (first.id, second.id, third.id) == ("inv_1", "inv_2", "inv_3")


async def test_of_two_changes_to_one_revision_one_is_refused(calls):
    seen = await calls.add(stored_call())
    await calls.change(seen, seen.sending(AFTER_ALL, REQUEST))

    with pytest.raises(ChangedMeanwhile):
        await calls.change(seen, seen.leased(AFTER_ALL))

    assert (await calls.find("ws_1", "inv_1")).state is State.SENDING


async def test_n1_a_read_that_was_sent_is_kept_as_such_until_it_is_given_back(calls):
    seen = await calls.add(stored_call().accepted(tool(), REQUEST))
    assert not (await calls.find("ws_1", "inv_1")).is_sent

    sent = await calls.change(seen, seen.reading(AFTER_ALL, REQUEST))

    assert (await calls.find("ws_1", "inv_1")).is_sent
    await calls.change(sent, sent.given_back(AFTER_ALL))
    assert not (await calls.find("ws_1", "inv_1")).is_sent


async def test_what_was_forgotten_is_not_changed(calls):
    seen = await calls.add(stored_call())
    await calls.forget(seen)

    with pytest.raises(ChangedMeanwhile):
        await calls.change(seen, seen.sending(AFTER_ALL, REQUEST))


async def test_a_call_that_ended_keeps_its_answer_and_no_arguments(calls):
    seen = await calls.add(stored_call())
    sending = await calls.change(seen, seen.sending(AFTER_ALL, REQUEST))

    await calls.change(sending, sending.ended(RESULT))

    found = await calls.find("ws_1", "inv_1")
    assert (found.state, found.result, found.revision) == (State.FAILED, RESULT, 3)
    assert found.asked.arguments is None


async def test_a_refusal_is_kept(calls):
    seen = await calls.add(stored_call())
    refusal = Refusal("policy.denied", "No.", "Ask.")

    await calls.change(seen, seen.refused(refusal))

    assert (await calls.find("ws_1", "inv_1")).refusal == refusal


async def test_those_are_abandoned_whose_lease_ended_before_they_did(calls):
    left = await calls.add(stored_call("inv_1"))
    held = await calls.add(stored_call("inv_2", workspace_id="ws_2", lease_until=AFTER_ALL))
    ended = await calls.add(stored_call("inv_3", workspace_id="ws_3"))
    await calls.change(ended, ended.ended(RESULT))

    assert await calls.abandoned(NOON + 2 * LEASE, 10) == [left]
    assert {call.id for call in await calls.abandoned(AFTER_ALL + LEASE, 10)} == {
        left.id,
        held.id,
    }
    assert await calls.abandoned(NOON, 10) == []


async def test_a_workspace_keeps_so_many_and_others_are_not_affected(calls):
    for number in range(3):
        await calls.add(stored_call(f"inv_{number}"))

    with pytest.raises(TooManyStoredCalls):
        await calls.add(stored_call("inv_3"))

    assert (await calls.add(stored_call("inv_4", workspace_id="ws_2"))).id == "inv_4"


async def test_a_key_is_found_also_where_there_is_no_room_for_another_call(calls):
    first = await calls.add(stored_call("inv_0", key=KEY))
    for number in (1, 2):
        await calls.add(stored_call(f"inv_{number}"))

    assert await calls.add(stored_call("inv_3", key=KEY)) == first
    with pytest.raises(TooManyStoredCalls):
        await calls.add(stored_call("inv_3", key=replace(KEY, name="key-2")))
    a_day_later = NOON + DAY + timedelta(seconds=1)
    with pytest.raises(TooManyStoredCalls):
        await calls.add(stored_call("inv_3", key=KEY, at=a_day_later))


async def test_what_is_no_longer_as_seen_is_not_forgotten(calls):
    seen = await calls.add(stored_call())
    sending = await calls.change(seen, seen.sending(AFTER_ALL, REQUEST))

    assert not await calls.forget(seen)
    assert await calls.find("ws_1", "inv_1") == sending
    assert await calls.forget(sending)
    assert not await calls.forget(sending)


@pytest.mark.integration
async def test_calls_without_a_key_are_never_taken_for_each_other(mongodb):
    await mongodb.add(stored_call("inv_1"))
    await mongodb.add(stored_call("inv_2"))

    with pytest.raises(Taken):
        await mongodb.add(stored_call("inv_2"))


@pytest.mark.integration
async def test_calls_of_a_full_workspace_are_not_counted_for_each_request(database):
    calls, other = await made(database), await made(database)
    kept = [await calls.add(stored_call(f"inv_{number}")) for number in range(3)]
    with pytest.raises(TooManyStoredCalls):
        await other.add(stored_call("inv_3"))
    await calls.forget(kept[0])

    with pytest.raises(TooManyStoredCalls):
        await other.add(stored_call("inv_3"))


class KeyGone:
    """A collection in which nobody finds a call by its key: it was deleted a moment ago."""

    def __init__(self, real):
        self._real = real

    def __getitem__(self, name):
        return KeyGone(self._real[name])

    def __getattr__(self, name):
        return getattr(self._real, name)

    async def find_one(self, *_):
        return None


@pytest.mark.integration
async def test_a_key_that_is_forgotten_while_it_is_looked_up_is_in_progress(database):
    await (await made(database)).add(stored_call("inv_1", key=KEY))

    with pytest.raises(KeyInProgress):
        await (await made(KeyGone(database))).add(stored_call("inv_2", key=KEY))


class Counting:
    """A database, and each of its collections, that says how often documents are counted."""

    def __init__(self, real, counts):
        self._real, self._counts = real, counts

    def __getitem__(self, name):
        return Counting(self._real[name], self._counts)

    def __getattr__(self, name):
        return getattr(self._real, name)

    async def count_documents(self, *arguments, **more):
        self._counts.append(1)
        return await self._real.count_documents(*arguments, **more)


@pytest.mark.integration
async def test_many_requests_at_once_count_the_calls_once(database):
    counts = []
    calls = await made(Counting(database, counts))

    await asyncio.gather(*(calls.add(stored_call(f"inv_{number}")) for number in range(3)))

    assert len(counts) == 1


@pytest.mark.integration
async def test_arguments_and_answers_are_encrypted_in_the_database(database):
    calls = await made(database)
    seen = await calls.add(
        stored_call(asked=AskedCall("ws_1", "gpt_1", "listPets", {"pin": "s3cret-argument"}))
    )
    stored = [repr(await database["stored_calls"].find_one({}))]
    await calls.change(seen, seen.ended(replace(RESULT, body="s3cret-answer")))
    stored.append(repr(await database["stored_calls"].find_one({})))

    assert "s3cret" not in "".join(stored)
    assert "s3cret-argument" not in str(await calls.find("ws_1", "inv_1"))


@pytest.mark.integration
async def test_one_that_cannot_be_read_is_not_in_the_way_of_others(database):
    await (await made(database)).add(stored_call("inv_1"))
    calls = await made(database, MemoryKeyRing())
    readable = await calls.add(stored_call("inv_2"))
    now = NOON + 2 * LEASE

    assert await calls.abandoned(now, 1) in ([], [readable])
    assert await calls.abandoned(now, 1) == [readable]


NEWER = {"state.state": "paused", "state.stage": "canary"}


@pytest.mark.integration
@pytest.mark.parametrize("member", NEWER)
async def test_one_that_a_newer_release_stored_is_refused_and_not_in_the_way_of_others(
    database, member
):
    calls = await made(database)
    await calls.add(stored_call("inv_1"))
    await database["stored_calls"].update_one({}, {"$set": {member: NEWER[member]}})
    readable = await calls.add(stored_call("inv_2"))
    now = NOON + 2 * LEASE

    with pytest.raises(StoredByNewerRelease):
        await calls.find("ws_1", "inv_1")
    assert await calls.abandoned(now, 1) in ([], [readable])
    assert await calls.abandoned(now, 1) == [readable]


async def ended_by_a_newer_release(database, **members):
    keys = MemoryKeyRing()
    calls = await made(database, keys)
    seen = await calls.add(stored_call())
    await calls.change(seen, seen.ended(RESULT))
    newer = ending_state(Ending(RESULT))
    newer["result"] |= members
    place = Place("ws_1", "stored_calls", "inv_1", "ending")
    sealed = await keys.seal(Secret(orjson.dumps(newer)), place)
    await database["stored_calls"].update_one({}, {"$set": {"state.ending": asdict(sealed)}})
    return calls


@pytest.mark.integration
async def test_an_end_to_which_a_newer_release_added_a_member_is_read(database):
    calls = await ended_by_a_newer_release(database, artefact="art_1")

    assert (await calls.find("ws_1", "inv_1")).result == RESULT


@pytest.mark.integration
async def test_an_end_that_only_a_newer_release_knows_is_refused(database):
    calls = await ended_by_a_newer_release(database, outcome="postponed")

    with pytest.raises(StoredByNewerRelease):
        await calls.find("ws_1", "inv_1")


@pytest.mark.integration
async def test_more_unreadable_ones_than_a_list_holds_are_not_in_the_way_either(database):
    unreadable = await made(database)
    for number in range(3):
        await unreadable.add(stored_call(f"inv_{number}"))
    calls = await made(database, MemoryKeyRing())
    readable = await calls.add(stored_call("inv_9", workspace_id="ws_2"))

    assert await calls.abandoned(NOON + 2 * LEASE, 1) == [readable]


@pytest.mark.integration
async def test_one_that_was_being_sent_is_ended_without_its_key(database):
    first = await made(database)
    seen = await first.add(stored_call("inv_1"))
    await first.change(seen, seen.sending(NOON, REQUEST))
    calls = await made(database, MemoryKeyRing())

    [left] = await calls.abandoned(NOON + 2 * LEASE, 10)
    ended = await calls.change(left, left.ended(RESULT))

    assert await calls.find("ws_1", "inv_1") == ended


@pytest.mark.integration
async def test_one_whose_key_is_gone_is_found_without_what_was_encrypted(database):
    calls = await made(database)
    seen = await calls.add(stored_call())
    await calls.change(seen, seen.ended(RESULT))

    found = await (await made(database, MemoryKeyRing())).find("ws_1", "inv_1")

    assert (found.state, found.result, found.asked.arguments) == (State.FAILED, None, None)
