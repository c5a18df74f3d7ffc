"""Keys of workspaces in a real database: their end, a change of keys under load, the way back."""

import asyncio
import os
from dataclasses import dataclass

import pytest
from prometheus_client import REGISTRY

from kit.codec import Codec
from kit.key_ring import KeyUnknown, Place, Sealed
from kit.mongo_workspace_keys import MongoWorkspaceKeys
from kit.outbox import Outbox
from kit.rewrap import bring_under_the_newest_key, rewrap
from kit.sealed_records import SealedMember
from kit.sealing import Secret
from kit.testing import MemoryWorkspaceKeys
from kit.workspace_deletion import WorkspaceDeletion
from shared.kit.tests.kit_fakes import Publisher
from shared.kit.tests.kit_things import OURS, THEIRS, things_of
from shared.kit.tests.workspace_key_store_suite import WorkspaceKeyStoreSuite
from shared.kit.tests.workspace_rings import ring_of_workspaces

pytestmark = pytest.mark.integration

KEYS = {"k1": os.urandom(32), "k2": os.urandom(32)}
OLD, NEW = {"k1": KEYS["k1"]}, dict(reversed(KEYS.items()))


@dataclass(frozen=True)
class Vault:
    secret: Sealed


@pytest.fixture
async def store(database):
    made = MongoWorkspaceKeys(database, Outbox("policy", Publisher()))
    for collection in made.collections:
        await collection.ensure_indexes()
    return made


class TestMongoWorkspaceKeys(WorkspaceKeyStoreSuite):
    @pytest.fixture
    async def store(self, store):
        return store


@pytest.fixture
async def vaults(database):
    outbox = Outbox("policy", Publisher())
    vaults = things_of(database, outbox, codec=Codec(Vault), unique=())
    await vaults.ensure_indexes()
    return vaults


class Repository:
    def __init__(self, *collections):
        self.collections = collections


def place(id_, workspace=OURS):
    return Place(workspace, "things", id_, "secret")


async def keep(vaults, ring, *ids, workspace=OURS):
    for id_ in ids:
        sealed = await ring.seal(Secret(id_.encode()), place(id_, workspace))
        await vaults.within(workspace).add(id_, Vault(sealed))


async def opened(vaults, ring, id_, workspace=OURS):
    stored = await vaults.within(workspace).read(id_)
    return (await ring.open(stored.state.secret, place(id_, workspace))).reveal().decode()


async def test_copies_of_a_removed_workspaces_records_open_nowhere(store, vaults):
    ring = ring_of_workspaces(KEYS, store)
    await keep(vaults, ring, "ours")
    await keep(vaults, ring, "theirs", workspace=THEIRS)
    copy = (await vaults.within(OURS).read("ours")).state.secret

    await WorkspaceDeletion([store, Repository(vaults)]).run(OURS)

    elsewhere = ring_of_workspaces(KEYS, store)  # every root key, and whatever is left
    with pytest.raises(KeyUnknown):
        await elsewhere.open(copy, place("ours"))
    assert await opened(vaults, elsewhere, "theirs", THEIRS) == "theirs"


async def test_the_key_goes_first_where_a_removal_takes_several_deliveries(store, vaults):
    ring = ring_of_workspaces(KEYS, store)
    await keep(vaults, ring, "a")
    deletion = WorkspaceDeletion([store, Repository(vaults)], seconds=0)

    with pytest.raises(Exception, match="Not everything"):
        await deletion.run(OURS)

    assert await store.find(OURS, "k1") is None
    assert await vaults.within(OURS).find("a")


async def test_replicas_that_begin_at_once_have_one_key(store):
    rings = [ring_of_workspaces(OLD, store) for _ in range(4)]

    made = await asyncio.gather(*(ring.seal(Secret(b"x"), place("a")) for ring in rings * 5))

    for ring in rings:
        for sealed in made:
            assert (await ring.open(sealed, place("a"))).reveal() == b"x"


