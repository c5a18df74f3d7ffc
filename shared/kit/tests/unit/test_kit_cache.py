"""A cache whose entries facts void: what was read before a change is never kept after it."""

import asyncio
import gc
from contextlib import suppress

import pytest
from prometheus_client import REGISTRY

from contracts.errors import Unavailable
from kit import cache as kit_cache
from kit import clock as kit_clock
from kit.cache import ENTRY_BYTES, Limits, Unchanging, WatchedCache
from kit.errors import BusUnavailable
from shared.kit.tests.kit_fakes import Watch

FOR_EVER = 3_600


@pytest.fixture
def watch():
    return Watch()


def cache_of(watch, *, entries=3, max_bytes=1_000_000, ttl=FOR_EVER, **options):
    """Filed under their key, and under "all"; a test names other tags."""
    options = {"tags_of": lambda key: (key, "all"), **options}
    return WatchedCache(watch, "test", Limits(entries, max_bytes, ttl), **options)


@pytest.fixture
def cache(watch):
    return cache_of(watch)


class Source:
    """What a cache loads from; it counts, and answers when the test lets it."""

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


class Key:
    """It counts how often any of them is hashed or compared."""

    looks = 0

    def __init__(self, name):
        self._name = name

    def __hash__(self):
        Key.looks += 1
        return hash(self._name)

    def __eq__(self, other):
        Key.looks += 1
        return self._name == other._name


def kept(cache, key):
    entry = cache.find(key)
    return None if entry is None else entry.value


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


class TestDrop:
    async def test_what_is_filed_under_the_tag_goes_and_nothing_else(self, cache):
        for key in ("a", "b"):
            await cache.get_or_load(key, Source(key))

        cache.drop("a")

        assert (kept(cache, "a"), kept(cache, "b")) == (None, "b")

    async def test_all_entries_of_a_tag_go(self, cache):
        for key in ("a", "b"):
            await cache.get_or_load(key, Source(key))

        cache.drop("all")

        assert (len(cache), cache.bytes) == (0, 0)

    async def test_r8_a_drop_looks_at_no_entry_of_another_tag(self, watch):
        cache = cache_of(watch, entries=1_000, tags_of=lambda key: (key,))
        for number in range(1_000):
            await cache.get_or_load(Key(f"other {number}"), Source("value"))
        await cache.get_or_load(Key("dropped"), Source("value"))
        Key.looks = 0

        cache.drop(Key("dropped"))

        assert kept(cache, Key("dropped")) is None
        assert Key.looks < 100

    @pytest.mark.parametrize("forget", ["drop", "clear"])
    async def test_what_is_being_loaded_is_handed_out_but_not_kept(self, cache, forget):
        source = Source("read before the change", "read after it")
        source.hold()
        asked_before = await started(cache.hold("k", source))

        cache.clear() if forget == "clear" else cache.drop("k")
        asked_after = await started(cache.hold("k", source))
        source.release()
        before, after = await asked_before, await asked_after

        assert (before.value, before.holds()) == ("read before the change", False)
        assert (after.value, after.holds()) == ("read after it", True)
        assert kept(cache, "k") == "read after it"

    async def test_a_void_load_that_ends_late_pushes_the_newer_value_out_no_more(self, cache):
        late, newer = Source("read before the change"), Source("read after it")
        late.hold()
        asked_before = await started(cache.hold("k", late))
        cache.drop("k")
        await cache.hold("k", newer)

        late.release()
        await asked_before

        assert kept(cache, "k") == "read after it"
        assert len(cache) == 1

    async def test_b15_what_is_loaded_during_an_unrelated_fact_is_kept_and_stays_shared(
        self, cache
    ):
        source = Source("value", "loaded again")
        source.hold()
        first = await started(cache.get_or_load("k", source))

        cache.drop("another")
        second = await started(cache.get_or_load("k", source))
        source.release()

        assert await asyncio.gather(first, second) == ["value", "value"]
        assert kept(cache, "k") == "value"
        assert source.loads == 1

    async def test_an_entry_in_hand_hears_of_the_drop(self, cache):
        entry = await cache.hold("k", Source("value"))
        assert entry.holds()

        cache.drop("k")

        assert not entry.holds()

    async def test_an_entry_in_hand_hears_of_it_also_after_it_made_room(self, watch):
        cache = cache_of(watch, entries=1)
        entry = await cache.hold("a", Source("value"))
        await cache.hold("b", Source("value"))
        assert entry.holds()

        cache.drop("a")

        assert not entry.holds()

    async def test_what_is_gone_leaves_the_index(self, watch):
        cache = cache_of(watch, entries=2, tags_of=lambda key: (key, f"workspace of {key}"))

        async def failing():
            raise Unavailable("away")

        for number in range(50):
            await cache.get_or_load(f"k{number}", Source("value"))
            cache.drop(f"never seen {number}")
            with suppress(Unavailable):
                await cache.get_or_load(f"failing {number}", failing)
        gc.collect()

        assert len(cache._index) <= 6, "two entries, and the last failure's, have two tags each"


