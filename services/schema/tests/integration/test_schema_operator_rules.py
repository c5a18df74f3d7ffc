"""B9: one stored text, read by services whose operators allow different origins."""

import json
import zlib

import pytest

from contracts.facts import SchemaCompiled
from contracts.requests import ReadOperations, ReadSchema
from egress import EgressSettings
from kit import mongo
from kit.testing import bearer, eventually
from schema_service.domain.compiling.version import COMPILER
from services.schema.tests.schema_platform import schema_service

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

BUILDER = bearer("builder")
YAML = {**BUILDER, "content-type": "application/yaml"}
INNER = "http://inner.example.com:8000"
ALLOWING = (
    "The operator can allow {} of your own: EGRESS_ALLOWED_ORIGINS, or"
    " `openactions up --allow-origin {}=ADDRESS`."
)
ODD = "https://odd.example.com:8443"
CLOSED = EgressSettings()
OPENED = EgressSettings(allowed_origins={INNER: "127.0.0.1", ODD: "127.0.0.1"})
TEXT = f"""\
openapi: 3.1.0
info: {{title: Inner, version: "1"}}
servers: [{{url: "https://api.acme.io"}}]
paths:
  /public: {{get: {{operationId: public, summary: s, security: []}}}}
  /inner:
    servers: [{{url: "{INNER}/v1"}}]
    get: {{operationId: inner, summary: s}}
  /odd:
    servers: [{{url: "{ODD}"}}]
    get: {{operationId: odd, summary: s}}
"""
EVERY = ("public", "inner", "odd")


@pytest.fixture
def serving_with(nats_url, mongodb_url, database_name, site):
    """The same database and broker, another operator's settings."""

    def serve(egress):
        return schema_service(nats_url, mongodb_url, database_name, site, egress=egress)

    return serve


async def what_is_seen(client, bus, id_):
    """Of every way in which a schema is read."""

    async def read(path):
        return (await client.get(f"/v1/schemas{path}", headers=BUILDER)).json()

    one, listed = await read(f"/{id_}"), await read("")
    tools, operations = await read(f"/{id_}/tools"), await read(f"/{id_}/operations")
    named = await read(f"/{id_}/tools?operation=inner")
    validated = (await client.post("/v1/schemas/validate", content=TEXT, headers=YAML)).json()
    brief = await bus.ask(ReadSchema(workspace_id="ws_ours", schema_id=id_, names=EVERY))
    ready = await bus.ask(ReadSchema(workspace_id="ws_ours", schema_id=id_))
    assert one["operations"] == operations == validated["operations"]
    assert one["findings"] == validated["findings"]
    assert one["valid"] == validated["valid"] == listed["items"][0]["valid"]
    assert one["valid"] == one["versions"][0]["valid"]
    return {
        "valid": one["valid"],
        "verdicts": [each["verdict"] for each in operations],
        "errors": [
            (each["code"], each["pointer"], each["hint"])
            for each in one["findings"]
            if each["severity"] == "error"
        ],
        "tools": [each["name"] for each in tools["tools"]],
        "named": [each["name"] for each in named["tools"]],
        "briefed": [each.ready for each in brief.operations],
        "ready": [each.name for each in ready.operations],
        "origins": brief.origins,
    }


BLOCKED = {
    "valid": False,
    "verdicts": ["ready", "blocked", "blocked"],
    "errors": [
        (
            "schema.server_not_https",
            "/paths/~1inner/servers/0/url",
            f"Use https. {ALLOWING.format('an API', INNER)}",
        ),
        (
            "schema.server_refused",
            "/paths/~1odd/servers/0/url",
            f"Use port 443. {ALLOWING.format('the origin of an API', ODD)}",
        ),
    ],
    "tools": ["public"],
    "named": [],
    "briefed": [True, False, False],
    "ready": ["public"],
    "origins": ("https://api.acme.io:443",),
}
READY = {
    "valid": True,
    "verdicts": ["ready", "ready", "ready"],
    "errors": [],
    "tools": [*EVERY],
    "named": ["inner"],
    "briefed": [True, True, True],
    "ready": [*EVERY],
    "origins": (INNER, "https://api.acme.io:443", ODD),
}