@pytest.mark.parametrize("per_workspace", [True, False], ids=["upgrade", "way back"])
async def test_records_move_between_both_forms_and_back(store, vaults, per_workspace):
    before = ring_of_workspaces(OLD, store, per_workspace=not per_workspace)
    after = ring_of_workspaces(OLD, store, per_workspace=per_workspace)
    await keep(vaults, before, "a", "b")
    await keep(vaults, before, "c", workspace=THEIRS)

    done = await rewrap(after, SealedMember(vaults, "secret"))

    assert (done.rewrapped, done.unreadable) == (3, 0)
    secret = (await vaults.within(OURS).read("a")).state.secret
    assert secret.envelope.startswith("v2|workspace/k1|" if per_workspace else "v1|k1|")
    assert await opened(vaults, after, "a") == "a"
    if not per_workspace:  # what the release before has: root keys, and no key of a workspace
        earlier = ring_of_workspaces(OLD, MemoryWorkspaceKeys(), per_workspace=False)
        assert await opened(vaults, earlier, "c", THEIRS) == "c"


async def test_f29_no_read_fails_while_keys_are_changed_under_load(store, vaults):
    """Replicas of the old and of the new settings read and write until all is under the new key."""
    ids = [f"{number:03}" for number in range(120)]
    older, newer = ring_of_workspaces(dict(KEYS), store), ring_of_workspaces(NEW, store)
    await keep(vaults, older, *ids)
    moved, reads = asyncio.Event(), 0

    async def read_for_ever(ring):
        nonlocal reads
        while not moved.is_set():
            for id_ in ids:
                assert await opened(vaults, ring, id_) == id_
                reads += 1

    async def change():
        both = (rewrap(newer, SealedMember(vaults, "secret")) for _ in range(2))
        done = await asyncio.gather(*both)
        moved.set()
        return sum(each.rewrapped for each in done)

    *_, rewrapped = await asyncio.gather(read_for_ever(older), read_for_ever(newer), change())

    assert (rewrapped, reads > len(ids)) == (len(ids), True)
    alone = ring_of_workspaces({"k2": KEYS["k2"]}, store)
    assert [await opened(vaults, alone, id_) for id_ in ids] == ids


async def test_f29_an_interrupted_change_goes_on_and_shows_what_is_left(store, vaults):
    ids = [f"{number:03}" for number in range(110)]
    await keep(vaults, ring_of_workspaces(OLD, store), *ids)
    newer, records = ring_of_workspaces(NEW, store), SealedMember(vaults, "secret")

    class Interrupted(SealedMember):
        """It ends as a process does that is killed: after the first hundred."""

        async def sealed_with_other_keys(self, key_id, after, limit):
            if after:
                raise SystemExit
            return await super().sealed_with_other_keys(key_id, after, limit)

    def figure(name):
        return REGISTRY.get_sample_value(f"openactions_rotating_secrets_{name}") or 0

    with pytest.raises(SystemExit):
        await bring_under_the_newest_key("rotating", newer, Interrupted(vaults, "secret"))
    assert (figure("rewrapped_total"), figure("left")) == (100, 10)

    await bring_under_the_newest_key("rotating", newer, records)
    assert (figure("rewrapped_total"), figure("left")) == (110, 0)


@pytest.mark.parametrize("destroyed", ["root key", "workspace's key"])
async def test_f29_a_key_destroyed_too_early_is_an_alarm_and_nothing_is_overwritten(
    store, vaults, caplog, destroyed
):
    await keep(vaults, ring_of_workspaces(OLD, store), "a")
    before = await vaults.within(OURS).read("a")
    ring = ring_of_workspaces(NEW, MemoryWorkspaceKeys())
    if destroyed == "root key":
        ring = ring_of_workspaces({"k2": KEYS["k2"]}, store)

    await bring_under_the_newest_key("destroyed", ring, SealedMember(vaults, "secret"))

    assert await vaults.within(OURS).read("a") == before
    name, unknown = "openactions_destroyed_secrets", {"reason": "unknown_key"}
    assert REGISTRY.get_sample_value(f"{name}_stuck", unknown) == 1
    assert REGISTRY.get_sample_value(f"{name}_left") == 1
    assert "encryption_key_missing" in caplog.text
