"""What commit 34937ab stored and this release's compiler blocks: served by a real service, read and
called by execution (decision 39).
"""

import json
from datetime import UTC, datetime

import pytest

from catalog_service.adapters.bus_schemas import BusSchemas
from contracts.errors import Conflict
from contracts.facts import SchemaStored
from contracts.operation import Operation
from execution_service.adapters.operation_texts import OperationTexts
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from kit.handover import Handover
from kit.outbox import Outbox
from kit.testing import MemoryBlobs, RecordedFacts, bearer, eventually
from schema_service.adapters.mongo_schemas import MongoSchemas
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import packs
from schema_service.domain.stored_schema import StoredSchema
from services.schema.tests.schema_platform import Site, schema_service
from services.schema.tests.upgraded import OLD_FORM, OLD_SUMMARY, XML_NAME, form_of, summary_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
DOTS = XML_NAME.replace(b"  /a:", b"  /v1/../a:").replace(b'"a b"', b"a")
STORED = {
    "sch_1": (XML_NAME, OLD_SUMMARY, OLD_FORM),
    "sch_2": (DOTS, summary_of(path="/v1/../a"), form_of(path="/v1/../a")),
}
"""What goes on, and what is unsafe."""


@pytest.fixture
async def old_data(database):
    schemas = MongoSchemas(database, Outbox("schema", RecordedFacts()))
    for collection in schemas.collections:
        await collection.ensure_indexes()
    for id_, (text, summary, form) in STORED.items():
        stored = StoredSchema(
            id=id_,
            workspace_id="ws_ours",
            digest=f"digest of {id_}",
            title="T",
            version="1",
            dialect="3.1",
            source_url=None,
            media_type="application/yaml",
            size=len(text),
            valid=True,
            findings=JsonList(),
            more_findings=0,
            operations=JsonList.of([summary]),
            created_at=datetime(2026, 11, 25, tzinfo=UTC),
            line_id=id_,
            compiler=2,
        )
        fact = SchemaStored(workspace_id="ws_ours", schema_id=id_, valid=True, operations=1)
        await schemas.add(stored, text, [*packs({"add": json.dumps(form).encode()})], fact)
    return schemas


@pytest.fixture
async def upgraded(nats_url, mongodb_url, database_name, old_data):
    """A service of this release on that data, once all is compiled again."""

    async def finished():
        return not await old_data.outdated(COMPILER, None, 1)

    async with schema_service(nats_url, mongodb_url, database_name, Site()) as (client, bus):
        await eventually(finished, within_seconds=60)
        yield client, bus


async def test_d_what_is_published_and_blocked_since_goes_on_or_says_why(upgraded):
    client, bus = upgraded
    texts = OperationTexts(bus, Handover(MemoryBlobs()))

    [form] = json.loads(await texts.read("ws_ours", "sch_1", "add", placed=False))
    with pytest.raises(Conflict) as refused:
        await texts.read("ws_ours", "sch_2", "add", placed=False)

    compiled = CompiledOperation.of(Operation.model_validate(form))
    admitted = admit(compiled, {"body": "<a>1</a>"})
    assert isinstance(admitted, Admitted)
    request = build_request(compiled, admitted)
    assert (request.body, request.raw_path_and_query) == (b"<a>1</a>", "/a")
    assert refused.value.code == "schema.path_leads_elsewhere"
    assert [each["code"] for each in refused.value.findings] == ["schema.path_leads_elsewhere"]
    [operation] = (await BusSchemas(bus).read("ws_ours", "sch_1", ["add"])).operations
    assert (operation.ready, operation.blocked_by.code) == (False, "schema.xml_name_invalid")
    shown = (await client.get("/v1/schemas/sch_1", headers=bearer("builder"))).json()
    assert [each["blocked_by"]["code"] for each in shown["operations"]] == [
        "schema.xml_name_invalid"
    ]


async def test_e_the_figure_says_when_all_is_compiled_again(upgraded):
    client, _ = upgraded

    async def none_left():
        figures = (await client.get("/metrics")).text
        return "openactions_schemas_outdated 0.0" in figures

    await eventually(none_left)
