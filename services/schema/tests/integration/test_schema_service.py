"""The schema service on a real broker and database, importing from a real server."""

import orjson
import pytest
from pydantic import RootModel

from contracts.facts import SchemaVerified
from contracts.operation import Operation
from contracts.requests import ReadOperations, ReadSchema
from kit.testing import bearer, eventually
from schema_service.entrypoints.views import (
    ExaminedView,
    OperationView,
    RefetchedView,
    RepairedView,
    SchemaView,
    ToolsView,
)
from schema_service.settings import SchemaSettings

pytestmark = pytest.mark.integration

BUILDER = bearer("builder")
MAX_BYTES_IN_FLIGHT = SchemaSettings.model_fields["max_bytes_in_flight"].default
STRANGER = bearer("stranger")
YAML = {**BUILDER, "content-type": "application/yaml"}
THINGS = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
servers: [{url: "https://api.example.com/v1"}]
paths:
  /things/{id}:
    get:
      operationId: getThing
      summary: A thing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: The thing}}
  /things:
    post:
      # the id is missing here
      summary: Add a thing
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {name: {type: string}}}
      responses: {"201": {description: Added}}
"""


async def test_a_pasted_document_is_stored_with_findings_and_operations(service):
    client, bus = service

    stored = (await client.post("/v1/schemas", content=THINGS, headers=YAML)).json()

    assert [each["name"] for each in stored["operations"]] == ["getThing", "post_things"]
    missing = next(f for f in stored["findings"] if "operationId" in f["message"])
    assert (missing["severity"], missing["line"]) == ("warning", 13)
    brief = await bus.ask(ReadSchema(workspace_id="ws_ours", schema_id=stored["id"]))
    assert brief.origins == ("https://api.example.com:443",)
    answer = await bus.ask(
        ReadOperations(workspace_id="ws_ours", schema_id=stored["id"], names=("getThing",))
    )
    [operation] = orjson.loads(answer.text)
    assert Operation.model_validate(operation).server == "https://api.example.com/v1"


async def test_the_same_text_again_is_the_same_schema(service):
    client, _ = service

    first = (await client.post("/v1/schemas", content=THINGS, headers=YAML)).json()
    wrapped = (await client.post("/v1/schemas", json={"text": THINGS}, headers=BUILDER)).json()

    assert wrapped["id"] == first["id"]


async def test_an_unparsable_document_is_refused_with_line_and_column_and_not_stored(service):
    client, _ = service

    refused = await client.post("/v1/schemas", content="openapi: [3.1\ninfo: }", headers=YAML)

    assert refused.status_code == 422
    problem = refused.json()
    assert problem["code"] == "schema.unparsable"
    assert "Could not parse valid OpenAPI spec" in problem["detail"]
    assert problem["findings"][0]["line"] >= 1
    assert problem["findings"][0]["column"] >= 1
    assert (await client.get("/v1/schemas", headers=BUILDER)).json()["items"] == []


async def test_validating_keeps_nothing_and_takes_even_the_hopeless(service):
    client, _ = service

    answer = await client.post("/v1/schemas/validate", content="{", headers=YAML)

    assert answer.status_code == 200
    assert (answer.json()["readable"], answer.json()["valid"]) == (False, False)
    assert (await client.get("/v1/schemas", headers=BUILDER)).json()["items"] == []


async def test_b11_a_text_that_cannot_be_read_is_repaired_without_being_stored(service):
    client, _ = service
    slip = THINGS.replace("summary: A thing", "summary: A thing. Note: one")

    refused = await client.post("/v1/schemas", content=slip, headers=YAML)
    repaired = (await client.post("/v1/schemas/repair", content=slip, headers=YAML)).json()

    assert refused.status_code == 422
    assert refused.json()["hint"] == 'Put the text in quotes: summary: "A thing. Note: one".'
    assert refused.json()["findings"][0]["repair"]["edits"][0]["op"] == "text"
    RepairedView.model_validate(repaired)
    assert 'summary: "A thing. Note: one"' in repaired["text"]
    assert [each["path"] for each in repaired["examined"]["operations"]] == [
        "/things/{id}",
        "/things",
    ]
    assert (await client.get("/v1/schemas", headers=BUILDER)).json()["items"] == []


async def test_the_repair_of_one_finding_is_made_in_a_text_that_is_not_stored(service):
    client, _ = service
    text = THINGS.replace("summary: A thing", "summary: A thing. Note: one")
    other = {"text": text, "findings": [{"code": "schema.other"}]}

    untouched = (await client.post("/v1/schemas/repair", json=other, headers=BUILDER)).json()
    refused = await client.post("/v1/schemas/validate", json=other, headers=BUILDER)

    assert (untouched["text"], untouched["applied"]) == (text, [])
    assert (refused.status_code, refused.json()["code"]) == (422, "schema.body_not_understood")


async def test_an_id_of_another_workspace_looks_like_no_id_at_all(service):
    client, _ = service
    ours = (await client.post("/v1/schemas", content=THINGS, headers=YAML)).json()["id"]

    for path in ("", "/operations", "/tools", "/document"):
        foreign = await client.get(f"/v1/schemas/{ours}{path}", headers=STRANGER)
        unknown = await client.get(f"/v1/schemas/sch_0{path}", headers=STRANGER)
        assert foreign.status_code == unknown.status_code == 404
        without_trace = [answer.json() | {"trace_id": ""} for answer in (foreign, unknown)]
        assert without_trace[0] == without_trace[1]


async def test_a_document_is_handed_back_byte_for_byte(service):
    client, _ = service
    id_ = (await client.post("/v1/schemas", content=THINGS, headers=YAML)).json()["id"]

    document = (await client.get(f"/v1/schemas/{id_}", headers=BUILDER)).json()["document"]

    text = await client.get(document["href"], headers=BUILDER)
    assert text.content == THINGS.encode()
    assert (document["media_type"], document["size"]) == ("application/yaml", len(THINGS))


async def test_repairs_keep_comments_and_become_the_next_version(service):
    client, _ = service
    first = (await client.post("/v1/schemas", content=THINGS, headers=YAML)).json()

    repaired = (
        await client.post(f"/v1/schemas/{first['id']}/repairs", json={}, headers=BUILDER)
    ).json()
    body = {"text": repaired["text"], "previous_id": first["id"]}
    second = (await client.post("/v1/schemas", json=body, headers=BUILDER)).json()

    assert "# the id is missing here" in repaired["text"]
    assert "operationId: post_things" in repaired["text"]
    assert second["previous_id"] == first["id"]
    assert [each["id"] for each in second["versions"]] == [second["id"], first["id"]]


async def test_a_diff_says_what_breaks(service):
    client, _ = service
    old = (await client.post("/v1/schemas", content=THINGS, headers=YAML)).json()["id"]
    changed = THINGS.replace("getThing", "readThing")
    new = (await client.post("/v1/schemas", content=changed, headers=YAML)).json()["id"]

    changes = (await client.get(f"/v1/schemas/diff?from={old}&to={new}", headers=BUILDER)).json()

    assert "breaking" in {change["impact"] for change in changes}


async def test_tools_are_what_a_model_sees(service):
    client, _ = service
    id_ = (await client.post("/v1/schemas", content=THINGS, headers=YAML)).json()["id"]

    answer = (
        await client.get(f"/v1/schemas/{id_}/tools?flavour=anthropic", headers=BUILDER)
    ).json()

    assert [tool["name"] for tool in answer["tools"]] == ["getThing", "post_things"]
    assert answer["tools"][0]["definition"]["input_schema"]["required"] == ["id"]
    assert answer["tokens"] == sum(tool["tokens"] for tool in answer["tools"])


async def test_every_example_can_be_stored_by_its_name(service):
    client, _ = service

    examples = (await client.get("/v1/schemas/examples", headers=BUILDER)).json()

    assert [each["title"] for each in examples] == [
        "Weather (JSON)",
        "Pet Store (YAML)",
        "Blank template",
    ]
    for example in examples:
        stored = await client.post("/v1/schemas", json={"example": example["key"]}, headers=BUILDER)
        assert stored.status_code == 201, stored.text
    unknown = await client.post("/v1/schemas", json={"example": "nope"}, headers=BUILDER)
    assert unknown.json()["code"] == "schema.example_unknown"


async def test_a5_what_is_fetched_takes_its_bytes_from_those_of_the_replica(service, site):
    client, _ = service
    site.texts["/openapi.yaml"] = THINGS
    shares = client._transport.app.state.bytes_in_flight
    shares.take("ws_theirs", MAX_BYTES_IN_FLIGHT - 10_000)  # room for a body, not for an answer

    imported = {"url": site.url("/openapi.yaml")}
    refused = await client.post("/v1/schemas", json=imported, headers=BUILDER)

    assert (refused.status_code, refused.json()["code"]) == (503, "egress.overloaded")
    assert "retry-after" in refused.headers
    assert site.asked == []


async def test_a_document_is_imported_from_its_url_and_fetched_again(service, site):
    client, _ = service
    site.texts["/things"], site.moved["/moved"] = THINGS, "/things"

    first = await client.post("/v1/schemas", json={"url": site.url("/moved")}, headers=BUILDER)
    id_ = first.json()["id"]
    same = await client.post(f"/v1/schemas/{id_}/refetch", headers=BUILDER)
    site.texts["/things"] = THINGS.replace("getThing", "readThing")
    newer = await client.post(f"/v1/schemas/{id_}/refetch", headers=BUILDER)

    assert first.json()["source_url"] == site.url("/things")
    assert same.json()["id"] == id_
    assert newer.json()["previous_id"] == id_
    assert newer.json()["operations"][0]["name"] == "readThing"
    assert same.json()["changes"] == []
    assert "breaking" in {change["impact"] for change in newer.json()["changes"]}
    diff = await client.get(f"/v1/schemas/diff?from={id_}&to={newer.json()['id']}", headers=BUILDER)
    assert newer.json()["changes"] == diff.json()
    RefetchedView.model_validate_json(newer.content)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/missing", 422, "schema.import_failed"),
        ("/away", 403, "egress.redirect_refused"),
    ],
)
async def test_h79_t12_an_import_that_leads_nowhere_or_inside_says_why(
    service, site, path, status, code
):
    client, _ = service
    site.moved["/away"] = "http://127.0.0.1:1/"

    refused = await client.post("/v1/schemas", json={"url": site.url(path)}, headers=BUILDER)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["hint"]


async def test_h79_an_import_from_a_private_address_is_refused(service):
    client, _ = service

    refused = await client.post(
        "/v1/schemas", json={"url": "https://169.254.169.254/latest"}, headers=BUILDER
    )

    assert refused.status_code == 403
    assert refused.json()["code"] == "egress.address_refused"


async def test_a_large_document_is_worked_on_elsewhere_while_others_are_answered(service):
    client, _ = service
    paths = ",".join(
        f'"/p{n}":{{"get":{{"operationId":"op{n}","responses":{{"200":{{"description":"x"}}}}}}}}'
        for n in range(2_000)
    )
    large = (
        '{"openapi":"3.1.0","info":{"title":"L","version":"1"},'
        f'"servers":[{{"url":"https://l.example.com"}}],"paths":{{{paths}}}}}'
    )

    stored = await client.post("/v1/schemas", content=large, headers=YAML)

    assert stored.status_code == 201
    assert len(stored.json()["operations"]) == 2_000


async def test_the_deep_verification_adds_its_findings_and_says_that_it_ended(service):
    client, bus = service
    verified = await bus.jetstream.subscribe(SchemaVerified.subject, ordered_consumer=True)
    unused = "components:\n  schemas:\n    Unused: {type: string, default: 7}\n"  # by calls

    stored = (await client.post("/v1/schemas", content=THINGS + unused, headers=YAML)).json()

    async def seen():
        shown = await client.get(f"/v1/schemas/{stored['id']}", headers=BUILDER)
        return shown.json() if shown.json()["verified"] else None

    later = await eventually(seen, within_seconds=25)
    new = {f["code"] for f in later["findings"]} - {f["code"] for f in stored["findings"]}
    assert "schema.default_invalid" in new
    lines = [finding["line"] or 0 for finding in later["findings"]]
    assert lines == sorted(lines)
    facts = [await verified.next_msg(timeout=5)]
    while verified.pending_msgs:
        facts.append(await verified.next_msg(timeout=5))
    assert any(stored["id"].encode() in fact.data for fact in facts)


async def test_answers_are_what_their_documentation_says(service):
    client, _ = service
    stored = await client.post("/v1/schemas", content=THINGS, headers=YAML)
    id_ = stored.json()["id"]
    validated = await client.post("/v1/schemas/validate", content=THINGS, headers=YAML)
    operations = await client.get(f"/v1/schemas/{id_}/operations", headers=BUILDER)
    repaired = await client.post(f"/v1/schemas/{id_}/repairs", json={}, headers=BUILDER)
    tools = await client.get(f"/v1/schemas/{id_}/tools", headers=BUILDER)

    for answer, model in (
        (stored, SchemaView),
        (validated, ExaminedView),
        (operations, RootModel[list[OperationView]]),
        (repaired, RepairedView),
        (tools, ToolsView),
    ):
        read = model.model_validate_json(answer.content)
        assert read.model_dump(mode="json") == answer.json()


async def test_tools_come_in_pages(service):
    client, _ = service
    paths = "".join(
        f"  /p{n}: {{get: {{operationId: op{n}, responses: {{'200': {{description: x}}}}}}}}\n"
        for n in range(130)
    )
    text = THINGS[: THINGS.index("paths:")] + "paths:\n" + paths
    id_ = (await client.post("/v1/schemas", content=text, headers=YAML)).json()["id"]

    first = (await client.get(f"/v1/schemas/{id_}/tools", headers=BUILDER)).json()
    asked = {"cursor": first["next_cursor"]}
    rest = (await client.get(f"/v1/schemas/{id_}/tools", params=asked, headers=BUILDER)).json()

    assert len(first["tools"]) == 128
    assert [tool["name"] for tool in rest["tools"]] == ["op128", "op129"]
    assert rest["next_cursor"] is None
