"""Compiled operations that are longer than a message, asked for over the real bus."""

import asyncio
import os

import orjson
import pytest

from contracts.errors import Unavailable
from contracts.facts import WorkspaceRemoved
from contracts.requests import ReadOperations
from kit.blob_settings import BlobsSettings
from kit.handover import Handover
from kit.obstore_blobs import ObstoreBlobs
from kit.testing import bearer, eventually
from services.schema.tests.schema_platform import schema_service

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
  /short:
    get:
      operationId: short
      responses: {"200": {description: OK}}
""" % ("x" * 100_000)


@pytest.fixture
def blobs(tmp_path):
    return BlobsSettings(url=(tmp_path / "blobs").as_uri())


@pytest.fixture
async def service(nats_url, mongodb_url, database_name, site, blobs):
    async with schema_service(nats_url, mongodb_url, database_name, site, blobs=blobs) as pair:
        yield pair


@pytest.fixture
async def schema_id(service):
    stored = await service[0].post("/v1/schemas", content=DOCUMENT, headers=YAML)
    return stored.json()["id"]


def handed_over(folder):
    """Names of files; `os.walk` passes over a folder that the store removes meanwhile."""
    return [name for _, _, names in os.walk(folder) for name in names if ".han_" in name]


def asked(schema_id, name, recipient, workspace_id="ws_ours"):
    return ReadOperations(
        workspace_id=workspace_id, schema_id=schema_id, names=(name,), recipient=recipient
    )


async def test_a_long_operation_is_handed_over_to_each_replica_that_asks(service, schema_id, blobs):
    _, bus = service
    replicas = [Handover(ObstoreBlobs(blobs)) for _ in range(2)]

    answers = await asyncio.gather(
        *(bus.ask(asked(schema_id, "long", each.public_key)) for each in replicas)
    )

    for replica, answer in zip(replicas, answers, strict=True):
        content = await replica.take("ws_ours", ReadOperations.subject, answer.handed_over)
        assert orjson.loads(content)[0]["operation_id"] == "long"


async def test_where_the_store_is_away_the_long_one_is_refused_and_the_short_one_answered(
    service, schema_id, blobs
):
    _, bus = service
    asker = Handover(ObstoreBlobs(blobs))
    blobs.folder.rmdir()
    blobs.folder.write_text("no folder")

    with pytest.raises(Unavailable) as refused:
        await bus.ask(asked(schema_id, "long", asker.public_key))
    assert refused.value.code == "platform.blob_store_unavailable"
    short = await bus.ask(asked(schema_id, "short", asker.public_key))
    assert orjson.loads(short.text)[0]["operation_id"] == "short"


async def test_a_release_that_names_no_recipient_still_gets_slices(service, schema_id, blobs):
    _, bus = service

    answer = await bus.ask(asked(schema_id, "long", ""))

    assert answer.handed_over is None
    assert answer.next_offset
    assert list(blobs.folder.iterdir()) == []


async def test_what_is_handed_over_goes_with_its_workspace(service, blobs):
    """A workspace of its own: tests share the broker, so other services delete theirs as well."""
    client, bus = service
    asker = Handover(ObstoreBlobs(blobs))
    headers = {**YAML, **bearer("leaver")}
    stored = await client.post("/v1/schemas", content=DOCUMENT, headers=headers)
    await bus.ask(asked(stored.json()["id"], "long", asker.public_key, "ws_removed"))
    assert len(handed_over(blobs.folder)) == 1

    await bus.publish(WorkspaceRemoved(workspace_id="ws_removed"))

    async def gone():
        return not handed_over(blobs.folder)

    await eventually(gone)
