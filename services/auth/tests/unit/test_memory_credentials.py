import pytest
from auth_fakes import MemoryCredentials
from credential_store_suite import CredentialStoreSuite
from credential_ways_suite import CredentialWaysSuite


class TestMemoryCredentials(CredentialStoreSuite, CredentialWaysSuite):
    @pytest.fixture
    def store(self):
        return MemoryCredentials()

    @pytest.fixture
    def facts(self, store):
        return store.facts
