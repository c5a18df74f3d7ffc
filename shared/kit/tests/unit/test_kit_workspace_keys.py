"""F28: what a replica does while its key service is away; and who may open which key."""

import asyncio
import os

import pytest

from contracts.errors import Kind
from kit.envelope import EnvelopeKeyRing
from kit.key_ring import KeyServiceUnavailable, KeyUnknown, Place, SecretUnreadable
from kit.sealing import Secret
from kit.testing import MemoryWorkspaceKeys
from kit.workspace_keys import HeldRoot, KeyOwner, WorkspaceKeys
from shared.kit.tests.workspace_key_store_suite import WorkspaceKeyStoreSuite
from shared.kit.tests.workspace_rings import Clock, ServiceRoot, ring_of_workspaces

PLACE = Place("ws_1", "credentials", "act_1", "api_key")
KEY = Secret(b"the key")
MINUTE = 60.0


class TestMemoryWorkspaceKeys(WorkspaceKeyStoreSuite):
    @pytest.fixture
    def store(self):
        return MemoryWorkspaceKeys()


class Rig:
    """A replica whose root key is in a key service."""

    def __init__(self, root=None, store=None, max_open=100):
        self.clock, self.store = Clock(), store or MemoryWorkspaceKeys()
        self.root = root or ServiceRoot(os.urandom(32))
        roots = {"k1": self.root}
        self.keys = WorkspaceKeys("auth", self.store, roots, self.clock, max_open)
        self.ring = EnvelopeKeyRing({}, self.keys, writing_root="k1", per_workspace=True)

    async def live(self, seconds, *, used_by=None):
        """Time goes on with its rounds of renewal, and a reader every five seconds."""
        until = self.clock.seconds + seconds
        while self.clock.seconds < until:
            self.clock.seconds += 5
            if used_by is not None:
                assert await self.ring.open(used_by, PLACE) == KEY
            await self.keys.renew()


@pytest.mark.parametrize("already_open_for", [5, 30, 45, 100, 250])
async def test_f28_a_key_service_that_is_away_for_four_minutes_is_not_noticed(already_open_for):
    rig = Rig()
    sealed = await rig.ring.seal(KEY, PLACE)
    await rig.live(already_open_for, used_by=sealed)

    rig.root.is_away = True
    await rig.live(4 * MINUTE, used_by=sealed)
    await rig.ring.open(await rig.ring.seal(KEY, PLACE), PLACE)

    rig.root.is_away = False
    await rig.live(10 * MINUTE, used_by=sealed)


async def test_f28_after_five_minutes_it_is_a_typed_503_and_ends_with_the_outage():
    rig = Rig()
    sealed = await rig.ring.seal(KEY, PLACE)
    rig.root.is_away = True
    await rig.live(5 * MINUTE)
    rig.clock.seconds += 1

    for refused in (rig.ring.open(sealed, PLACE), rig.ring.seal(KEY, PLACE)):
        with pytest.raises(KeyServiceUnavailable) as unavailable:
            await refused
        assert unavailable.value.code == "platform.key_service_unavailable"
        assert unavailable.value.kind is Kind.UNAVAILABLE

    rig.root.is_away = False
    assert await rig.ring.open(sealed, PLACE) == KEY


async def test_an_open_key_that_nobody_uses_is_forgotten_after_five_minutes():
    rig = Rig()
    await rig.ring.seal(KEY, PLACE)
    await rig.live(2 * MINUTE)
    renewed = rig.root.opened

    await rig.live(5 * MINUTE)

    assert (len(rig.keys), rig.root.opened) == (0, renewed)


async def test_many_callers_open_a_key_once():
    rig = Rig()
    sealed = await rig.ring.seal(KEY, PLACE)
    cold = Rig(rig.root, rig.store)
    before = rig.root.opened

    await asyncio.gather(*(cold.ring.open(sealed, PLACE) for _ in range(100)))

    assert rig.root.opened == before + 1


async def test_as_many_keys_are_open_as_the_limit_says():
    rig = Rig(max_open=2)

    for number in range(5):
        await rig.ring.seal(KEY, Place(f"ws_{number}", "credentials", "act_1", "api_key"))

    assert len(rig.keys) == 2


async def test_replicas_that_make_a_key_at_once_have_the_same_one():
    class Late(MemoryWorkspaceKeys):
        """Nothing is there at the first look, though another replica has added one since."""

        looks = 0

        async def find(self, workspace_id, root_id):
            self.looks += 1
            return None if self.looks == 1 else await super().find(workspace_id, root_id)

    first = Rig()
    sealed = await first.ring.seal(KEY, PLACE)
    second = Rig(first.root, Late(first.store.kept))

    assert await first.ring.open(await second.ring.seal(KEY, PLACE), PLACE) == KEY
    assert await second.ring.open(sealed, PLACE) == KEY
    assert len(first.store.kept) == 1


async def test_a_destroyed_key_of_a_workspace_opens_nothing_once_it_was_looked_for():
    rig = Rig()
    sealed = await rig.ring.seal(KEY, PLACE)
    rig.store.kept.clear()

    with pytest.raises(KeyUnknown):
        await Rig(rig.root, rig.store).ring.open(sealed, PLACE)
    rig.clock.seconds += 45
    assert await rig.ring.open(sealed, PLACE) == KEY  # open here for five minutes at most
    await rig.keys.renew()
    with pytest.raises(KeyUnknown):
        await rig.ring.open(sealed, PLACE)


async def test_a_root_key_that_was_destroyed_is_an_unknown_key_and_nothing_is_overwritten():
    rig = Rig()
    sealed = await rig.ring.seal(KEY, PLACE)
    kept = dict(rig.store.kept)
    rig.root.is_destroyed = True

    cold = Rig(rig.root, rig.store)
    for refused in (cold.ring.open(sealed, PLACE), cold.ring.seal(KEY, PLACE)):
        with pytest.raises(KeyUnknown):
            await refused

    assert rig.store.kept == kept


@pytest.mark.parametrize("moved", [("ws_2", "k1"), ("ws_1", "k2")], ids=["workspace", "root"])
async def test_f30_a_sealed_key_opens_for_no_other_owner(moved):
    key, store = os.urandom(32), MemoryWorkspaceKeys()
    ring = ring_of_workspaces({"k1": key}, store)
    await ring.seal(KEY, PLACE)
    workspace_id, root_id = moved
    store.kept[workspace_id, root_id] = store.kept.pop(("ws_1", "k1"))

    thief = WorkspaceKeys("auth", store, {"k1": HeldRoot(key), "k2": HeldRoot(key)})
    with pytest.raises(SecretUnreadable):
        await thief.for_reading(workspace_id, root_id)


async def test_f30_a_sealed_key_opens_for_no_other_service():
    root = HeldRoot(os.urandom(32))
    wrapped = await root.wrap(b"k" * 32, KeyOwner("auth", "ws_1", "k1"))

    with pytest.raises(SecretUnreadable):
        await root.unwrap(wrapped, KeyOwner("identity", "ws_1", "k1"))


@pytest.mark.parametrize("wrapped", ["", "00", "no hex", "ab" * 60])
async def test_f30_what_no_root_sealed_is_refused(wrapped):
    with pytest.raises(SecretUnreadable):
        await HeldRoot(os.urandom(32)).unwrap(wrapped, KeyOwner("auth", "ws_1", "k1"))
