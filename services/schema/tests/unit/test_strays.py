"""e9: what stands in the wrong place is an error there, and no repair loses it."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from services.schema.tests.rule_documents import OK, body, document, parameter, schema, swagger

HEAD = """openapi: 3.1.0
info:
  title: Shop
  version: "1.0"
servers:
  - url: https://api.real-shop.com
paths:
"""
PARAMETER = """  /items/{id}:
    parameters:
    - name: id
      in: path
      required: true
      schema:
        type: string
"""
GET = """    get:
      operationId: getItem
      summary: Get
      responses:
        "200": {description: ok}
"""
PUT = GET.replace("get", "put")
OTHER = "  /other:\n" + GET.replace("getItem", "other")
POST = """  /items:
    post:
      operationId: addItem
      summary: Add
      parameters:
      - name: id
        in: query
        schema: {type: string}
"""
BODY = """      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {a: {type: string}}}
"""
ANSWERS = """      responses:
        "200": {description: ok}
"""
STRAYS = {
    "schema.operation_misplaced",
    "schema.path_misplaced",
    "schema.path_inside_operation",
    "schema.member_misplaced",
}


def deeper(text, columns):
    lines = text.splitlines(keepends=True)
    return "".join(" " * columns + line if columns > 0 else line[-columns:] for line in lines)


def first_deeper(text, columns):
    return " " * columns + text


def examined(text):
    return examine(read_document(text))


def errors(text):
    return [each for each in examined(text).findings if each.severity == "error"]


def strays(text):
    return [each for each in examined(text).findings if each.code in STRAYS]


def repaired(text):
    repairs = [each.repair for each in examined(text).findings if each.repair]
    return repair_all(text, repairs).text


def operations(text):
    return sorted(f"{each.method} {each.path}" for each in examined(text).operations)


def kept(text, *names):
    """Either no repair that makes it valid, or one after which all operations are there."""
    after = repaired(text)
    return not examined(after).valid or operations(after) == sorted(names)


GET_ITEM, PUT_ITEM, GET_OTHER = "GET /items/{id}", "PUT /items/{id}", "GET /other"


@pytest.mark.parametrize("columns", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("shift", [deeper, first_deeper])
@pytest.mark.parametrize("rest", ["", PUT])
def test_a_method_too_far_right_is_an_error_and_is_not_lost(columns, shift, rest):
    text = HEAD + PARAMETER + shift(GET, columns) + rest
    wrong = {each.line for each in errors(text)}
    assert wrong & {14, 15}  # a text may end with the line above
    assert kept(text, GET_ITEM, *([PUT_ITEM] if rest else []))


@pytest.mark.parametrize("columns", [-1, 1, 2, 3, 4])
@pytest.mark.parametrize("shift", [deeper, first_deeper])
def test_a_body_too_far_right_is_an_error_and_is_not_lost(columns, shift):
    if columns < 0 and shift is first_deeper:
        pytest.skip("a line alone, moved to the left")
    text = HEAD + POST + shift(BODY + ANSWERS, columns)
    assert 16 in [each.line for each in errors(text)]
    after = read_document(repaired(text))
    is_valid = after.document is not None and examine(after).valid
    node = after.document["paths"]["/items"]["post"] if is_valid else {}
    assert not is_valid or {"requestBody", "responses"} <= node.keys()


@pytest.mark.parametrize(
    ("text", "line", "found", "names"),
    [
        (HEAD + PARAMETER + GET + deeper(PUT, 2), 20, "put", (GET_ITEM, PUT_ITEM)),
        (HEAD + PARAMETER + GET + deeper(PUT, 4), 20, "put", (GET_ITEM, PUT_ITEM)),
        (HEAD + PARAMETER + GET + deeper(OTHER, -2), 20, "/other", (GET_ITEM, GET_OTHER)),
        (HEAD + PARAMETER + GET + deeper(OTHER, 4), 20, "/other", (GET_ITEM, GET_OTHER)),
        (HEAD + PARAMETER + GET + deeper(OTHER, 6), 20, "/other", (GET_ITEM, GET_OTHER)),
    ],
)
def test_an_operation_or_path_in_another_one_is_named_and_moved(text, line, found, names):
    [finding] = strays(text)
    assert (finding.line, finding.severity) == (line, "error")
    assert finding.pointer.rpartition("/")[2].replace("~1", "/") == found
    assert operations(repaired(text)) == sorted(names)
    assert examined(repaired(text)).valid


BARE = HEAD + POST.partition("      parameters")[0]


@pytest.mark.parametrize(
    ("text", "kept_at"),
    [
        (BARE + BODY.replace("        content", "      content") + ANSWERS, "requestBody"),
        (BARE + ANSWERS + deeper(BODY, 2), "requestBody"),
        (BARE + ANSWERS.replace('        "200"', '      "200"'), "responses"),
    ],
)
def test_bodies_and_answers_in_the_wrong_column_come_to_their_operation(text, kept_at):
    assert errors(text)
    after = read_document(repaired(text)).document
    assert after["paths"]["/items"]["post"][kept_at]


def test_an_operation_among_properties_is_one_where_it_has_all_of_it():
    node = {"operationId": "b", "responses": OK}
    [finding] = strays(schema({"type": "object", "properties": {"put": node}}))
    assert finding.code == "schema.operation_misplaced"
    assert strays(schema({"type": "object", "properties": {"put": {"title": "Put"}}})) == []


def test_schemes_at_the_margin_say_below_what_they_belong():
    text = HEAD + OTHER + "securitySchemes:\n  key: {type: apiKey, in: header, name: X}\n"
    [finding] = strays(text)
    assert finding.hint.startswith("Write components: above it")
    assert "securitySchemes" in read_document(repaired(text)).document["components"]


def test_the_hint_says_by_how_many_columns():
    [finding] = strays(HEAD + PARAMETER + GET + deeper(PUT, 2))
    assert "to the left by 2 columns, so that it begins in column 5" in finding.hint
    [finding] = strays(HEAD + PARAMETER + GET + deeper(OTHER, -2))
    assert "to the right by 2 columns, so that it begins in column 3" in finding.hint
    [finding] = strays(document({"post": {"responses": OK}}))
    assert "column" not in finding.hint


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (parameter(requestBody={"content": {"text/plain": {}}}), "requestBody"),
        (schema({"type": "string", "get": {"responses": OK}}), "get"),
        (schema({"type": "string", "POST": {"operationId": "x", "responses": OK}}), "POST"),
        (body({"content": {"text/plain": {"responses": OK}}}), "responses"),
        (document({"responses": {"200": {"description": "d", "404": OK["200"]}}}), "404"),
        (
            document({"responses": {**OK, "parameters": [{"name": "a", "in": "query"}]}}),
            "parameters",
        ),
        (document({"404": {"description": "d"}}), "404"),
        (document(item={"components": {"schemas": {"A": {"type": "string"}}}}), "components"),
        (document(components={"schemas": {}, "paths": {"/b": {"get": {}}}}), "paths"),
        (document(schemas={"A": {"type": "string"}}), "schemas"),
        (document(parameters={"P": {"name": "p", "in": "query"}}), "parameters"),
        (document(get={"responses": OK}), "get"),
        (document(webhooks={"x": {"post": {"put": {"responses": OK}}}}), "put"),
    ],
)
def test_what_stands_where_openapi_has_none_is_an_error(text, pointer):
    [finding] = strays(text)
    assert finding.severity == "error"
    assert finding.pointer.rpartition("/")[2] == pointer
    assert not examined(text).valid


EXAMPLE = {"get": {"responses": OK}, "/a": {"get": {}}, "requestBody": {}, "paths": {"/a": {}}}


@pytest.mark.parametrize(
    "text",
    [
        schema({"type": "object", "properties": {"get": {"type": "object"}, "responses": {}}}),
        schema({"type": "object", "properties": {"responses": {"properties": {"200": {}}}}}),
        schema({"type": "object", "example": EXAMPLE}),
        schema({"type": "object", "default": EXAMPLE}),
        schema({"const": EXAMPLE}),
        schema({"enum": [EXAMPLE]}),
        schema({"type": "object", "x-more": EXAMPLE}),
        schema({"type": "object", "get": {"type": "string"}, "responses": {"type": "array"}}),
        parameter(example=EXAMPLE),
        parameter(examples={"get": {"value": EXAMPLE}}),
        document({"callbacks": {"done": {"/x": {"post": {"responses": OK}}}}}),
        document(
            {"responses": {"200": {"description": "d", "links": {"get": {"parameters": {}}}}}}
        ),
        document(components={"schemas": {"get": {"type": "string"}, "responses": {}}}),
        document(components={"pathItems": {"get": {"get": {"responses": OK}}}}),
        document(webhooks={"get": {"post": {"responses": OK}}, "/b": {"get": {"responses": OK}}}),
        document(method="GET"),
        document(item={"$ref": "#/components/pathItems/a"}),
        document(version="3.2.0", item={"additionalOperations": {"COPY": {"responses": OK}}}),
        swagger(
            paths={"/a": {"get": {"responses": {}}}},
            parameters={"P": {"name": "p", "in": "query", "type": "string"}},
            responses={"R": {"description": "d"}},
        ),
    ],
)
def test_what_may_have_any_name_is_no_error(text):
    assert strays(text) == []


@pytest.mark.parametrize(
    "text",
    [
        HEAD + PARAMETER + GET + deeper(GET, 2),
        HEAD + "  get:\n    operationId: a\n    responses: {}\n",
    ],
)
def test_where_the_place_is_taken_or_not_clear_nothing_is_moved(text):
    [finding] = strays(text)
    assert finding.repair is None


def test_a_method_never_becomes_a_path():
    text = HEAD + "  /items: list\n" + GET
    assert errors(text)
    assert "/get" not in repaired(text)


def test_a_slip_elsewhere_is_repaired_beside_what_stands_wrong():
    text = HEAD + PARAMETER + GET + deeper(PUT, 2)
    slip = text.replace("summary: Get", "summary: Get: one")
    assert operations(repaired(slip)) == [GET_ITEM, PUT_ITEM]
