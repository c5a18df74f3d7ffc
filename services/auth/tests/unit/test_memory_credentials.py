import pytest
from auth_fakes import MemoryCredentials
from credential_store_suite import CredentialStoreSuite


class TestMemoryCredentials(CredentialStoreSuite):
    @pytest.fixture
    def store(self):
        return MemoryCredentials()

    @pytest.fixture
    def facts(self, store):
        return store.facts
