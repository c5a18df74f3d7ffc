from dataclasses import replace

import pytest
from auth_fakes import fresh_keys
from connection_store_suite import (
    FIRST,
    HOUR,
    MOST,
    NOW,
    PENDING,
    ConnectionStoreSuite,
    fact_of,
    linked,
)

from auth_service.adapters.mongo_connections import MongoConnections
from auth_service.adapters.mongo_revocations import MongoRevocations
from auth_service.domain.connection import ConnectionState, WhyEnded
from contracts.facts import ConnectionRevoked
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


class TestMongoConnections(ConnectionStoreSuite):
    @pytest.fixture
    def facts(self):
        return RecordedFacts()

    @pytest.fixture
    def revocations(self, database, facts):
        return MongoRevocations(database, Outbox("auth", facts))

    @pytest.fixture
    async def store(self, database, facts, revocations):
        outbox = Outbox("auth", facts)
        store = MongoConnections(database, outbox, revocations, lambda: NOW, most=MOST)
        for collection in (*store.collections, *revocations.collections):
            await collection.ensure_indexes()
        return store

    async def test_a_change_of_keys_reaches_tokens_and_pending_revocations(
        self, store, revocations
    ):
        old, both = (EnvelopeKeyRing({n: RINGS[n] for n in names}) for names in NAMES)
        found = await linked(store)
        sealed = await old.seal(Secret(b"tokens"), found.place)
        await store.replace(found, found.with_renewal(found.renewal, sealed))
        request = await old.seal(Secret(b"request"), PENDING.place)
        await revocations.add(replace(PENDING, sealed=request))

        done = await rewrap(both, *store.sealed, *revocations.sealed)

        found, [kept] = await store.again(found), await revocations.due(NOW, 1)
        assert (done.rewrapped, found.sealed.key_id, kept.sealed.key_id) == (2, "new", "new")
        assert (await both.open(found.sealed, found.place)).reveal() == b"tokens"
        assert (await both.open(kept.sealed, kept.place)).reveal() == b"request"

    async def test_a_lease_leaves_what_a_change_of_keys_sealed_meanwhile(self, store):
        """Else the tokens would be back under the old key, and lost with it."""
        seen = await linked(store)
        [sealed] = store.sealed
        [record] = await sealed.sealed_with_other_keys("k2", "", 10)
        assert await sealed.rewrapped(record, Sealed("k2", "v1|k2|one"))

        with pytest.raises(Overtaken):
            await store.replace(seen, seen.with_renewal(seen.renewal.leased("h", 1, NOW + HOUR)))

        again = await store.again(seen)
        await store.replace(again, again.with_renewal(again.renewal.leased("h", 1, NOW + HOUR)))
        assert (await store.again(seen)).sealed.key_id == "k2"

    @pytest.mark.parametrize("member", ["state", "account.kind"])
    async def test_what_a_later_release_wrote_is_not_used_and_can_be_replaced(
        self, store, database, member
    ):
        await linked(store)
        await database["connections"].update_one({}, {"$set": {f"state.{member}": "paused"}})

        found = await store.find(FIRST.whose)

        assert (found.state, found.sealed) == (ConnectionState.SIGN_IN_AGAIN, None)
        anew = found.linked_anew(FIRST.sealed, FIRST.renewal, FIRST.account)
        await store.link(found, anew, fact_of(anew))
        assert (await store.find(FIRST.whose)).is_linked

    async def test_a_member_that_only_a_later_release_knows_stays(self, store, database):
        found = await linked(store)
        await database["connections"].update_one({}, {"$set": {"state.added": "later"}})

        await store.replace(found, found.with_renewal(found.renewal.leased("h", 1, NOW + HOUR)))

        document = await database["connections"].find_one({})
        assert document["state"]["added"] == "later"

    async def test_what_ended_expires_and_what_is_linked_does_not(self, store, database):
        found = await linked(store)
        assert "ended_at" not in (await database["connections"].find_one({}))["state"]

        ended = found.revoked(WhyEnded.BY_MEMBER)
        await store.end(found, ended, fact_of(found, ConnectionRevoked))

        state = (await database["connections"].find_one({}))["state"]
        assert state["ended_at"] == NOW
        assert "tokens" not in state
        [collection] = store.collections
        assert collection.expiring["state.ended_at"].days == 90

    async def test_no_call_reads_more_than_what_is_its_members(self, store, database):
        await linked(store)
        mine = {"workspace_id": "ws_1", "removed": None}
        for wanted in (
            {"state.action_id": "act_1", "state.member_id": "mem_1"},
            {"state.member_id": "mem_1"},
            {"state.action_id": "act_1", "state.state": "linked"},
        ):
            plan = await database["connections"].find({**mine, **wanted}).explain()

            stage = plan["queryPlanner"]["winningPlan"]
            while "inputStage" in stage:
                stage = stage["inputStage"]
            assert stage["stage"] == "IXSCAN", wanted
            assert {*wanted} <= {*stage["keyPattern"]}