@pytest.mark.parametrize("first", [CLOSED, OPENED], ids=["stored closed", "stored open"])
async def test_b9_a_stored_text_is_ready_or_blocked_as_the_operator_says_now(serving_with, first):
    async with serving_with(first) as (client, bus):
        stored = (await client.post("/v1/schemas", content=TEXT, headers=YAML)).json()
        expected = READY if first is OPENED else BLOCKED
        assert [each["verdict"] for each in stored["operations"]] == expected["verdicts"]
        assert await what_is_seen(client, bus, stored["id"]) == expected

    for settings in (OPENED, CLOSED, OPENED):
        async with serving_with(settings) as (client, bus):
            seen = await what_is_seen(client, bus, stored["id"])
            assert seen == (READY if settings is OPENED else BLOCKED)
            again = (await client.post("/v1/schemas", content=TEXT, headers=YAML)).json()
            assert (again["id"], again["valid"]) == (stored["id"], seen["valid"])


async def test_b9_compiled_forms_and_digests_are_the_same_whatever_the_operator_says(serving_with):
    async def read():
        return (
            await bus.ask(ReadSchema(workspace_id="ws_ours", schema_id=id_, names=EVERY)),
            await bus.ask(ReadOperations(workspace_id="ws_ours", schema_id=id_, names=EVERY)),
        )

    async with serving_with(CLOSED) as (client, bus):
        id_ = (await client.post("/v1/schemas", content=TEXT, headers=YAML)).json()["id"]
        closed, forms = await read()
    async with serving_with(OPENED) as (_, bus):
        opened, same_forms = await read()

    assert forms == same_forms
    assert forms.compiler == COMPILER
    digests = [each.source_digest for each in closed.operations]
    assert digests == [each.source_digest for each in opened.operations]
    assert len({*digests} - {""}) == 3
    assert [each.anonymous for each in closed.operations] == [True, False, False]


async def about(schema_id, facts):
    """The first of the facts that is: the broker is every test's."""
    fact = json.loads((await facts.next_msg(timeout=10)).data)
    while fact["schema_id"] != schema_id:
        fact = json.loads((await facts.next_msg(timeout=10)).data)
    return fact


async def test_b9_what_commit_b35d436_blocked_becomes_ready_once_it_is_compiled_again(
    serving_with, mongodb_url, database_name
):
    """As it stored the text under closed settings: no origins, no forms, findings of its time."""
    documents = mongo.connect(mongodb_url)[database_name]
    async with serving_with(OPENED) as (client, _):
        id_ = (await client.post("/v1/schemas", content=TEXT, headers=YAML)).json()["id"]
    await documents["schemas"].update_one(
        {"_id": id_}, as_b35d436_blocked_it(await documents["schemas"].find_one({"_id": id_}))
    )

    async with serving_with(OPENED) as (client, bus):
        facts = await bus.jetstream.subscribe(SchemaCompiled.subject, ordered_consumer=True)

        async def valid():
            return (await client.get(f"/v1/schemas/{id_}", headers=BUILDER)).json()["valid"]

        await eventually(valid, within_seconds=60)
        seen = await what_is_seen(client, bus, id_)
        fact = await about(id_, facts)

    assert seen == READY
    assert fact == {"workspace_id": "ws_ours", "schema_id": id_, "compiler": COMPILER}
    kept = await documents["schemas"].find_one({"_id": id_})
    assert kept["state"]["compiler"] == kept["state"]["tried"] == COMPILER
    documents.client.close()


def as_b35d436_blocked_it(document):
    """It had no member that this release added, and stored the operator's verdict."""
    operations = json.loads(zlib.decompress(document["state"]["operations"]))
    for each in operations:
        del each["anonymous"]
        if each["name"] != "public":
            each["origin"], each["verdict"] = None, "blocked"
    finding = {
        "severity": "error",
        "code": "schema.server_not_https",
        "message": "Server URL is not https",
        "pointer": "/paths/~1inner/servers/0/url",
        "line": 7,
        "column": 22,
        "hint": "Use https.",
        "repair": None,
    }
    new = ("compiler", "tried", "failures", "origins", "servers")
    return {
        "$unset": {f"state.{name}": "" for name in new},
        "$set": {
            "state.operations": zlib.compress(json.dumps(operations).encode()),
            "state.findings": zlib.compress(json.dumps([finding]).encode()),
            "state.valid": False,
        },
    }
