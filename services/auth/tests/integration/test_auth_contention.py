"""Two builders enter credentials of one action at the same moment, on the real database."""

import pytest
from auth_fakes import fresh_keys, key_ring
from auth_rig import ACT, ORIGIN, WHO, WS, Rig, principal

from auth_service.adapters.mongo_credentials import MongoCredentials
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.entered import EnteredApiKey
from auth_service.domain.placement import Placement
from contracts.facts import ActionRemoved
from kit.documents import ChangedMeanwhile
from kit.envelope import EnvelopeKeyRing
from kit.outbox import Outbox
from kit.rewrap import rewrap
from kit.sealing import Secret
from kit.testing import Interleaved, RecordedFacts

pytestmark = pytest.mark.integration
ANOTHER = principal("mem_2")


def bearer(token):
    return EnteredApiKey(Placement.BEARER, CredentialMaterial.bearer(Secret(token)))


@pytest.fixture
async def store(database):
    credentials = MongoCredentials(database, Outbox("auth", RecordedFacts()))
    for collection in credentials.collections:
        await collection.ensure_indexes()
    return credentials


@pytest.fixture
def keys():
    return key_ring("k1")


@pytest.fixture
def others(store, keys):
    """Another builder's view of the same store."""
    return Rig(keys, store)


def between(store, keys, other):
    return Rig(keys, Interleaved(store, ("replace",), other))


async def test_of_two_first_credentials_the_later_one_stays(store, keys, others):
    async def enter():
        await others.set(ANOTHER, ACT, bearer("theirs"), None)

    rig = between(store, keys, enter)
    entered = await rig.enter("ours")

    assert entered.revision == 2
    assert await rig.sent(ORIGIN) == "ours"


async def test_of_two_replacements_the_later_one_stays(store, keys, others):
    await others.enter("first")

    async def enter():
        await others.set(ANOTHER, ACT, bearer("theirs"), None)

    rig = between(store, keys, enter)
    entered = await rig.enter("ours")

    assert entered.revision == 3
    assert await rig.sent(ORIGIN) == "ours"


async def test_what_was_entered_while_it_was_cleared_is_cleared_too(store, keys, others):
    await others.enter("first")

    async def enter():
        await others.set(ANOTHER, ACT, bearer("theirs"), None)

    rig = between(store, keys, enter)
    await rig.clear(WHO, ACT, None, None)

    seen = await rig.read(WHO, ACT)
    assert seen.credentials.revision == 3
    assert seen.credentials.seals == ()


@pytest.mark.parametrize("clears", [True, False], ids=["clear", "set"])
async def test_a_named_revision_is_refused_once_another_is_stored(store, keys, others, clears):
    await others.enter("first")

    async def enter():
        await others.set(ANOTHER, ACT, bearer("theirs"), None)

    rig = between(store, keys, enter)
    with pytest.raises(ChangedMeanwhile) as refused:
        await (rig.clear(WHO, ACT, None, 1) if clears else rig.enter("ours", expected=1))

    assert refused.value.code == "platform.changed_meanwhile"
    assert await rig.sent(ORIGIN) == "theirs"


async def test_a_change_of_keys_meanwhile_is_no_other_revision(store):
    """It seals anew what the change keeps, without a revision: the one that was named is right."""
    old = fresh_keys("k1")
    await Rig(EnvelopeKeyRing(old), store).enter("first")
    ring = EnvelopeKeyRing(fresh_keys("k2") | old)

    async def change_keys():
        await rewrap(ring, *store.sealed)

    rig = between(store, ring, change_keys)
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, "https://more.example.com")
    entered = await rig.enter("ours", expected=1)

    assert (entered.revision, len(entered.seals)) == (2, 2)
    assert {sealed.key_id for sealed in entered.seals} == {"k2"}


async def test_what_is_entered_while_its_action_is_removed_is_destroyed_too(store, keys, others):
    async def enter():
        await others.enter("late")

    rig = Rig(keys, Interleaved(store, ("rule_out",), enter))
    await rig.destroy(ActionRemoved(workspace_id=WS, gpt_id="gpt_1", action_id=ACT))

    assert (await others.store.find(WS, ACT)).revision == 0
