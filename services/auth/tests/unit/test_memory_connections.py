import pytest
from connection_fakes import MemoryConnections
from connection_store_suite import MOST, ConnectionStoreSuite


class TestMemoryConnections(ConnectionStoreSuite):
    @pytest.fixture
    def store(self):
        return MemoryConnections(most=MOST)

    @pytest.fixture
    def facts(self, store):
        return store.facts

    @pytest.fixture
    def revocations(self, store):
        return store.revocations
