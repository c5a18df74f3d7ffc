from dataclasses import dataclass

import pytest
from connection_fakes import nobody_signed_in
from credential_store_suite import CredentialStoreSuite, entered, fact_of, nothing
from credential_ways_suite import CredentialWaysSuite
from service_token_fakes import MemoryServiceTokens

from auth_service.adapters.mongo_credentials import MongoCredentials
from auth_service.usecases.destroy_credential import DestroyCredential
from contracts.facts import ActionRemoved, CredentialChanged
from kit.errors import FactRefused, NotInForce
from kit.outbox import Outbox
from kit.testing import RecordedFacts

pytestmark = pytest.mark.integration


@dataclass
class Facts(RecordedFacts):
    refused: bool = False

    async def publish(self, fact):
        if self.refused:
            raise FactRefused
        await super().publish(fact)


class TestMongoCredentials(CredentialStoreSuite, CredentialWaysSuite):
    @pytest.fixture
    def facts(self):
        return Facts()

    @pytest.fixture
    async def store(self, database, facts):
        credentials = MongoCredentials(database, Outbox("auth", facts))
        for collection in credentials.collections:
            await collection.ensure_indexes()
        return credentials

    @pytest.mark.parametrize(
        ("member", "value"), [("type", "oauth"), ("api_key.placement", "cookie"), ("type", "none")]
    )
    async def test_what_a_later_release_wrote_is_not_taken_for_none(
        self, store, database, member, value
    ):
        changed = entered(nothing())
        await store.replace(nothing(), changed, fact_of(changed))
        written = {"$set": {f"state.{member}": value}}
        await database["credentials"].update_one({"_id": changed.action_id}, written)

        found = await store.find(changed.workspace_id, changed.action_id)

        [record] = found.records
        assert (record.is_known, found.revision) == (False, changed.revision)

    async def test_b5_a_removal_is_delivered_again_until_others_can_hear_of_it(self, store, facts):
        changed = entered(nothing())
        await store.replace(nothing(), changed, fact_of(changed))
        removed = ActionRemoved(workspace_id="ws_1", gpt_id="gpt_1", action_id="act_1")
        destroy = DestroyCredential(store, MemoryServiceTokens(), nobody_signed_in())

        facts.refused = True
        for _ in range(2):
            with pytest.raises(NotInForce):
                await destroy(removed)
        facts.refused = False
        await destroy(removed)

        assert [fact.revision for fact in facts.of(CredentialChanged)] == [1, 2]
