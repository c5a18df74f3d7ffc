"""Commas behind values without quotes, as JSON has them: said, and left out by a repair (nc8)."""

import pytest

from services.schema.tests.written_documents import examined, repaired

RIGHT = """openapi: 3.1.0
info:
  title: T
  version: v1
servers:
  - url: https://api.foo.dev
paths:
  /a/{id}:
    get:
      operationId: a
      summary: Gets it
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
            enum:
              - a
              - b
        - name: limit
          in: query
          schema:
            type: integer
            minimum: 1
            default: 5
            nullable: false
      responses:
        "200":
          description: Fine
"""
VALUES = [
    "3.1.0",
    "v1",
    "https://api.foo.dev",
    "name: id",
    "in: path",
    "required: true",
    "type: string",
    "name: limit",
    "in: query",
    "type: integer",
    "minimum: 1",
    "default: 5",
    "nullable: false",
    "- a",
]


def with_mark(text, values, mark=","):
    for value in values:
        text = text.replace(f"{value}\n", f"{value}{mark}\n", 1)
    return text


@pytest.mark.parametrize("mark", [",", ";", " ,"])
@pytest.mark.parametrize("value", VALUES)
def test_nc8_a_mark_behind_any_value_is_said_and_left_out(value, mark):
    text = with_mark(RIGHT, [value], mark)
    assert "schema.mark_behind_value" in {each.code for each in examined(text).findings}
    assert repaired(text) == RIGHT


def test_nc8_all_at_once_are_left_out_before_anything_else_is_repaired():
    assert repaired(with_mark(RIGHT, [*VALUES, "operationId: a"])) == RIGHT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: limit", 'name: "limit,"'),
        ("summary: Gets it", "summary: Gets it,"),
        ("description: Fine", "description: |\n            name: x,"),
        ("type: string\n", "type: string\n            default: x,\n"),
        ("type: string\n", "type: string\n            example:\n              name: x,\n"),
    ],
)
def test_nc8_what_may_be_meant_stays(old, new):
    found = examined(RIGHT.replace(old, new, 1)).findings
    assert "schema.mark_behind_value" not in {each.code for each in found}
