import pytest
from credential_store_suite import CredentialStoreSuite

from auth_service.adapters.mongo_credentials import MongoCredentials
from kit.outbox import Outbox
from kit.testing import RecordedFacts

pytestmark = pytest.mark.integration


class TestMongoCredentials(CredentialStoreSuite):
    @pytest.fixture
    def facts(self):
        return RecordedFacts()

    @pytest.fixture
    async def store(self, database, facts):
        credentials = MongoCredentials(database, Outbox("auth", facts))
        for collection in credentials.collections:
            await collection.ensure_indexes()
        return credentials
