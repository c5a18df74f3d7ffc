"""What catalog asks schema about a binding's servers, through a real broker."""

import orjson
import pytest

from catalog_service.adapters.bus_schemas import BusSchemas
from catalog_service.domain.definition import ServerValues
from contracts.errors import Denied, Invalid
from kit.testing import bearer
from services.schema.tests.schema_platform import Site, schema_service

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

BUILDER = {**bearer("builder"), "content-type": "application/json"}
OPERATION = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://{tenant}.acme.io"}],
    "paths": {"/a": {"get": OPERATION}},
}


@pytest.fixture
async def service(nats_url, mongodb_url, database_name):
    async with schema_service(nats_url, mongodb_url, database_name, Site()) as pair:
        yield pair


async def test_a_blocked_operation_is_ready_where_its_binding_chooses(service):
    client, bus = service
    stored = await client.post("/v1/schemas", content=orjson.dumps(DOCUMENT), headers=BUILDER)
    [shown] = stored.json()["operations"]
    schemas = BusSchemas(bus)

    async def asked(*names, **values):
        return await schemas.read("ws_ours", stored.json()["id"], names, ServerValues(**values))

    assert (shown["verdict"], shown["lacks_server"]) == ("blocked", True)
    assert not (await asked("a")).operations[0].ready
    assert (await asked()).operations == ()
    [based] = (await asked(base_url="https://ours.acme.io")).operations
    assert (based.ready, based.server) == (True, "https://ours.acme.io")
    [filled] = (await asked(variables=(("tenant", "ours"),))).operations
    assert (filled.origin, filled.server_variables) == ("https://ours.acme.io:443", ("tenant",))
    with pytest.raises(Denied):
        await asked(base_url="https://10.0.0.1")
    with pytest.raises(Invalid):
        await asked(base_url="ours")


async def test_values_of_validating_and_of_repairs_travel_by_http(service):
    client, _ = service
    text = orjson.dumps(DOCUMENT).decode()
    values = {"server_variables": {"tenant": "ours"}}

    validated = await client.post(
        "/v1/schemas/validate", json={"text": text, "values": values}, headers=BUILDER
    )
    refused = await client.post(
        "/v1/schemas", json={"text": text, "values": values}, headers=BUILDER
    )
    wrong = await client.post(
        "/v1/schemas/validate", json={"text": text, "values": {"base_url": "x"}}, headers=BUILDER
    )
    stored = await client.post("/v1/schemas", content=text, headers=BUILDER)
    path = f"/v1/schemas/{stored.json()['id']}/repairs"
    without = (await client.post(path, json={}, headers=BUILDER)).json()
    repaired = (await client.post(path, json={"values": values}, headers=BUILDER)).json()

    assert [each["verdict"] for each in validated.json()["operations"]] == ["ready"]
    assert (refused.status_code, refused.json()["code"]) == (422, "schema.values_not_stored")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "egress.url_invalid")
    assert (without["applied"], without["text"]) == ([], text)
    assert repaired["examined"]["valid"]
    assert repaired["skipped"] == []
