"""Whatever the order of loads, facts, losses and pauses: what a fact voided is never served."""

import asyncio
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from kit.cache import Limits, WatchedCache
from kit.errors import BusUnavailable
from shared.kit.tests.kit_fakes import Watch

TAGS = st.sampled_from(["ws_1", "ws_2", "act_1", "act_2"])
KEYS = st.sampled_from([("ws_1", "act_1"), ("ws_1", "act_2"), ("ws_2", "act_2")])
MAX_ENTRIES = 2


@dataclass
class Load:
    """`truth` is what was true when it was asked for."""

    key: tuple
    truth: tuple
    asking: asyncio.Task
    answer: asyncio.Future


class CacheAgainstTruth(RuleBasedStateMachine):
    """The truth about a key is how many facts each of its tags has seen, and how many losses."""

    loads = Bundle("loads")
    in_hand = Bundle("in_hand")

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.watch = Watch()
        self.cache = WatchedCache(
            self.watch, "model", Limits(MAX_ENTRIES, 1_000_000, 3_600), tags_of=lambda key: key
        )
        self.facts = dict.fromkeys(["ws_1", "ws_2", "act_1", "act_2"], 0)
        self.losses = 0
        self.asking = []

    def truth(self, key):
        return (*(self.facts[tag] for tag in key), self.losses)

    def let_run(self):
        async def breathe():
            for _ in range(10):
                await asyncio.sleep(0)

        self.loop.run_until_complete(breathe())

    @rule(target=loads, key=KEYS)
    def ask(self, key):
        """A load reads the truth first and answers later, as a question over a network does."""
        answer = self.loop.create_future()

        async def load():
            read = self.truth(key)
            await answer
            return read

        asking = self.loop.create_task(self.cache.hold(key, load))
        self.asking.append(asking)
        self.let_run()
        return Load(key, self.truth(key), asking, answer)

    @rule(target=in_hand, load=consumes(loads))
    def answer(self, load):
        load.answer.set_result(None)
        self.let_run()
        if not load.asking.done():
            return None  # shares a load that has no answer yet
        if isinstance(load.asking.exception(), BusUnavailable):
            return None
        entry = load.asking.result()
        no_older = [read >= asked for read, asked in zip(entry.value, load.truth, strict=True)]
        assert all(no_older), "whoever asks after a fact shares no load from before it"
        return (load.key, entry)

    @rule(load=consumes(loads))
    def give_up(self, load):
        load.asking.cancel()
        self.let_run()

    @rule(tag=TAGS)
    def fact(self, tag):
        self.facts[tag] += 1
        self.cache.drop(tag)

    @rule()
    def lose_facts(self):
        self.losses += 1
        self.watch.loses_facts()

    @rule(in_sync=st.booleans())
    def pause_or_go_on(self, in_sync):
        self.watch.in_sync = in_sync

    @rule(key=KEYS)
    def what_is_found_is_true(self, key):
        entry = self.cache.find(key)
        if entry is not None:
            assert self.watch.in_sync
            assert entry.value == self.truth(key)

    @rule(held=in_hand)
    def what_is_in_hand_holds_only_while_true(self, held):
        if held is not None:
            key, entry = held
            assert entry.holds() == (self.watch.in_sync and entry.value == self.truth(key))

    @invariant()
    def it_stays_within_its_limits(self):
        assert len(self.cache) <= MAX_ENTRIES
        assert len(self.cache._index) <= len(self.facts)

    def teardown(self):
        async def end():
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.gather(*self.asking, return_exceptions=True)

        self.loop.run_until_complete(end())
        self.loop.close()


CacheAgainstTruth.TestCase.settings = settings(
    max_examples=200, stateful_step_count=40, deadline=None
)
TestCacheAgainstTruth = CacheAgainstTruth.TestCase
