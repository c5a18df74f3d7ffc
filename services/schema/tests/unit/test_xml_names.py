"""A body that XML has no form for blocks its operation, or is sent in another media type."""

import json

import pytest

from contracts.xml_name import is_xml_name, qualified
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document

XML, JSON = "application/xml", "application/json"
SOAP = {"prefix": "soap", "namespace": "http://soap"}


def examined(schema, *media_types, schemas=()):
    content = {each: {"schema": schema} for each in media_types or (XML,)}
    operation = {
        "operationId": "send",
        "summary": "s",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "d"}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.acme.com"}],
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": dict(schemas)},
    }
    return examine(read_document(json.dumps(document).encode()))


def found(examination):
    [item] = examination.operations
    codes = [each.code for each in examination.findings if each.code.startswith("schema.xml_")]
    return item.operation, codes


def member(name="a", xml=None, **schema):
    node = {"type": "string", **schema, **({"xml": xml} if xml else {})}
    return {"type": "object", "properties": {name: node}}


@pytest.mark.parametrize(
    "schema",
    [
        member("x y"),
        member("@id"),
        member("$type"),
        member("1st"),
        member("a/b"),
        member("a", {"name": "x y"}),
        member("a", {"prefix": "x y", "namespace": "http://x"}),
        member("@id", {"attribute": True}),
        member("a", items=member("x y"), type="array"),
        member("x y", {"wrapped": True}, items={"type": "string"}, type="array"),
        member("a", properties=member("x y")["properties"], type="object"),
        {"allOf": [member("x y")]},
        {"oneOf": [member("a"), member("x y")]},
        {"type": "object", "properties": {"a": {}}, "xml": {"name": "1"}},
        {"$ref": "#/components/schemas/1st"},
        {"type": "array", "items": member("x y")},
    ],
)
def test_a_name_that_xml_does_not_have_blocks_what_is_sent_as_xml(schema):
    operation, codes = found(examined(schema, schemas={"1st": member()}))

    assert operation is None
    assert codes == ["schema.xml_name_invalid"]


def test_the_finding_stands_where_the_name_is():
    pet = member("a", properties=member("x y")["properties"], type="object")
    examination = examined({"$ref": "#/components/schemas/Pet"}, schemas={"Pet": pet})
    [error] = [each for each in examination.findings if each.code == "schema.xml_name_invalid"]

    assert error.pointer == "/components/schemas/Pet/properties/a/properties/x y"
    assert "nothing can be called x y" in error.message


@pytest.mark.parametrize(
    "schema",
    [
        member(),
        member("é"),
        member("x-y.z_1"),
        member("x y", {"name": "xy"}),
        member("x y", {"nodeType": "text"}),
        member("x y", items={"type": "string", "xml": {"name": "i"}}, type="array"),
        member("x y", readOnly=True),
        {"type": "string", "xml": {"name": "x y"}},
        {"$ref": "#/components/schemas/Ring"},
    ],
)
def test_what_xml_has_a_name_for_is_ready(schema):
    ring = {"type": "object", "properties": {"n": {"$ref": "#/components/schemas/Ring"}}}
    operation, codes = found(examined(schema, schemas={"Ring": ring}))

    assert operation is not None
    assert codes == []


@pytest.mark.parametrize("others", [(JSON,), ("text/csv",), (JSON, "text/xml")])
def test_another_media_type_is_taken_where_there_is_one(others):
    operation, codes = found(examined(member("x y"), XML, *others))

    assert operation.body.media_type == others[0]
    assert operation.body.alternatives == ()
    assert set(codes) == {"schema.xml_left_out"}


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ({"name": "soap:Envelope", **SOAP}, ("Envelope", "soap", "http://soap")),
        (
            {"name": "soap:Envelope", "namespace": "http://soap"},
            ("Envelope", "soap", "http://soap"),
        ),
        ({"name": "Envelope", **SOAP}, ("Envelope", "soap", "http://soap")),
        ({"name": "Envelope", "namespace": "http://x"}, ("Envelope", "", "http://x")),
    ],
)
def test_a_colon_in_a_name_stands_behind_its_prefix(xml, expected):
    operation, _ = found(examined({**member(), "xml": xml}))
    root = operation.body.xml

    assert (root.name, root.prefix, root.namespace) == expected


def test_a_prefix_that_something_in_the_body_declares_is_declared_at_the_root():
    schema = member("a", {"name": "soap:a"})
    schema["properties"]["b"] = {"type": "string", "xml": SOAP}
    operation, codes = found(examined(schema))

    assert operation.body.xml.namespaces == {"soap": "http://soap"}
    assert codes == []


@pytest.mark.parametrize("schema", [member("xmlns:soap", {"attribute": True}), member("a", SOAP)])
def test_a_prefix_may_be_declared_by_an_attribute_or_beside_another_name(schema):
    schema["properties"]["soap:b"] = {"type": "string"}

    assert found(examined(schema))[1] == []


@pytest.mark.parametrize(
    "schema",
    [
        {**member(), "xml": {"name": "soap:Envelope"}},
        member("soap:a"),
        member("a", {"prefix": "soap"}),
        member("a", {"name": "soap:a", "attribute": True}),
        member("xml:a"),
    ],
)
def test_a_prefix_that_nothing_declares_blocks(schema):
    operation, codes = found(examined(schema))

    assert operation is None
    assert codes == ["schema.xml_prefix_undeclared"]


def test_the_language_of_an_element_needs_no_declaration():
    assert found(examined(member("xml:lang", {"attribute": True})))[1] == []


@pytest.mark.parametrize("name", ["a", "_", "é", "a-b.c", "a1", "\U00010000", "a\xb7"])
def test_names_of_xml(name):
    assert is_xml_name(name)


@pytest.mark.parametrize("name", ["", "1", "-a", ".a", "a b", "a:b", "\xb2", "\xd7", "a\n", "a/b"])
def test_what_is_no_name_of_xml(name):
    assert not is_xml_name(name)


def test_a_prefix_is_split_off_once():
    assert qualified("a:b", "") == ("a", "b")
    assert qualified("a:b", "a") == ("a", "b")
    assert not qualified("a:b:c", "").is_valid
    assert not qualified("a:b", "c").is_valid
    assert qualified("b", "a").written == "a:b"


@pytest.mark.parametrize("nested", [True, False])
def test_a_name_of_members_that_nothing_names_is_checked_too(nested):
    free = {"type": "object", "additionalProperties": {"xml": {"name": "bad name"}}}
    found = examined({"type": "object", "properties": {"a": free}} if nested else free)
    assert [each.code for each in found.findings] == ["schema.xml_name_invalid"]
    assert found.operations[0].operation is None


@pytest.mark.parametrize("wrong", [{}, [], {"a": 1}, 5, None])
def test_a_node_type_that_is_no_text_ends_no_examination(wrong):
    node = {"type": "string", "xml": {"nodeType": wrong}}
    schema = {"type": "object", "xml": {"name": "r"}, "properties": {"a": node}}
    assert examined(schema).operations
