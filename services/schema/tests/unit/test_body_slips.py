"""Bodies whose schema or fields stand at a wrong level are read as they are meant, and say so."""

import copy
import json

import pytest

from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

FIELD = {"n": {"type": "string"}}
OBJECT = {"type": "object", "properties": FIELD}
REFERENCE = {"$ref": "#/components/schemas/Order"}


def document(body=None, **more):
    operation = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
    operation |= {"requestBody": copy.deepcopy(body)} if body is not None else {}
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    whole |= {"servers": [{"url": "https://api.foo.dev"}], "paths": {"/a": {"post": operation}}}
    return json.dumps({**whole, "components": {"schemas": {"Order": OBJECT}}, **more})


def in_json(schema, **body):
    return {"content": {"application/json": {"schema": schema}}, **body}


SLIPS = {
    "schema in the body": ({"schema": OBJECT}, "body_schema_misplaced"),
    "reference in the body": ({"schema": REFERENCE}, "body_schema_misplaced"),
    "body is the schema": ({**OBJECT, "description": "d"}, "body_schema_misplaced"),
    "media type is the schema": (
        {"content": {"application/json": OBJECT}},
        "body_schema_misplaced",
    ),
    "media type is a reference": (
        {"content": {"application/json": REFERENCE}},
        "body_schema_misplaced",
    ),
    "fields beside type": (in_json({"type": "object", **FIELD}), "member_beside_type"),
    "some fields beside type": (
        in_json({"type": "object", "properties": {}, **FIELD}),
        "member_beside_type",
    ),
    "nc10 a schema in a schema": (in_json({"schema": OBJECT}), "schema_in_schema"),
    "nc10 a schema beside its type": (
        in_json({"type": "object", "schema": {"properties": FIELD}}),
        "schema_in_schema",
    ),
    "a type for a schema": (in_json({"properties": {"n": "string"}}), "schema_is_type"),
    "required among properties": (
        in_json({"type": "object", "properties": {**FIELD, "required": ["n"]}}, required=True),
        "keyword_in_properties",
    ),
    "description among properties": (
        in_json({"type": "object", "properties": {**FIELD, "description": "An order"}}),
        "keyword_in_properties",
    ),
    "type among properties": (
        in_json({"properties": {**FIELD, "type": "object"}}),
        "keyword_in_properties",
    ),
}


@pytest.mark.parametrize(("body", "code"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_a_body_is_read_as_meant_said_once_and_repaired(body, code):
    examination = examine(read_document(document(body)))
    [operation] = examination.operations
    assert operation.verdict is Verdict.READY_WITH_WARNINGS
    assert operation.operation.arguments["properties"] == FIELD
    assert operation.operation.body.media_type == "application/json"
    assert [each.code for each in examination.findings] == [f"schema.{code}"]
    repaired = repair_all(document(body), [examination.findings[0].repair]).text
    after = examine(read_document(repaired))
    assert after.findings == ()
    assert after.operations[0].operation.arguments == operation.operation.arguments


def test_required_among_the_properties_is_required():
    body = SLIPS["required among properties"][0]
    [operation] = examine(read_document(document(body))).operations
    assert operation.operation.arguments["required"] == ["n"]


@pytest.mark.parametrize("value", [None, [], "a text", 5])
def test_what_is_no_schema_says_what_to_write(value):
    findings = examine(read_document(document(in_json({"properties": {"n": value}})))).findings
    [finding] = [each for each in findings if each.pointer.endswith("/n")]
    assert finding.code == "schema.schema_not_an_object"
    assert "type:" in finding.hint


def test_a_body_without_any_schema_is_said_once():
    findings = examine(read_document(document({"description": "d"}))).findings
    assert [each.code for each in findings] == ["schema.body_media_missing"]


def test_fields_that_are_called_like_keywords_stay_fields():
    fields = {name: {"type": "string"} for name in ("required", "type", "title", "description")}
    examination = examine(
        read_document(document(in_json({"type": "object", "properties": fields})))
    )
    assert examination.operations[0].operation.arguments["properties"] == fields
    assert examination.findings == ()


def test_a_reference_that_is_nothing_blocks():
    examination = examine(read_document(document(in_json({"properties": {"n": {"$ref": None}}}))))
    assert examination.operations[0].verdict is Verdict.BLOCKED
    assert "here it is nothing" in examination.findings[0].message


GONE = {"$ref": "#/components/schemas/Gone"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"schema": GONE}, "schema"),
        ({"content": {"text/plain": GONE}}, "content/text~1plain"),
        ({"content": {"multipart/form-data": GONE}}, "content/multipart~1form-data"),
        (in_json(GONE), "content/application~1json/schema"),
    ],
)
def test_a_reference_to_nothing_blocks_at_whichever_level_it_stands(body, place):
    examination = examine(read_document(document(body)))
    assert examination.operations[0].verdict is Verdict.BLOCKED
    where = f"/paths/~1a/post/requestBody/{place}/$ref"
    assert ("schema.reference_dangling", where) in [
        (each.code, each.pointer) for each in examination.findings
    ]


