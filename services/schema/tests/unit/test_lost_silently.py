"""What was lost or misnamed without a word: second bodies, operationIds that are numbers, statuses
in lower case, objects that a text cannot be made of.
"""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

HEAD = """openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: https://api.foo.dev}]
paths:
  /a:
    post:
      operationId: OPERATION
      summary: s
      responses: {STATUS: {description: d}}
"""


def text(operation="a", status='"200"'):
    return HEAD.replace("OPERATION", operation).replace("STATUS", status)


def found(document):
    return examine(read_document(document))


@pytest.mark.parametrize("operation_id", ["123", "007", "1.10", "1e3", "true"])
def test_an_operation_id_that_is_no_text_is_taken_as_it_is_written(operation_id):
    examination = found(text(operation_id))
    [finding] = examination.findings
    assert finding.code == "schema.operation_id_not_text"
    assert examination.operations[0].operation_id == operation_id
    repaired = repair_all(text(operation_id), [finding.repair]).text
    assert f'operationId: "{operation_id}"' in repaired
    assert found(repaired).findings == ()


@pytest.mark.parametrize(
    ("status", "meant"),
    [("2xx", '"2XX"'), ("4Xx", '"4XX"'), ("Default", "default"), ('" 200"', '"200"')],
)
def test_d19_a_status_that_is_misspelt_is_said_once_and_repaired(status, meant):
    [finding] = found(text(status=status)).findings
    assert finding.code == "schema.status_unknown"
    assert meant.strip('"') in finding.hint
    repaired = repair_all(text(status=status), [finding.repair]).text
    assert repaired == text(status=meant)


def test_d19_what_is_no_status_says_what_one_looks_like():
    [finding] = found(text(status="ok")).findings
    assert "200" in finding.hint
    assert finding.repair is None


@pytest.mark.parametrize("head", [{"swagger": "2.0", "host": "api.foo.dev"}, {"openapi": "3.1.0"}])
@pytest.mark.parametrize("location", ["body", "formData"])
def test_a_second_body_is_said_to_be_left_out(head, location):
    schema = {"type": "object", "properties": {"n": {"type": "string"}}}
    first = {"name": "x", "in": "body", "schema": schema}
    second = {"name": "y", "in": location, "type": "string", "schema": schema}
    operation = {"operationId": "a", "parameters": [first, second], "responses": {}}
    document = {"info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}}}
    document |= {**head, "servers": [{"url": "https://api.foo.dev"}]}
    findings = found(json.dumps(document)).findings
    about = [
        each.code for each in findings if each.pointer.startswith("/paths/~1a/post/parameters/1")
    ]
    assert about == ["schema.body_second"]


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        *(("text/csv", "object"), ("text/csv", "array"), ("text/plain", "object")),
        *(("text/plain", "array"), ("application/x-ndjson", "object")),
    ],
)
def test_an_object_that_a_text_is_not_made_of_is_said(media_type, kind):
    schema = f"{{schema: {{type: {kind}, items: {{}}}}}}"
    body = f"      requestBody: {{content: {{{media_type}: {schema}}}}}\n"
    examination = found(text() + body)
    [finding] = examination.findings
    assert finding.code == "schema.body_as_text"
    assert media_type in finding.message
    assert examination.operations[0].operation.arguments["properties"]["body"]["type"] == "string"
