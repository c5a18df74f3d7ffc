"""What stands where members belong, or a level too high: it is named, and nothing is lost."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

TEXT = """openapi: 3.1.0
info:
  title: t
  version: "1"
servers:
- url: https://api.foo.dev
paths:
  /items:
    get:
      operationId: listItems
      summary: s
      parameters:
      - name: limit
        in: query
        schema:
          type: integer
      responses:
        "200":
          description: d
    post:
      operationId: addItem
      summary: s
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                name: {type: string}
      responses:
        "200": {description: d}
"""
WHOLE = read_document(TEXT.encode()).document
KEYS = ("info:", "servers:", "paths:", "/items:", "get:", "post:", "parameters:", "schema:")
KEYS += ("responses:", '"200":', "requestBody:", "content:", "application/json:", "properties:")


def findings(text):
    return examine(read_document(text.encode())).findings


def mended(text):
    return repair_all(text, [each.repair for each in findings(text) if each.repair]).text


@pytest.mark.parametrize("behind", ["List of items", "[]", "{}", "list"])
@pytest.mark.parametrize("key", KEYS)
def test_a_text_behind_a_key_whose_members_follow_is_made_a_comment(key, behind):
    text = TEXT.replace(f"{key}\n", f"{key} {behind}\n", 1)
    (found,) = [each for each in findings(text) if each.code == "schema.unparsable"]
    assert found.line == 1 + next(
        at for at, each in enumerate(text.split("\n")) if each.endswith(f" {behind}")
    )
    assert found.hint.startswith(f"Remove what stands behind {key}")
    assert read_document(mended(text).encode()).document == WHOLE
    assert ("List of" in mended(text)) == ("List of" in behind)


def test_a_text_that_goes_on_below_its_name_is_left_to_its_quotes():
    text = TEXT.replace("summary: s", "summary: List items\n        of: the shop", 1)
    assert all("whose members follow" not in each.message for each in findings(text))


@pytest.mark.parametrize("names", [["application/json"], ["application/json", "application/xml"]])
@pytest.mark.parametrize("more", [{}, {"required": True, "description": "d"}])
def test_media_types_without_content_are_read_and_moved(names, more):
    fields = {"schema": {"type": "object", "properties": {"n": {"type": "string"}}}}
    media_types = dict.fromkeys(names, fields)
    whole = json.loads(json.dumps(WHOLE))
    whole["paths"]["/items"]["post"]["requestBody"] = media_types | more
    text = json.dumps(whole)
    examined = examine(read_document(text.encode()))
    assert "n" in examined.operations[1].operation.arguments["properties"]
    found = [each for each in examined.findings if each.code == "schema.body_content_missing"]
    assert [each.pointer.rpartition("/")[2].replace("~1", "/") for each in found] == names
    body = json.loads(mended(text))["paths"]["/items"]["post"]["requestBody"]
    assert body == {"content": media_types, **more}


@pytest.mark.parametrize("is_shared", [False, True])
def test_media_types_without_content_are_said_once(is_shared):
    whole = json.loads(json.dumps(WHOLE))
    post = whole["paths"]["/items"]["post"]
    post["requestBody"] = {"application/json": {"schema": {"type": "object"}}}
    if is_shared:
        whole.setdefault("components", {})["requestBodies"] = {"B": post["requestBody"]}
        post["requestBody"] = {"$ref": "#/components/requestBodies/B"}
    found = examine(read_document(json.dumps(whole).encode())).findings
    codes = [each.code for each in found if "requestBod" in each.pointer]
    assert codes == ["schema.body_content_missing"]
