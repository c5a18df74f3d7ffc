import pytest
from auth_fakes import fresh_keys
from service_token_store_suite import FIRST, ServiceTokenStoreSuite, leased, renewed, stored

from auth_service.adapters.mongo_service_tokens import MongoServiceTokens
from kit.documents import Overtaken
from kit.envelope import EnvelopeKeyRing
from kit.key_ring import Sealed
from kit.outbox import Outbox
from kit.rewrap import rewrap
from kit.sealing import Secret
from kit.testing import RecordedFacts

pytestmark = pytest.mark.integration
RINGS = fresh_keys("old", "new")
NAMES = (("old",), ("new", "old"))


class TestMongoServiceTokens(ServiceTokenStoreSuite):
    @pytest.fixture
    async def store(self, database):
        tokens = MongoServiceTokens(database, Outbox("auth", RecordedFacts()))
        for collection in tokens.collections:
            await collection.ensure_indexes()
        return tokens

    async def test_a_change_of_keys_reaches_tokens(self, store):
        old, both = (EnvelopeKeyRing({n: RINGS[n] for n in names}) for names in NAMES)
        found = await stored(store)
        sealed = await old.seal(Secret(b"tokens"), found.place)
        await store.replace(found, found.with_renewal(found.renewal, sealed))

        done = await rewrap(both, *store.sealed)

        found = await store.again(found)
        assert (done.rewrapped, found.sealed.key_id) == (1, "new")
        assert (await both.open(found.sealed, found.place)).reveal() == b"tokens"

    async def test_a_lease_leaves_what_a_change_of_keys_sealed_meanwhile(self, store):
        """Else the tokens would be back under the old key, and lost with it."""
        seen = await stored(store)
        [sealed] = store.sealed
        [record] = await sealed.sealed_with_other_keys("k2", "", 10)
        assert await sealed.rewrapped(record, Sealed("k2", "v1|k2|one"))

        with pytest.raises(Overtaken):
            await store.replace(seen, leased(seen, 2))

        again = await store.again(seen)
        await store.replace(again, leased(again, 2))
        held = await store.again(again)
        assert held.sealed.key_id == "k2"
        await store.replace(held, renewed(held, "v1|k1|two"))
        assert (await store.again(FIRST)).sealed.envelope == "v1|k1|two"
