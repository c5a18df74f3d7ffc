"""A cache whose entries die by facts: what was read before a change is never kept after it."""

import asyncio

import pytest

from contracts.errors import Unavailable
from kit.cache import WatchedCache
from kit.errors import BusUnavailable
from shared.kit.tests.kit_fakes import Watch

FOR_EVER = 3_600


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def cache(watch):
    return WatchedCache(watch, max_entries=3, ttl_seconds=FOR_EVER)


class Source:
    """What a cache loads from; it counts, and answers when told to."""

    def __init__(self, *answers):
        self.loads = 0
        self.answers = list(answers)
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self):
        self.loads += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await self.may_answer.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def hold(self):
        self.may_answer.clear()

    def release(self):
        self.may_answer.set()


async def started(coroutine):
    """The task, as far as it gets by itself."""
    task = asyncio.ensure_future(coroutine)
    for _ in range(5):
        await asyncio.sleep(0)
    return task


async def test_what_was_loaded_is_kept(cache):
    source = Source("old", "new")

    assert [await cache.get_or_load("k", source) for _ in range(3)] == ["old"] * 3
    assert source.loads == 1


async def test_many_who_miss_load_once(cache):
    source = Source("value")
    source.hold()
    waiting = [await started(cache.get_or_load("k", source)) for _ in range(20)]

    source.release()

    assert await asyncio.gather(*waiting) == ["value"] * 20
    assert source.loads == 1


async def test_a_failure_reaches_all_who_wait_and_is_not_kept(cache):
    source = Source(Unavailable("away"), "back")
    source.hold()
    waiting = [await started(cache.get_or_load("k", source)) for _ in range(3)]
    source.release()

    failures = await asyncio.gather(*waiting, return_exceptions=True)

    assert all(isinstance(failure, Unavailable) for failure in failures)
    assert await cache.get_or_load("k", source) == "back"


async def test_one_who_gives_up_does_not_end_the_loading_for_others(cache):
    source = Source("value")
    source.hold()
    impatient = await started(cache.get_or_load("k", source))
    patient = await started(cache.get_or_load("k", source))

    impatient.cancel()
    source.release()

    assert await patient == "value"
    assert source.loads == 1


async def test_a_drop_forgets_what_matches_only(cache):
    for key in ("a", "b"):
        await cache.get_or_load(key, Source(key))

    cache.drop(lambda key: key == "a")

    assert (cache.get("a"), cache.get("b")) == (None, "b")


@pytest.mark.parametrize("forget", ["drop", "clear"])
async def test_what_was_being_loaded_during_a_drop_is_handed_out_but_not_kept(cache, forget):
    source = Source("read before the change", "read after it")
    source.hold()
    asked_before = await started(cache.get_or_load("k", source))

    cache.clear() if forget == "clear" else cache.drop(lambda _: False)
    asked_after = await started(cache.get_or_load("k", source))
    source.release()

    assert await asked_before == "read before the change"
    assert await asked_after == "read after it"
    assert cache.get("k") == "read after it"


async def test_a_drop_beats_a_loading_that_it_overtook(cache):
    source = Source("old")
    source.hold()
    asked = await started(cache.get_or_load("k", source))
    cache.drop(lambda key: key == "k")
    source.release()

    await asked

    assert cache.get("k") is None


async def test_facts_that_may_have_been_missed_void_everything(cache, watch):
    await cache.get_or_load("k", Source("value"))

    watch.loses_facts()

    assert cache.get("k") is None


async def test_a_replica_that_hears_nothing_uses_nothing(cache, watch):
    source = Source("value")
    await cache.get_or_load("k", source)
    watch.in_sync = False

    with pytest.raises(BusUnavailable):
        await cache.get_or_load("k", source)


async def test_the_oldest_entry_makes_room(cache):
    for key in "abcd":
        await cache.get_or_load(key, Source(key))

    assert [cache.get(key) for key in "abcd"] == [None, "b", "c", "d"]


@pytest.mark.parametrize("life", [0, -1])
async def test_what_must_not_be_kept_is_loaded_each_time(cache, life):
    source = Source("one", "two")

    kept = [await cache.get_or_load("k", source, keep=lambda _: life) for _ in range(2)]

    assert kept == ["one", "two"]


async def test_an_entry_lives_no_longer_than_it_may(watch):
    cache = WatchedCache(watch, max_entries=3, ttl_seconds=FOR_EVER)
    source = Source("one", "two")
    await cache.get_or_load("k", source, keep=lambda _: 0.01)

    await asyncio.sleep(0.02)

    assert cache.get("k") is None
    assert await cache.get_or_load("k", source) == "two"


async def test_keep_shortens_a_life_and_never_lengthens_it(watch):
    cache = WatchedCache(watch, max_entries=3, ttl_seconds=0.01)
    await cache.get_or_load("k", Source("value"), keep=lambda _: FOR_EVER)

    await asyncio.sleep(0.02)

    assert cache.get("k") is None
