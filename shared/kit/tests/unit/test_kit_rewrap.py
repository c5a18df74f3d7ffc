"""F30: whatever stops a change of keys, the next pass goes on; nothing is lost by it."""

from dataclasses import dataclass, field, replace

from prometheus_client import REGISTRY

from kit.key_ring import Place, Sealed
from kit.rewrap import BATCH, bring_under_the_newest_key, rewrap
from kit.sealed_records import SealedRecord
from kit.sealing import Secret
from kit.testing import MemoryKeyRing


@dataclass
class Records:
    """`SealedRecords` in memory; `taken` are those that somebody replaces in between."""

    stored: dict[str, SealedRecord] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    async def keep(self, ring, *ids):
        for id_ in ids:
            place = Place("ws_1", "things", id_, "secret")
            self.stored[id_] = SealedRecord(place, await ring.seal(Secret(id_.encode()), place))

    async def sealed_with_other_keys(self, key_id, after, limit):
        found = [
            record
            for id_, record in sorted(self.stored.items())
            if id_ > after and record.sealed.key_id != key_id
        ]
        return found[:limit]

    async def count_with_other_keys(self, key_id):
        return sum(record.sealed.key_id != key_id for record in self.stored.values())

    async def rewrapped(self, record, sealed):
        id_ = record.place.record_id
        if id_ in self.taken:
            return False
        self.stored[id_] = replace(record, sealed=sealed)
        return True


async def test_every_record_of_every_kind_moves_to_the_newest_key_once():
    one, two, kept = Records(), Records(), {}
    old = MemoryKeyRing(("k1",), kept)
    await one.keep(old, *(f"{number:05}" for number in range(2 * BATCH + 1)))
    await two.keep(old, "only")
    ring = MemoryKeyRing(("k2", "k1"), kept)

    first = await rewrap(ring, one, two)
    second = await rewrap(ring, one, two)

    assert (first.rewrapped, second.rewrapped) == (2 * BATCH + 2, 0)
    alone = MemoryKeyRing(("k2",), kept)
    for id_, record in {**one.stored, **two.stored}.items():
        assert (await alone.open(record.sealed, record.place)).reveal() == id_.encode()


async def test_what_was_replaced_meanwhile_is_not_counted():
    records, kept = Records(taken={"a"}), {}
    await records.keep(MemoryKeyRing(("k1",), kept), "a", "b")

    done = await rewrap(MemoryKeyRing(("k2", "k1"), kept), records)

    assert done.rewrapped == 1


async def test_records_of_a_lost_key_are_counted_and_left_as_they_are():
    records, kept = Records(), {}
    await records.keep(MemoryKeyRing(("lost",), kept), "a", "b")
    before = dict(records.stored)

    done = await rewrap(MemoryKeyRing(("k2",), kept), records)

    assert done.of_unknown_keys == {"lost": 2}
    assert records.stored == before


async def test_an_unreadable_record_does_not_stop_the_others():
    records, kept = Records(), {}
    await records.keep(MemoryKeyRing(("k1",), kept), "a", "b")
    records.stored["a"] = replace(records.stored["a"], sealed=Sealed("k1", "v1|k1|altered"))

    done = await rewrap(MemoryKeyRing(("k2", "k1"), kept), records)

    assert (done.rewrapped, done.unreadable) == (1, 1)


async def test_an_operator_sees_what_cannot_be_moved():
    records, kept = Records(), {}
    await records.keep(MemoryKeyRing(("lost",), kept), "a")
    await records.keep(MemoryKeyRing(("k1",), kept), "b")
    records.stored["b"] = replace(records.stored["b"], sealed=Sealed("k1", "altered"))

    for _ in range(2):  # as each service of one process does, and each start of a test
        await bring_under_the_newest_key("sample", MemoryKeyRing(("k2", "k1"), kept), records)

    def stuck(reason):
        return REGISTRY.get_sample_value("openactions_sample_secrets_stuck", {"reason": reason})

    assert (stuck("unknown_key"), stuck("unreadable")) == (1, 1)
