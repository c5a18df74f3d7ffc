"""What a newcomer's base URL and server variables came to (nc4, nc5)."""

import json

import pytest

from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.repair_document import RepairDocument
from services.schema.tests.fakes import SameProcessExaminer

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
