"""Unquoted numbers where a text is declared: the characters that stand in the document count."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

HEAD = """openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: https://api.foo.dev}]
paths:
  /a:
    get:
      operationId: a
      summary: s
      responses: {"200": {description: d}}
"""


def parameter(schema, location="query", beside=""):
    return (
        HEAD
        + f"""      parameters:
        - name: q
          in: {location}
          required: true
{beside}          schema:
            type: string
            {schema}
"""
    )


def examined(text):
    reading = read_document(text)
    assert reading.document is not None
    return examine(reading)


def argument(text):
    [operation] = examined(text).operations
    return operation.operation.arguments["properties"]["q"], operation.operation


WRITTEN = [
    "007",
    "01",
    "1.10",
    "1.20",
    "0x1F",
    "0o17",
    "1e3",
    "1.0",
    "+1",
    ".5",
    "5.",
    "0.10",
    "-0",
    "True",
    "FALSE",
    "12345678901234567890123",
    "1_000",
    "0b11",
    "1E5",
    "00",
]


@pytest.mark.parametrize("digits", WRITTEN)
@pytest.mark.parametrize("flow", [True, False])
def test_the_values_of_an_enum_are_the_characters_that_are_written(digits, flow):
    listed = (
        f"enum: [{digits}, b]" if flow else f"enum:\n            - {digits}  # why\n            - b"
    )
    schema, _ = argument(parameter(listed))
    assert schema["enum"] == [digits, "b"]


@pytest.mark.parametrize("digits", WRITTEN)
def test_a_constant_is_sent_as_it_is_written(digits):
    _, operation = argument(parameter(f"const: {digits}"))
    assert operation.constants == {"q": digits}


@pytest.mark.parametrize("digits", WRITTEN)
@pytest.mark.parametrize("location", ["header", "query"])
def test_a_default_is_sent_as_it_is_written(digits, location):
    schema, operation = argument(parameter(f"default: {digits}", location))
    assert schema["default"] == digits
    assert operation.defaults == {"q": digits}


@pytest.mark.parametrize("digits", WRITTEN)
@pytest.mark.parametrize(
    "place", ["example: {}", "examples: [{}]", "x-example: {}", "examples:\n            - {}"]
)
def test_an_example_is_shown_as_it_is_written(digits, place):
    schema, _ = argument(parameter(place.format(digits)))
    assert schema["examples"] == [digits]


@pytest.mark.parametrize(
    "beside", ["          example: 0123\n", "          examples: {one: {value: 0123}}\n"]
)
def test_examples_of_a_parameter_are_shown_as_they_are_written(beside):
    schema, _ = argument(parameter("description: d", beside=beside))
    assert schema["examples"] == ["0123"]


BODY = (
    HEAD.replace("    get:", "    post:")
    + """      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Order"}
            MEDIA
components:
  schemas:
    Order:
      type: object
      COMPONENT
      properties:
        q: {type: string}
        n: {type: integer}
        lines: {type: array, items: {type: string}}
"""
)


@pytest.mark.parametrize(
    "places",
    [
        ("example: {q: 0123, n: 5, lines: [01, 1.10]}", ""),
        ("", "example: {q: 0123, n: 5, lines: [01, 1.10]}"),
        ("examples: {e: {value: {q: 0123, n: 5, lines: [01, 1.10]}}}", ""),
        ("", "examples: [{q: 0123, n: 5, lines: [01, 1.10]}]"),
    ],
)
def test_examples_of_a_body_are_shown_as_they_are_written(places):
    text = BODY.replace("MEDIA", places[0]).replace("COMPONENT", places[1])
    [operation] = examined(text).operations
    shown = operation.operation.arguments["properties"]
    assert shown["q"]["examples"] == ["0123"]
    assert shown["n"]["examples"] == [5]
    assert shown["lines"]["examples"] == [["01", "1.10"]]


def test_a_discriminator_has_the_value_that_is_written():
    branch = "{type: object, required: [t], properties: {t: {type: string, enum: [%s]}}}"
    text = (
        BODY.replace("MEDIA", "")
        .replace("      COMPONENT\n", "")
        .replace(
            "        q: {type: string}\n",
            '        q: {oneOf: [{$ref: "#/components/schemas/A"}, '
            '{$ref: "#/components/schemas/B"}], '
            "discriminator: {propertyName: t}}\n",
        )
    )
    text += f"    A: {branch % '01'}\n    B: {branch % '02'}\n"
    schema, _ = argument(text)
    assert [each["properties"]["t"]["const"] for each in schema["oneOf"]] == ["01", "02"]


def test_an_anchor_and_its_alias_are_the_same_characters():
    schema, operation = argument(parameter("enum: [&one 01, 02]\n            default: *one"))
    assert schema["enum"] == ["01", "02"]
    assert operation.defaults == {"q": "01"}


def test_json_keeps_its_characters_too():
    text = (
        '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": [{"url": '
        '"https://api.foo.dev"}], "paths": {"/a": {"get": {"operationId": "a", "responses": {}, '
        '"parameters": [{"name": "q", "in": "header", "schema": {"type": "string", '
        '"enum": [1.10, 1e3], "default": 1.10}}]}}}}'
    )
    schema, operation = argument(text)
    assert schema["enum"] == ["1.10", "1e3"]
    assert operation.defaults == {"q": "1.10"}


def test_numbers_stay_numbers_where_a_number_may_stand():
    text = parameter("enum: [01, 1.10]").replace("type: string", "type: [string, number]")
    assert argument(text)[0]["enum"] == [1, 1.1]


@pytest.mark.parametrize("digits", ["007", "1.10", "0x1F", "1e3", "2024", "true", "1_000"])
@pytest.mark.parametrize("keyword", ["enum: [{}]", "const: {}", "default: {}", "example: {}"])
def test_b09_a_finding_says_so_and_its_repair_quotes_what_is_written(digits, keyword):
    text = parameter(keyword.format(digits))
    found = [each for each in examined(text).findings if each.code.endswith("_of_other_type")]
    if digits == "1_000":
        assert found == []  # in YAML 1.2 this is a text
        return
    [finding] = found
    assert digits in finding.message
    begun, keyword, value = text.rpartition(": ")
    quoted = begun + keyword + value.replace(digits, f'"{digits}"')
    assert repair_all(text, [finding.repair]).text == quoted
