"""The root of an XML document is called the same, whatever else a body may be and is made of."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document

XML, JSON = "application/xml", "application/json"
INFO = {"title": "t", "version": "1"}
PET = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"type": "string"}},
    "xml": {"name": "pet", "namespace": "urn:p"},
}
LIVES = {"type": "object", "properties": {"lives": {"type": "integer"}}}
DISCRIMINATORS = {
    "3.0.3": {"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat"}},
    "3.1.0": {"propertyName": "kind"},
    "2.0": "kind",
}


def components(version, *, decides):
    prefix = "#/definitions" if version == "2.0" else "#/components/schemas"
    pet = {**PET, "discriminator": DISCRIMINATORS[version]} if decides else PET
    reference = {"$ref": f"{prefix}/Pet"}
    return {"Pet": pet, "Cat": {"allOf": [reference, LIVES]}}, reference


def document(version, media_types, schema, schemas):
    operation = {"operationId": "a", "responses": {"200": {"description": "d"}}}
    whole = {"info": INFO, "paths": {"/a": {"post": operation}}}
    if version == "2.0":
        body = {"in": "body", "name": "body", "required": True, "schema": schema}
        operation |= {"parameters": [body], "consumes": media_types}
        more = {"swagger": version, "host": "api.foo.dev", "schemes": ["https"]}
        return whole | more | {"definitions": schemas}
    content = {media_type: {"schema": schema} for media_type in media_types}
    operation["requestBody"] = {"required": True, "content": content}
    whole |= {"openapi": version, "servers": [{"url": "https://api.foo.dev"}]}
    return whole | {"components": {"schemas": schemas}}


def root_of(whole):
    (found,) = examine(read_document(json.dumps(whole).encode())).operations
    body = found.operation.body
    (root,) = [each.xml for each in (body, *body.alternatives) if each.media_type == XML]
    return root.name, root.namespace


@pytest.mark.parametrize("decides", [False, True])
@pytest.mark.parametrize("media_types", [[XML], [JSON, XML], [XML, JSON]])
@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0"])
@pytest.mark.parametrize("written", ["reference", "inline", "allOf", "allOf of two"])
def test_the_root_has_the_name_and_the_namespace_of_its_schema(
    version, media_types, decides, written
):
    schemas, reference = components(version, decides=decides)
    schema = {
        "reference": reference,
        "inline": schemas["Pet"],
        "allOf": {"allOf": [reference]},
        "allOf of two": {"allOf": [reference, LIVES]},
    }[written]
    assert root_of(document(version, media_types, schema, schemas)) == ("pet", "urn:p")


@pytest.mark.parametrize("media_types", [[XML], [JSON, XML]])
def test_a_component_without_a_name_of_its_own_gives_its_own(media_types):
    schemas, _ = components("3.0.3", decides=True)
    cat = {"$ref": "#/components/schemas/Cat"}
    assert root_of(document("3.0.3", media_types, cat, schemas)) == ("Cat", "")
