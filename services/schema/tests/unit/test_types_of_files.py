"""What a tool says of the type of a file: the types that the document permits, and no others."""

import json

import jsonschema_rs
import pytest

from contracts.tool_forms.strict import strict_schema
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document

FILE = {"type": "string", "format": "binary"}
FILES = {"type": "array", "items": FILE}
MEMBERS = ("filename", "content_type")


def whole(media_type, media):
    operation = {"operationId": "up", "responses": {"200": {"description": "d"}}}
    operation["requestBody"] = {"required": True, "content": {media_type: media}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    document["servers"] = [{"url": "https://api.foo.dev"}]
    return document | {"paths": {"/up": {"post": operation}}}


def asked(media_type, media):
    found = examine(read_document(json.dumps(whole(media_type, media)).encode()))
    (operation,) = found.operations
    return operation.operation.arguments["properties"]


def asked_part(content_type, schema=None):
    fields = {"type": "object", "required": ["file"], "properties": {"file": schema or FILE}}
    media = {"schema": fields, "encoding": {"file": {"contentType": content_type}}}
    return asked("multipart/form-data", media)["file"]


def type_asked(schema):
    forms = [schema, *schema.get("anyOf", ()), schema.get("items", {})]
    forms += schema.get("items", {}).get("anyOf", ())
    return next(form["properties"]["content_type"] for form in forms if "properties" in form)


@pytest.mark.parametrize("schema", [FILE, FILES])
def test_one_type_is_the_default_and_the_only_choice(schema):
    found = type_asked(asked_part("application/pdf", schema))
    assert found["anyOf"][0] == {"enum": ["application/pdf", None]}
    assert found["default"] == "application/pdf"
    assert found["description"] == "Its type, application/pdf."


def test_several_types_are_an_enum_and_the_first_is_named():
    found = type_asked(asked_part("image/png, image/jpeg, image/png"))
    assert found["anyOf"][0] == {"enum": ["image/png", "image/jpeg", None]}
    assert "default" not in found
    assert found["description"] == "Its type; image/png where it is left out."


@pytest.mark.parametrize(
    ("content_type", "fits", "refused"),
    [
        ("image/*", ["image/png", "image/svg+xml"], ["application/pdf", "image/*", "image"]),
        ("image/*, video/*", ["video/mp4", "image/png; q=1"], ["audio/mpeg", "ximage/png"]),
        ("image/*, text/csv", ["image/gif", "text/csv", None], ["text/plain"]),
        ("application/*", ["application/zip", None], ["image/png"]),
    ],
)
def test_a_range_is_described_and_checked(content_type, fits, refused):
    found = type_asked(asked_part(content_type))
    assert content_type in found["description"]
    check = jsonschema_rs.validator_for(found)
    assert [each for each in fits if not check.is_valid(each)] == []
    assert [each for each in refused if check.is_valid(each)] == []


@pytest.mark.parametrize("content_type", ["image/*", "image/*, audio/*"])
@pytest.mark.parametrize("schema", [FILE, {**FILE, "type": ["string", "null"]}])
def test_a_range_without_octets_asks_for_the_type(content_type, schema):
    found = asked_part(content_type, schema)
    check = jsonschema_rs.validator_for(found)
    assert not check.is_valid("aGk=")
    assert not check.is_valid({"base64": "aGk="})
    assert not check.is_valid({"base64": "aGk=", "filename": None, "content_type": None})
    assert check.is_valid({"base64": "aGk=", "content_type": "image/png", "filename": None})
    assert check.is_valid({"base64": "aGk=", "content_type": None, "filename": "a.png"})
    assert check.is_valid(None) == ("null" in schema["type"])
    assert found["description"].startswith('Give {"base64": …, "content_type": …}')


def test_strict_tools_have_words_for_a_file_of_a_range():
    properties = {"file": asked_part("image/*")}
    arguments = {"type": "object", "properties": properties, "required": ["file"]}
    forms = strict_schema(arguments)["properties"]["file"]["anyOf"]
    kinds = [[form["properties"][each]["type"] for each in MEMBERS] for form in forms[:2]]
    assert kinds == [[["string", "null"], "string"], ["string", ["string", "null"]]]


def test_a_whole_body_of_a_range_asks_for_the_type():
    check = jsonschema_rs.validator_for(asked("image/*", {"schema": FILE})["body"])
    assert not check.is_valid("aGk=")
    assert check.is_valid({"base64": "aGk=", "content_type": "image/png"})


@pytest.mark.parametrize("content_type", ["*/*", "png", "application/octet-stream, */*"])
def test_where_any_type_is_permitted_none_is_asked_for(content_type):
    found = asked_part(content_type)
    assert jsonschema_rs.validator_for(found).is_valid("aGk=")
    assert type_asked(found)["description"] == "Its type, such as image/png."
