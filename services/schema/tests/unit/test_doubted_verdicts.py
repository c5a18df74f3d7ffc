"""No operation is simply ready where a warning changes its call (newcomer 9b, 9)."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document

HEAD = 'openapi: 3.0.1\ninfo: {title: t, version: "1"}\nservers: [{url: "https://a.example.org"}]\n'
TEXT = f"""{HEAD}paths:
  /items:
    post:
      operationId: addItem
      summary: s
      %s
      responses:
        '200': {{description: ok}}
"""
COMPONENTS = """components:
  parameters:
    A: {name: a, in: query, required: yes, schema: {type: string}}
  schemas:
    I:
      type: object
      propertys: {a: {type: string}}
    O:
      type: object
      properties: {i: {$ref: '#/components/schemas/I'}}
"""
JSON = "content: {application/json: {schema: {%s}}}"
OBJECT = JSON % "type: object, properties: {a: {type: string}}"
REFERS = JSON % "$ref: '#/components/schemas/O'"


def verdict(text):
    [operation] = examine(read_document(text)).operations
    return operation.verdict


@pytest.mark.parametrize(
    "member",
    [
        f"requestbody: {{{OBJECT}}}",
        "parameter: [{name: a, in: query, schema: {type: string}}]",
        "requestBody: {" + JSON % "type: object, propertys: {a: {type: string}}" + "}",
        f"requestBody: {{required: yes, {OBJECT}}}",
        "parameters: [{name: a, in: query, required: yes, schema: {type: string}}]",
        "parameters: [{$ref: '#/components/parameters/A'}]",
        f"requestBody: {{{REFERS}}}",
    ],
)
def test_n9b_9_a_warning_that_changes_the_call_is_in_the_verdict(member):
    assert verdict(TEXT % member + COMPONENTS) == "ready_with_warnings"


@pytest.mark.parametrize("member", ["tags: [a]", f"requestBody: {{required: true, {OBJECT}}}"])
def test_n9b_9_what_the_operation_does_not_refer_to_leaves_it_ready(member):
    assert verdict(TEXT % member + COMPONENTS) == "ready"


@pytest.mark.parametrize("answer", ["propertys: {a: {type: string}}", "type: object, maxlength: 1"])
def test_n9b_9_a_warning_about_an_answer_leaves_the_operation_ready(answer):
    said = f"{{description: ok, {JSON % answer}}}"
    assert verdict((TEXT % "tags: [a]").replace("{description: ok}", said)) == "ready"


def test_n9b_9_a_misspelt_member_of_the_document_concerns_its_operations():
    text = TEXT % "tags: [a]"
    assert verdict(f"{text}Security: []\n") == "ready_with_warnings"
