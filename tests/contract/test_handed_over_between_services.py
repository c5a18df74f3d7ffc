"""What schema hands over is what execution takes, on a real broker, database and S3 server."""

import pytest

from contracts.requests import ReadOperations
from execution_service.adapters.operation_texts import OperationTexts
from kit.blob_settings import BlobsSettings
from kit.handover import Handover
from kit.obstore_blobs import ObstoreBlobs
from kit.testing import bearer
from openactions_local.testing import Server
from services.schema.tests.schema_platform import Site, schema_service
from shared.kit.tests.integration.test_kit_blobs_in_a_bucket import bucket_server

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
YAML = {"content-type": "application/yaml", **bearer("builder")}
DOCUMENT = """
openapi: 3.1.0
info: {title: Things, version: "1"}
servers: [{url: https://api.example.com/v1}]
paths:
  /long:
    get:
      operationId: long
      description: %s
      responses: {"200": {description: OK}}
""" % ("ü" * 100_000)


@pytest.fixture
async def blobs(tmp_path):
    server = Server(bucket_server, tmp_path / "buckets", "http")
    await server.start()
    yield BlobsSettings(
        url="s3://blobs",
        endpoint=server.url,
        access_key_id="ours",
        secret_access_key="drawn at random",
    )
    await server.kill()


async def test_a_long_operation_arrives_whole_at_both_replicas_and_leaves_nothing(
    nats_url, mongodb_url, database_name, blobs, tmp_path
):
    async with schema_service(nats_url, mongodb_url, database_name, Site(), blobs=blobs) as (
        client,
        bus,
    ):
        stored = await client.post("/v1/schemas", content=DOCUMENT.encode(), headers=YAML)
        schema_id = stored.json()["id"]
        replicas = [OperationTexts(bus, Handover(ObstoreBlobs(blobs))) for _ in range(2)]

        texts = [await each.read("ws_ours", schema_id, "long") for each in replicas]

        asked = ReadOperations(workspace_id="ws_ours", schema_id=schema_id, names=("long",))
        slices, offset = [], 0
        while offset is not None:
            answer = await bus.ask(asked.model_copy(update={"offset": offset}))
            slices.append(answer.text)
            offset = answer.next_offset
    assert texts == ["".join(slices)] * 2
    assert list((tmp_path / "buckets" / "blobs").rglob("*.han_*")) == []
