import json

import pytest

from schema_service.domain.reading.read_document import read_document

YAML = """\
# a comment
openapi: 3.1.0
info:   # about it
  title: It's "fine":really
  description: |
    paths:
      /not/this: one

  version: "1"
"paths":
  /pets/{id}:
    parameters:
    - name: id
      in: path
    - &limit
      name: limit
      in: query
    get: {operationId: getPet, 'tags': [a, "b, c", {d: e}], summary: a,
      security: []}
    post:
      parameters: [*limit]
      responses:
        200: {description: "x: [y"}
        ? default
        : description: z
components:
- - first
  - second: 2
    third: >-
      folded

      second: 3
"""


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ("", 2, 1),
        ("/openapi", 2, 1),
        ("/info/title", 4, 3),
        ("/info/version", 9, 3),
        ("/paths", 10, 1),
        ("/paths/~1pets~1{id}", 11, 3),
        ("/paths/~1pets~1{id}/parameters/0", 13, 7),
        ("/paths/~1pets~1{id}/parameters/0/in", 14, 7),
        ("/paths/~1pets~1{id}/parameters/1/name", 16, 7),
        ("/paths/~1pets~1{id}/get/operationId", 18, 11),
        ("/paths/~1pets~1{id}/get/tags", 18, 32),
        ("/paths/~1pets~1{id}/get/tags/1", 18, 44),
        ("/paths/~1pets~1{id}/get/tags/2/d", 18, 53),
        ("/paths/~1pets~1{id}/get/security", 19, 7),
        ("/paths/~1pets~1{id}/post/parameters/0", 21, 20),
        ("/paths/~1pets~1{id}/post/responses/200/description", 23, 15),
        ("/paths/~1pets~1{id}/post/responses/default", 24, 11),
        ("/components/0/0", 27, 5),
        ("/components/0/1/third", 29, 5),
    ],
)
def test_every_place_in_a_yaml_text_is_found(pointer, line, column):
    assert read_document(YAML).locator.place(pointer) == (line, column)


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ("", 2, 1),
        ("/a", 3, 3),
        ("/a/1/b~1c", 4, 13),
        ("/a/2", 5, 5),
        ("/d\n", 6, 6),
    ],
)
def test_every_place_in_a_json_text_is_found(pointer, line, column):
    text = '\n{\n  "a": [1,\n    {"x":2, "b/c" : "}"},\n    []\n  ], "d\\n": 1}'
    assert read_document(text).locator.place(pointer) == (line, column)


def test_a_missing_member_is_placed_at_its_nearest_parent():
    reading = read_document("info:\n  title: x\npaths: {}\n")
    assert reading.locator.place("/paths/~1pets/get/operationId") == (3, 1)
    assert reading.locator.place("/info/title/deeper") == (2, 3)


def test_yaml_within_json_brackets_is_found_too():
    text = "{\n  # comment with } in it\n  openapi: 3.1.0,\n  info: {title: a},\n}"
    assert read_document(text).locator.place("/info/title") == (4, 10)


def test_a_pretty_and_a_minified_text_agree_on_the_order_of_members():
    document = {"b": [1, {"c": "x"}], "a": {"d": None, "e": [[]]}}
    for text in (json.dumps(document), json.dumps(document, indent=2)):
        places = [read_document(text).locator.place(p) for p in ("/b", "/b/1/c", "/a", "/a/e/0")]
        assert places == sorted(places)