def test_a_reference_to_nothing_blocks_below_a_parameter_s_content():
    parameter = {"name": "q", "in": "query", "content": {"application/json": GONE}}
    paths = {"/a": {"get": {"operationId": "a", "parameters": [parameter], "responses": {}}}}
    examination = examine(read_document(document(paths=paths)))
    assert examination.operations[0].verdict is Verdict.BLOCKED
    where = "/paths/~1a/get/parameters/0/content/application~1json/$ref"
    assert where in [each.pointer for each in examination.findings]


def test_a_media_type_may_be_a_reference():
    """OAS 3.2, 4.8.1 and 4.8.17."""
    media = {"$ref": "#/components/mediaTypes/Order"}
    parts = {"schemas": {}, "mediaTypes": {"Order": {"schema": OBJECT}}}
    body = {"content": {"application/json": media}}
    parameter = {"name": "q", "in": "query", "content": {"application/json": media}}
    operation = {"operationId": "a", "requestBody": body, "parameters": [parameter]}
    operation["responses"] = {"200": {"description": "d"}}
    paths = {"/a": {"post": operation}}
    text = document(openapi="3.2.0", components=parts, paths=paths)
    [found] = examine(read_document(text)).operations
    assert found.operation.arguments["properties"] == {"q": OBJECT, **FIELD}


def wrong_media(inner, **more):
    """A body and a parameter whose media types are the one of components."""
    media = {"$ref": "#/components/mediaTypes/M"}
    parameter = {"name": "q", "in": "query", "content": {"application/json": media}}
    operation = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
    parts = {"mediaTypes": {"M": {"schema": inner, **more}}}
    of = {
        "/p": {"get": {**operation, "parameters": [parameter]}},
        "/j": {"post": {**operation, "requestBody": {"content": {"application/json": media}}}},
        "/m": {"post": {**operation, "requestBody": {"content": {"multipart/form-data": media}}}},
    }
    return {
        path: examine(
            read_document(document(openapi="3.2.0", components=parts, paths={path: item}))
        ).findings
        for path, item in of.items()
    }


PLACE = "/components/mediaTypes/M"


@pytest.mark.parametrize("path", ["/p", "/j", "/m"])
def test_what_is_wrong_in_a_media_type_that_is_referred_to_is_said_where_it_is_written(path):
    part = {"type": "object", "properties": {"n": {"$ref": "#/components/schemas/Gone"}}}
    found = wrong_media(part)[path]
    [finding] = [each for each in found if each.code == "schema.reference_dangling"]
    assert finding.pointer == f"{PLACE}/schema/properties/n/$ref"


@pytest.mark.parametrize("media_type", ["application/xml", "text/x-yaml", "application/x+yaml"])
def test_a_part_that_is_made_as_json_is_named_where_its_type_is_written(media_type):
    schema = {"properties": {"p": {"type": "object"}}}
    found = wrong_media(schema, encoding={"p": {"contentType": media_type}})["/m"]
    [finding] = [each for each in found if each.code == "schema.part_as_json"]
    assert finding.pointer == f"{PLACE}/encoding/p/contentType"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "schema": {"type": "string"}},
        {"type": "object", "properties": {"schema": OBJECT}},
        {"type": "object", **FIELD, "schema": OBJECT},
    ],
)
def test_nc10_a_field_that_is_called_schema_stays_one(schema):
    examination = examine(read_document(document(in_json(schema))))

    assert "schema" in examination.operations[0].operation.arguments["properties"]
    assert "schema.schema_in_schema" not in {each.code for each in examination.findings}


@pytest.mark.parametrize("media", [{"name": "string", "age": 5}, {"name": {"type": "string"}}])
def test_nc11_fields_in_a_media_type_itself_say_what_is_missing(media):
    body = {"content": {"application/json": media}}
    [found] = examine(read_document(document(body))).findings

    assert (found.code, found.severity) == ("schema.body_schema_missing", "warning")
    assert "name" in found.message
    assert "Write schema:" in found.hint
    assert (found.repair is None) is ("age" in media)


@pytest.mark.parametrize("field", [{"type": "string"}, "string"])
def test_nc11_fields_with_types_in_a_media_type_become_those_of_a_schema(field):
    text = document({"content": {"application/json": {"n": field}}})
    [found] = examine(read_document(text)).findings

    after = examine(read_document(repair_all(text, [found.repair]).text))
    assert after.findings == ()
    assert after.operations[0].operation.arguments["properties"] == FIELD
