import pytest

from services.schema.tests.schema_platform import Site, schema_service, serving


@pytest.fixture
def site():
    with serving(Site()) as pages:
        yield pages


@pytest.fixture
async def service(nats_url, mongodb_url, database_name, site):
    async with schema_service(nats_url, mongodb_url, database_name, site) as pair:
        yield pair