async def test_facts_that_may_have_been_missed_void_everything(cache, watch):
    entry = await cache.hold("k", Source("value"))

    watch.loses_facts()

    assert kept(cache, "k") is None
    assert not entry.holds()


async def test_a_replica_that_hears_nothing_uses_nothing(cache, watch):
    source = Source("value")
    entry = await cache.hold("k", source)
    watch.in_sync = False

    assert not entry.holds()
    with pytest.raises(BusUnavailable):
        await cache.get_or_load("k", source)


class TestRoom:
    async def test_b15_what_was_used_least_recently_makes_room(self, cache):
        for key in "abc":
            await cache.get_or_load(key, Source(key))
        await cache.get_or_load("a", Source("again"))

        await cache.get_or_load("d", Source("d"))

        assert [kept(cache, key) for key in "abcd"] == ["a", None, "c", "d"]

    async def test_a11_entries_take_no_more_bytes_than_they_may(self, watch):
        size_of = lambda _, value: value  # noqa: E731
        room = 10 * (ENTRY_BYTES + 500)
        cache = cache_of(watch, entries=1_000, max_bytes=room, size_of=size_of)

        for number in range(100):
            await cache.get_or_load(f"k{number}", Source(500))
            assert cache.bytes <= room

        assert len(cache) == 10

    async def test_what_is_larger_than_the_cache_is_handed_out_and_pushes_nothing_out(self, watch):
        size_of = lambda _, value: len(value)  # noqa: E731
        cache = cache_of(watch, max_bytes=2 * ENTRY_BYTES, size_of=size_of)
        await cache.get_or_load("small", Source("a"))

        large = await cache.hold("large", Source("a" * 10_000))

        assert large.holds()
        assert (kept(cache, "large"), kept(cache, "small")) == (None, "a")


class TestTime:
    @pytest.mark.parametrize("life", [0, -1])
    async def test_what_must_not_be_kept_is_loaded_each_time(self, cache, life):
        source = Source("one", "two")

        loaded = [await cache.get_or_load("k", source, keep=lambda _: life) for _ in range(2)]

        assert loaded == ["one", "two"]

    async def test_what_must_not_be_kept_holds_for_whoever_got_it_until_a_fact(self, cache):
        entry = await cache.hold("k", Source("one"), keep=lambda _: 0)
        assert entry.holds()

        cache.drop("k")

        assert not entry.holds()

    async def test_an_entry_lives_no_longer_than_it_may(self, cache):
        source = Source("one", "two")
        entry = await cache.hold("k", source, keep=lambda _: 0.01)

        await asyncio.sleep(0.02)

        assert kept(cache, "k") is None
        assert not entry.holds()
        assert await cache.get_or_load("k", source) == "two"

    def test_a7_a_life_includes_the_time_in_which_the_machine_was_suspended(self):
        """And `in_sync_until`, with which it is compared, is on that clock."""
        assert kit_cache.elapsed_seconds is kit_clock.elapsed_seconds

    async def test_keep_shortens_a_life_and_never_lengthens_it(self, watch):
        cache = cache_of(watch, ttl=0.01)
        await cache.get_or_load("k", Source("value"), keep=lambda _: FOR_EVER)

        await asyncio.sleep(0.02)

        assert kept(cache, "k") is None


async def test_values_that_no_fact_can_void_need_no_watch():
    cache = WatchedCache(Unchanging(), "test", Limits(3, 1_000_000, FOR_EVER))

    await cache.get_or_load("k", Source("value"))

    assert kept(cache, "k") == "value"


async def test_hits_misses_entries_and_bytes_are_counted_by_name(watch):
    limits = Limits(10, 1_000_000, FOR_EVER)
    caches = [
        WatchedCache(watch, "counted", limits, size_of=lambda _key, value: value) for _ in range(2)
    ]
    for cache in caches:
        for _ in range(3):
            await cache.get_or_load("k", Source(500))

    def figure(name):
        return REGISTRY.get_sample_value(f"openactions_cache_{name}", {"cache": "counted"})

    assert (figure("hits_total"), figure("misses_total")) == (4, 2)
    assert (figure("entries"), figure("bytes")) == (2, 2 * (ENTRY_BYTES + 500))
