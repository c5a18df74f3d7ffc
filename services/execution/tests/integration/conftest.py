import pytest

from kit.blob_settings import BlobsSettings
from kit.testing import neighbours, running
from openactions_local.servers import free_port
from services.execution.tests.execution_platform import Platform, execution, operation
from services.execution.tests.upstream import HOST, upstream


@pytest.fixture
async def api():
    async with upstream() as api:
        yield api


@pytest.fixture
def settings():
    """What a test module wants otherwise than by default."""
    return {}


@pytest.fixture
def blobs(tmp_path):
    """The folder that the service, and what hands over to it, keep blobs in."""
    return BlobsSettings(url=(tmp_path / "blobs").as_uri())


@pytest.fixture
async def platform(nats_url, mongodb_url, database_name, api, settings, blobs):
    nobody_at = f"http://{HOST}:{free_port()}"
    settings = {"blobs": blobs, **settings}
    service = execution(nats_url, mongodb_url, database_name, api, nobody_at, **settings)
    async with neighbours(nats_url) as others, running(service) as client:
        platform = Platform(client, others, api)
        platform.operations = {
            "getPet": operation("getPet", "GET", api.origin),
            "addPet": operation("addPet", "POST", api.origin),
            "getNobody": operation("getNobody", "GET", nobody_at),
            "addNobody": operation("addNobody", "POST", nobody_at),
            "getInside": operation("getInside", "GET", "https://127.0.0.1"),
            "getPlain": operation("getPlain", "GET", "http://plain.example.com"),
        }
        await platform.answer_for_all_neighbours()
        yield platform
