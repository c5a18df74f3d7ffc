"""What a newcomer's base URL and server variables came to (nc4, nc5)."""

import json

import pytest

from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.errors import ServerRefused
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.repair_document import RepairDocument
from services.schema.tests.fakes import SameProcessExaminer
from services.schema.tests.server_documents import (
    by_binding,
    by_repair,
    called,
    errors,
    read,
    text_of,
)

GIVEN = "https://api.real-shop.com"
YAML = """openapi: 3.1.0
info: {title: t, version: "1"}
servers:
  - url: URL
paths:
  /a:
    get:
      operationId: a
      summary: s
      description: SAID
      parameters:
        - {name: q, in: query, schema: SCHEMA}
      responses: {default: {description: d}}
"""


async def repaired(text, base_url=GIVEN, **variables):
    rules = ApplyOperatorRules(EgressOrigins(EgressSettings()))
    values = NeededValues(base_url, variables)
    made = await RepairDocument(SameProcessExaminer(), rules)("ws_1", text.encode(), None, values)
    return read_document(json.loads(made.text_json)).document


def written(url, said="d", schema="{type: string}"):
    return YAML.replace("URL", url).replace("SAID", said).replace("SCHEMA", schema)


SLIPS = {
    "none": {},
    "two texts in one line": {"said": "Lists: the items"},
    "no space behind a colon": {"schema": "{type:string}"},
}
SERVERS = [
    "https://api.example.com",
    "https://your-domain.com",
    "http://localhost:8000",
    "https://10.0.0.5",
    "http://api.other-shop.com",
]


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("url", SERVERS)
async def test_nc4_the_base_url_is_written_whatever_else_is_repaired(url, slip):
    after = await repaired(written(url, **SLIPS[slip]))
    assert after["servers"] == [{"url": GIVEN}]


async def test_nc4_without_a_base_url_plain_http_becomes_https():
    after = await repaired(written("http://api.other-shop.com"), None)
    assert after["servers"] == [{"url": "https://api.other-shop.com"}]


async def test_nc4_a_server_that_may_be_called_stays():
    after = await repaired(written("https://api.other-shop.com", said="Lists: the items"))
    assert after["servers"] == [{"url": "https://api.other-shop.com"}]


def open_server(url, **defaults):
    variables = {name: {"default": default} for name, default in defaults.items()}
    return {"url": url, **({"variables": variables} if variables else {})}


PLACEHOLDERS = ["your-tenant", "YOUR_TENANT", "my-tenant", "tenant", "<tenant>"]


@pytest.mark.parametrize("default", PLACEHOLDERS)
def test_a_default_that_stands_for_the_real_one_is_named(default):
    text = text_of([open_server("https://{tenant}.real-shop.com/v1", tenant=default)])
    [error] = errors(read(text))
    assert f"has the default {default}, a placeholder" in error["message"]


def test_a_variable_without_anything_is_said_to_have_nothing():
    [error] = errors(read(text_of([open_server("https://{tenant}.real-shop.com")])))
    assert "neither a default nor" in error["message"]


ORIGINS = [
    (open_server("{baseUrl}/v2"), "https://h.acme.io", "https://h.acme.io/v2"),
    (open_server("{baseUrl}/v2"), "https://h.acme.io/v2", "https://h.acme.io/v2"),
    (open_server("{baseUrl}"), "https://h.acme.io/v2", "https://h.acme.io/v2"),
    (open_server("https://{host}/v2"), "https://h.acme.io", "https://h.acme.io/v2"),
    (open_server("{s}://{h}:{p}/v2"), "https://h.acme.io", "https://h.acme.io/v2"),
    (open_server("{b}/v{n}", n="3"), "https://h.acme.io", "https://h.acme.io/v3"),
    (open_server("https://{t}.acme.io/v1"), "https://h.acme.io", "https://h.acme.io"),
]


@pytest.mark.parametrize(("server", "base_url", "expected"), ORIGINS)
def test_a_base_url_takes_the_place_of_variables_that_are_the_origin(server, base_url, expected):
    text = text_of([server])
    assert by_binding(text, base_url) == expected
    assert called(read(text, values=NeededValues(base_url))) == [expected]
    assert called(read(by_repair(text, base_url))) == [expected]


def test_a_base_url_that_leaves_a_variable_of_the_path_open_is_not_enough():
    server = open_server("https://api.real-shop.com/{ver}")
    text = text_of([server])
    assert errors(read(text, values=NeededValues(GIVEN)))
    assert json.loads(by_repair(text, GIVEN))["servers"] == [server]
    with pytest.raises(ServerRefused, match="ver"):
        by_binding(text, GIVEN)


@pytest.mark.parametrize("variables", [{}, {"variables": {"t": {}}}])
@pytest.mark.parametrize("value", ["evil.com/", "evil.com#", "a@b"])
async def test_a_value_that_ends_the_host_is_not_written(value, variables):
    server = {"url": "https://{t}.real-shop.com", **variables}
    after = await repaired(text_of([server]), None, t=value)
    assert after["servers"] == [server]
