import pytest
from service_token_fakes import MemoryServiceTokens
from service_token_store_suite import ServiceTokenStoreSuite


class TestMemoryServiceTokens(ServiceTokenStoreSuite):
    @pytest.fixture
    def store(self):
        return MemoryServiceTokens()
