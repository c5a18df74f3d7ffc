"""Owner's finding 16: whatever of a document calls do without has a finding at its place."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import (
    JSON_BODY,
    OK,
    answered,
    body,
    document,
    multipart,
    server,
    swagger,
)

BODY = "/paths/~1a/post/requestBody/content"
PART = f"{BODY}/multipart~1form-data/encoding/p"
NODE = {"type": "object", "properties": {"p": {"type": "string"}}}
CONST = {"schema": {"const": "1"}}


def media(name, media_type, version="3.1.0"):
    node = {"requestBody": {"content": {name: media_type}}}
    return document(node, method="post", version=version)


def parts(encoding, version="3.1.0"):
    return media("multipart/form-data", {"schema": NODE, "encoding": {"p": encoding}}, version)


def header(name, node):
    return multipart({"p": {"headers": {name: node}}})


STREAM = {"schema": NODE, "itemSchema": {"type": "string"}}
CASES = {
    "a line break in contentType": (
        parts({"contentType": "text/plain\r\nX: y"}),
        ("encoding_type_left_out", f"{PART}/contentType"),
    ),
    "encoding of a body of JSON": (
        media("application/json", {"schema": NODE, "encoding": {"p": {"style": "form"}}}),
        ("encoding_left_out", f"{BODY}/application~1json/encoding/p"),
    ),
    "encoding of what is no property": (
        multipart({"q": {"contentType": "text/plain"}}),
        ("encoding_left_out", f"{PART[:-1]}q"),
    ),
    "a style of a part in 3.0": (
        parts({"style": "form", "explode": False}, "3.0.3"),
        ("encoding_left_out", f"{PART}/style"),
    ),
    "contentType beside a style": (
        parts({"style": "form", "contentType": "text/plain"}),
        ("encoding_left_out", f"{PART}/contentType"),
    ),
    "a header without a value": (
        header("X-A", {"schema": {"type": "string"}}),
        ("part_header_left_out", f"{PART}/headers/X-A"),
    ),
    "a header of the part itself": (
        header("Content-Type", CONST),
        ("part_header_left_out", f"{PART}/headers/Content-Type"),
    ),
    "a header with a name that is none": (
        header("X A", CONST),
        ("part_header_left_out", f"{PART}/headers/X A"),
    ),
    "a header with a line break in its value": (
        header("X-A", {"schema": {"const": "a\r\nb"}}),
        ("part_header_left_out", f"{PART}/headers/X-A"),
    ),
    "a header in a form": (
        media(
            "application/x-www-form-urlencoded",
            {"schema": NODE, "encoding": {"p": {"headers": {"X-A": CONST}}}},
        ),
        (
            "part_header_left_out",
            f"{BODY}/application~1x-www-form-urlencoded/encoding/p/headers/X-A",
        ),
    ),
    "a media type that is none beside others": (
        body({"content": {"json": {}, **JSON_BODY["content"]}}),
        ("body_media_left_out", f"{BODY}/json"),
    ),
    "an answer's media type that is none": (
        answered({"json": {}}),
        ("answer_media_left_out", "/paths/~1a/get/responses/200/content/json"),
    ),
    "the items of a stream": (
        media("application/json", STREAM, "3.2.0"),
        ("not_read", f"{BODY}/application~1json/itemSchema"),
    ),
    "parts within a part": (
        parts({"encoding": {"x": {}}}, "3.2.0"),
        ("not_read", f"{PART}/encoding"),
    ),
    "callbacks": (
        document({"callbacks": {"c": {"{$url}": {"post": {"responses": OK}}}}}),
        ("not_read", "/paths/~1a/get/callbacks"),
    ),
    "webhooks": (document(webhooks={"w": {"post": {"responses": OK}}}), ("not_read", "/webhooks")),
    "links": (
        document({"responses": {"200": {"description": "d", "links": {"l": {}}}}}),
        ("not_read", "/paths/~1a/get/responses/200/links"),
    ),
    "a server variable that stands nowhere": (
        server("https://a.example", b={"default": "c"}),
        ("server_variable_idle", "/servers/0/variables/b"),
    ),
    "consumes of Swagger": (
        swagger(consumes=["json", "application/json"], paths={"/a": {"post": {"responses": OK}}}),
        ("body_media_left_out", "/consumes/0"),
    ),
    "produces of Swagger": (
        swagger(paths={"/a": {"get": {"produces": ["json"], "responses": OK}}}),
        ("answer_media_left_out", "/paths/~1a/get/produces/0"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_o16_what_is_left_out_is_found_at_its_place(case):
    text, (code, pointer) = CASES[case]

    found = examine(read_document(text)).findings

    [finding] = [each for each in found if each.code == f"schema.{code}"]
    assert finding.pointer == pointer
    assert finding.line is not None
    assert finding.hint


FINE = {
    "an object that may have other members": {"schema": {**NODE, "additionalProperties": True}},
    "members by reference": {"schema": {"allOf": [NODE, {"type": "object"}]}},
    "no schema": {},
}


@pytest.mark.parametrize("case", FINE)
def test_o16_an_encoding_that_may_count_is_not_said_to_be_left_out(case):
    encoding = {"encoding": {"q": {"contentType": "text/plain"}}}
    text = media("multipart/form-data", {**FINE[case], **encoding})

    assert "schema.encoding_left_out" not in {f.code for f in examine(read_document(text)).findings}


def test_o16_what_many_operations_share_is_said_once():
    shared = {"content": {"multipart/form-data": {"schema": NODE, "encoding": {"z": {}}}}}
    operations = {
        f"/{n}": {
            "post": {"requestBody": {"$ref": "#/components/requestBodies/B"}, "responses": OK}
        }
        for n in range(30)
    }
    whole = json.loads(document())
    whole |= {"paths": operations, "components": {"requestBodies": {"B": shared}}}

    found = examine(read_document(json.dumps(whole))).findings

    places = [each.pointer for each in found if each.code == "schema.encoding_left_out"]
    assert places == [
        "/components/requestBodies/B/content/multipart~1form-data/encoding/z",
    ]
