"""Changing keys in stored documents, in a member of a state and in the elements of a list."""

from dataclasses import dataclass, replace

import pytest

from kit.codec import Codec
from kit.key_ring import Place, Sealed
from kit.outbox import Outbox
from kit.rewrap import rewrap
from kit.sealed_records import SealedMember
from kit.sealing import Secret
from kit.testing import MemoryKeyRing
from shared.kit.tests.kit_fakes import Publisher
from shared.kit.tests.kit_things import OURS, THEIRS, things_of

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Part:
    name: str
    secret: Sealed | None = None


@dataclass(frozen=True)
class Vault:
    secret: Sealed | None = None
    parts: tuple[Part, ...] = ()


@pytest.fixture
async def vaults(database):
    codec = Codec(Vault, without_none=True)
    vaults = things_of(database, Outbox("policy", Publisher()), codec=codec, unique=())
    await vaults.ensure_indexes()
    return vaults


@pytest.fixture
def whole(vaults):
    return SealedMember(vaults, "secret")


@pytest.fixture
def parts(vaults):
    return SealedMember(vaults, "secret", each_of="parts", field="part")


def place(id_, field="secret", workspace=OURS):
    return Place(workspace, "things", id_, field)


async def test_records_under_other_keys_are_listed_with_their_places_in_batches(vaults, whole):
    for id_, key_id, workspace in (("a", "old", OURS), ("b", "new", OURS), ("c", "old", THEIRS)):
        await vaults.within(workspace).add(id_, Vault(Sealed(key_id, id_)))
    await vaults.within(OURS).add("d", Vault())

    [first] = await whole.sealed_with_other_keys("new", "", 1)
    rest = await whole.sealed_with_other_keys("new", first.place.record_id, 10)

    assert (first.place, first.sealed) == (place("a"), Sealed("old", "a"))
    assert [record.place for record in rest] == [place("c", workspace=THEIRS)]


async def test_of_a_list_only_elements_under_other_keys_are_listed(vaults, parts):
    within = vaults.within(OURS)
    mixed = (Part("none"), Part("new", Sealed("new", "1")), Part("old", Sealed("old", "2")))
    await within.add("a", Vault(parts=(Part("new", Sealed("new", "3")),)))
    await within.add("b", Vault(parts=mixed))
    await within.add("c", Vault(parts=()))

    [record] = await parts.sealed_with_other_keys("new", "", 10)

    assert (record.place, record.sealed) == (place("b", "part"), Sealed("old", "2"))


async def test_a_swap_changes_one_envelope_and_no_revision(vaults, parts):
    within = vaults.within(OURS)
    before = Vault(parts=(Part("x", Sealed("new", "1")), Part("y", Sealed("old", "2"))))
    await within.add("a", before)
    [record] = await parts.sealed_with_other_keys("new", "", 10)

    assert await parts.rewrapped(record, Sealed("new", "3"))

    stored = await within.read("a")
    changed = replace(before.parts[1], secret=Sealed("new", "3"))
    assert (stored.revision, stored.state.parts) == (1, (before.parts[0], changed))


@pytest.mark.parametrize("now", [(), (Part("y", Sealed("old", "another")),)])
async def test_a_swap_gives_way_to_whoever_replaced_the_secret(vaults, parts, now):
    within = vaults.within(OURS)
    await within.add("a", Vault(parts=(Part("y", Sealed("old", "2")),)))
    [record] = await parts.sealed_with_other_keys("new", "", 10)
    await within.change(await within.read("a"), Vault(parts=now))

    assert not await parts.rewrapped(record, Sealed("new", "3"))

    assert (await within.read("a")).state.parts == now


async def test_a_change_of_keys_leaves_all_readable_under_the_new_one_alone(vaults, whole, parts):
    kept = {}
    old = MemoryKeyRing(("old",), kept)
    secret = await old.seal(Secret(b"whole"), place("a"))
    pieces = [
        Part(name, await old.seal(Secret(name.encode()), place("a", "part"))) for name in "xy"
    ]
    await vaults.within(OURS).add("a", Vault(secret, tuple(pieces)))

    done = await rewrap(MemoryKeyRing(("new", "old"), kept), whole, parts)

    alone = MemoryKeyRing(("new",), kept)
    state = (await vaults.within(OURS).read("a")).state
    assert done.rewrapped == 3
    assert (await alone.open(state.secret, place("a"))).reveal() == b"whole"
    for part in state.parts:
        opened = await alone.open(part.secret, place("a", "part"))
        assert opened.reveal() == part.name.encode()
