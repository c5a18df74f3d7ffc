"""Operations as schema sends them: in an answer, beside it, or in slices."""

from datetime import timedelta

import pytest

from contracts.requests import OperationsText, ReadOperations
from execution_service.adapters.operation_texts import MAX_READINGS, OperationTexts
from execution_service.domain.errors import OperationChanging
from kit.blobs import BlobStoreUnavailable
from kit.handover import LIFETIME, Handover, HandoverLost
from kit.sealing import SealBroken
from kit.testing import FrozenClock, MemoryBlobs
from services.execution.tests.unit.test_cached_answers import Bus

TEXT = '["' + "ü" * 100_000 + '"]'


@pytest.fixture
def blobs():
    return MemoryBlobs()


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def schema(blobs, clock):
    return Handover(blobs, clock=clock)


def texts_of(bus, blobs, clock):
    return OperationTexts(bus, Handover(blobs, clock=clock))


class Giving(Bus):
    """Schema, as it hands over; `meanwhile` is what happens before its answer arrives."""

    def __init__(self, schema, workspace_id="ws_1", meanwhile=lambda: None):
        super().__init__()
        self.schema, self.workspace_id, self.meanwhile = schema, workspace_id, meanwhile

    async def ask(self, asked):
        handed = await self.schema.give(
            self.workspace_id, asked.subject, TEXT.encode(), asked.recipient
        )
        self.meanwhile()
        return OperationsText(text="", compiler=2, handed_over=handed)


async def test_a_text_in_the_answer_touches_no_store(blobs, clock):
    blobs.away = True
    texts = texts_of(Bus(ReadOperations=OperationsText(text="[1]")), blobs, clock)

    assert await texts.read("ws_1", "sch_1", "a") == "[1]"


async def test_a_text_beside_the_answer_is_read_and_deleted(blobs, clock, schema):
    texts = texts_of(Giving(schema), blobs, clock)

    assert await texts.read("ws_1", "sch_1", "a") == TEXT
    assert blobs.kept == {}


async def test_two_replicas_that_ask_at_once_each_read_their_own(blobs, clock, schema):
    for texts in [texts_of(Giving(schema), blobs, clock) for _ in range(2)]:
        assert await texts.read("ws_1", "sch_1", "a") == TEXT


async def test_an_answer_that_comes_after_its_time_is_not_used(blobs, clock, schema):
    late = Giving(schema, meanwhile=lambda: clock.advance(LIFETIME + timedelta(seconds=1)))

    with pytest.raises(HandoverLost) as refused:
        await texts_of(late, blobs, clock).read("ws_1", "sch_1", "a")
    assert refused.value.code == "platform.handover_lost"


async def test_another_workspaces_text_is_not_used(blobs, clock, schema):
    with pytest.raises(HandoverLost):
        await texts_of(Giving(schema, "ws_2"), blobs, clock).read("ws_1", "sch_1", "a")


async def test_a_changed_text_is_not_used(blobs, clock, schema):
    def spoil():
        [(path, stored)] = blobs.kept.items()
        blobs.kept[path] = stored[:-1] + bytes([stored[-1] ^ 1])

    with pytest.raises(SealBroken):
        await texts_of(Giving(schema, meanwhile=spoil), blobs, clock).read("ws_1", "sch_1", "a")


async def test_where_the_store_is_away_the_call_is_told_so(blobs, clock, schema):
    def leave():
        blobs.away = True

    with pytest.raises(BlobStoreUnavailable):
        await texts_of(Giving(schema, meanwhile=leave), blobs, clock).read("ws_1", "sch_1", "a")


async def test_slices_of_the_previous_release_are_joined(blobs, clock):
    def sliced(asked):
        end = asked.offset + 30_000
        part = TEXT[asked.offset : end]
        return OperationsText(text=part, next_offset=end if end < len(TEXT) else None)

    bus = Bus(ReadOperations=sliced)

    assert await texts_of(bus, blobs, clock).read("ws_1", "sch_1", "a") == TEXT
    assert {type(asked) for asked in bus.asked} == {ReadOperations}


class TwoCompilers(Bus):
    """Replicas of two compiler versions, which answer in slices and in turn, `turns` times."""

    def __init__(self, turns):
        super().__init__()
        self.turns = turns

    async def ask(self, asked):
        self.asked.append(asked)
        compiler = len(self.asked) % 2 if len(self.asked) <= self.turns else 1
        end = asked.offset + 60_000
        part = TEXT[asked.offset : end]
        following = end if end < len(TEXT) else None
        return OperationsText(text=part, next_offset=following, compiler=compiler)


async def test_slices_of_two_compilers_are_not_joined_but_read_again(blobs, clock):
    bus = TwoCompilers(turns=2)

    assert await texts_of(bus, blobs, clock).read("ws_1", "sch_1", "a") == TEXT
    assert [asked.offset for asked in bus.asked] == [0, 60_000, 0, 60_000]


async def test_where_two_compilers_keep_answering_in_turn_the_call_is_refused_for_now(blobs, clock):
    bus = TwoCompilers(turns=10_000)

    with pytest.raises(OperationChanging) as refused:
        await texts_of(bus, blobs, clock).read("ws_1", "sch_1", "a")
    assert refused.value.code == "execution.operation_changing"
    assert len(bus.asked) == 2 * MAX_READINGS
