"""What the OAS texts say about parameters, bodies and headers, from the document to the wire."""

import pytest

from contracts.operation import Operation
from execution_service.domain.errors import (
    HeaderRefused,
    MediaTypeNotOffered,
    MediaTypeOfOtherArguments,
)
from tests.contract.wire_of_documents import (
    accept_of_call,
    examined,
    of_body,
    of_operation,
    of_parameters,
    of_swagger,
    operation_of,
    refusal,
    sent,
)

FORM = "application/x-www-form-urlencoded"
LIST = {"type": "array", "items": {"type": "string"}}
OBJECT = {"type": "object"}


def parameter(name, schema, location="query", **more):
    return {"name": name, "in": location, "schema": schema, **more}


def in_swagger(location, collection_format, **more):
    field = {"name": "x", "in": location, "required": True, "type": "array"}
    field |= {"items": {"type": "string"}, "collectionFormat": collection_format}
    path = "/a/{x}" if location == "path" else "/a"
    return of_swagger([field], path=path, **more)


@pytest.mark.parametrize(
    ("collection_format", "path", "query", "header"),
    [
        ("csv", "a,b", "x=a,b", "a,b"),
        ("ssv", "a%20b", "x=a%20b", "a b"),
        ("tsv", None, "x=a%09b", "a\tb"),
        ("pipes", "a%7Cb", "x=a%7Cb", "a|b"),
        ("multi", None, "x=a&x=b", None),
    ],
)
def test_w3_lists_of_swagger_are_joined_as_it_says(collection_format, path, query, header):
    value = {"x": ["a", "b"]}
    assert sent(in_swagger("query", collection_format), value).query == query
    assert sent(in_swagger("formData", collection_format), value).body == query.encode()
    found = examined(in_swagger("path", collection_format)).findings
    assert ("schema.collection_format_unfit" in [each.code for each in found]) is (path is None)
    assert sent(in_swagger("path", collection_format), value).target == f"/a/{path or 'a,b'}"
    assert sent(in_swagger("header", collection_format), value).headers["x"] == (header or "a,b")


def nested(location, outer, *inner):
    items = {"type": "integer"}
    for each in reversed(inner):
        items = {"type": "array", "items": items, **({"collectionFormat": each} if each else {})}
    document = in_swagger(location, outer)
    path = "/a/{x}" if location == "path" else "/a"
    document["paths"][path]["post"]["parameters"][0]["items"] = items
    return document


@pytest.mark.parametrize(
    ("location", "formats", "expected"),
    [
        ("query", ("csv", "pipes"), "x=1%7C2,3"),
        ("query", ("pipes", "csv"), "x=1%2C2%7C3"),
        ("query", ("multi", "ssv"), "x=1%202&x=3"),
        ("query", ("multi", None), "x=1%2C2&x=3"),
        ("query", ("csv", "tsv"), "x=1%092,3"),
        ("formData", ("csv", "pipes"), "x=1%7C2,3"),
    ],
)
def test_w3_lists_within_lists_of_swagger_have_their_own_format(location, formats, expected):
    document = nested(location, *formats)
    wire = sent(document, {"x": [[1, 2.0], [3]]})

    assert (wire.query or wire.body.decode()) == expected
    assert "schema.style_undefined" not in [each.code for each in examined(document).findings]


def test_w3_lists_within_lists_of_swagger_elsewhere():
    value = {"x": [[[1], [2, 3]], [[4]]]}

    assert sent(nested("header", "csv", "pipes", "ssv"), value).headers["x"] == "1|2 3,4"
    assert sent(nested("path", "csv", "pipes", "ssv"), value).target == "/a/1%7C2%203,4"


@pytest.mark.parametrize(
    ("collection_format", "expected"),
    [
        ("csv", [b"a,b"]),
        ("ssv", [b"a b"]),
        ("tsv", [b"a\tb"]),
        ("pipes", [b"a|b"]),
        ("multi", [b"a", b"b"]),
    ],
)
def test_w3_lists_of_swagger_are_joined_in_parts_too(collection_format, expected):
    document = in_swagger("formData", collection_format, consumes=["multipart/form-data"])
    parts = sent(document, {"x": ["a", "b"]}).parts
    assert [part.get_payload(decode=True) for part in parts] == expected


@pytest.mark.parametrize(
    ("schema", "explode", "value", "expected"),
    [
        (LIST, None, ["blue", "black"], "c=blue; c=black"),
        (LIST, False, ["blue", "black"], "c=blue,black"),
        (OBJECT, None, {"R": 100, "G": 200}, "R=100; G=200"),
        (OBJECT, False, {"R": 100, "G": 200}, "c=R,100,G,200"),
        ({"type": "string"}, None, "a%20b/+=", "c=a%20b/+="),
        ({"type": "string"}, None, "", "c="),
    ],
)
def test_w3_a_cookie_of_3_2_is_sent_as_it_is(schema, explode, value, expected):
    more = {} if explode is None else {"explode": explode}
    cookie = parameter("c", schema, "cookie", style="cookie", **more)
    assert sent(of_parameters(cookie, version="3.2.0"), {"c": value}).headers["cookie"] == expected


@pytest.mark.parametrize("value", ["a b", "a;b", "a,b", 'a"b', "a\\b", "é", "a\r\nb"])
def test_w3_what_a_cookie_cannot_hold_is_refused(value):
    cookie = parameter("c", {"type": "string"}, "cookie", style="cookie")
    with pytest.raises(HeaderRefused, match="cookie c"):
        sent(of_parameters(cookie, version="3.2.0"), {"c": value})


def test_b32_accept_begins_with_what_the_answers_are():
    responses = {
        "200": {"description": "", "content": {"text/csv": {}}},
        "201": {"description": "", "content": {"application/vnd.x": {}}},
        "default": {"description": "", "content": {"application/problem+json": {}}},
    }
    accept = accept_of_call(of_operation({"responses": responses}, method="get"))
    assert accept == "text/csv, application/vnd.x, application/json, text/*;q=0.9, */*;q=0.1"
    plain = of_operation({"responses": {"200": {"description": ""}}}, method="get")
    assert accept_of_call(plain) == "application/json, text/*;q=0.9, */*;q=0.1"


def test_b32_json_is_the_first_that_is_accepted():
    content = {"application/xml": {}, "application/hal+json": {}, "a/b\r\nX: y": {}}
    document = of_operation({"responses": {"200": {"description": "", "content": content}}})
    assert accept_of_call(document).startswith("application/hal+json, application/xml, application")
    assert "\r" not in accept_of_call(document)


@pytest.mark.parametrize(
    "schema", [{"const": "image/png"}, {"type": "string", "enum": ["image/png"]}]
)
@pytest.mark.parametrize("required", [True, False])
def test_w4_a_constant_accept_is_sent(schema, required):
    accept = parameter("accept", schema, "header", required=required)
    assert accept_of_call(of_parameters(accept)) == "image/png"


@pytest.mark.parametrize("schema", [{"type": "string"}, {"enum": ["a/b", "c/d"]}])
def test_w4_any_other_accept_is_the_platforms(schema):
    document = of_parameters(parameter("Accept", schema, "header", required=True))
    assert operation_of(document).parameters == ()
    assert accept_of_call(document).startswith("application/json")


def undefined(schema, **more):
    found = examined(of_parameters(parameter("f", schema, **more))).findings
    return [each.severity for each in found if each.code == "schema.style_undefined"]


@pytest.mark.parametrize(
    ("schema", "style"),
    [
        ({"properties": {"a": OBJECT}}, "form"),
        ({"properties": {"a": LIST}}, "form"),
        ({"type": "array", "items": OBJECT}, "form"),
        ({"type": "array", "items": LIST}, "pipeDelimited"),
        ({"type": "object", "additionalProperties": LIST}, "form"),
        (LIST, "deepObject"),
        ({"type": "string"}, "deepObject"),
        ({"allOf": [{"properties": {"a": {"properties": {"b": {}}}}}]}, "deepObject"),
    ],
)
def test_w6_a_value_that_the_style_does_not_define_is_a_warning(schema, style):
    assert undefined(schema, style=style) == ["warning"]


@pytest.mark.parametrize(
    ("schema", "style"),
    [
        ({"properties": {"a": {"type": "string"}}}, "form"),
        ({"properties": {"a": {"type": "string"}}}, "deepObject"),
        (LIST, "form"),
        (LIST, "spaceDelimited"),
        ({}, "deepObject"),
    ],
)
def test_w6_a_value_that_the_style_defines_is_none(schema, style):
    assert undefined(schema, style=style) == []


@pytest.mark.parametrize("name", ["admin", "Admin", "ADMIN"])
@pytest.mark.parametrize("location", ["query", "cookie"])
def test_w7_a_free_object_cannot_repeat_a_constant(name, location):
    constant = parameter("admin", {"const": "true"}, location, required=True)
    document = of_parameters(parameter("f", OBJECT, location), constant)
    assert refusal(document, {"f": {name: "false"}}) == ["argument.name_taken"]
    sent(document, {"f": {"other": "1"}})


def test_w7_nor_a_query_of_the_path_nor_what_the_call_gives_itself():
    fixed = of_parameters(parameter("f", OBJECT), path="/a?admin=true")
    assert refusal(fixed, {"f": {"admin": "false"}}) == ["argument.name_taken"]
    both = of_parameters(parameter("f", OBJECT), parameter("q", {"type": "string"}))
    assert refusal(both, {"f": {"q": "1"}, "q": "2"}) == ["argument.name_taken"]
    deep = parameter("f", OBJECT, style="deepObject", explode=True)
    document = of_parameters(deep, parameter("f[a]", {"const": "1"}, required=True))
    assert refusal(document, {"f": {"a": "2"}}) == ["argument.name_taken"]


def test_w10_a_query_of_the_path_stands_where_it_is_written():
    document = of_parameters(parameter("q", {"type": "string"}), path="/a?kind=dog&b=2")
    assert sent(document, {"q": "x"}).target == "/a?kind=dog&b=2&q=x"
    open_ = of_parameters(
        parameter("q", {"type": "string"}),
        {**parameter("id", {"type": "string"}, "path"), "required": True},
        path="/a?id={id}&kind=dog",
    )
    assert sent(open_, {"q": "x", "id": "1"}).target == "/a?id=1&kind=dog&q=x"


def of_server(url, *parameters, path="/a", **server):
    document = of_parameters(*parameters, path=path)
    return {**document, "servers": [{"url": url, **server}]}


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://api.acme.com/v1?tenant=1", "/v1/a?tenant=1&kind=dog&q=x"),
        ("https://api.acme.com/v1/?b=2&a=", "/v1/a?b=2&a=&kind=dog&q=x"),
        ("https://api.acme.com?tenant=1#top", "/a?tenant=1&kind=dog&q=x"),
        ("https://api.acme.com/v1#/pets", "/v1/a?kind=dog&q=x"),
    ],
)
def test_w10_a_query_of_the_server_stands_before_that_of_the_path(url, target):
    document = of_server(url, parameter("q", {"type": "string"}), path="/a?kind=dog")

    assert sent(document, {"q": "x"}).target == target
    found = [each for each in examined(document).findings if each.pointer == "/servers/0/url"]
    assert "warning" in [each.severity for each in found]
    assert {each.severity for each in found} <= {"warning", "note"}


def test_w10_nothing_repeats_a_query_of_the_server():
    document = of_server("https://api.acme.com?admin=true", parameter("f", OBJECT))
    assert refusal(document, {"f": {"admin": "false"}}) == ["argument.name_taken"]


def with_defaults(**members):
    return of_parameters(
        parameter("Notion-Version", {"type": "string", "default": "2025-09-03"}, "header"),
        parameter("page", {"type": "integer", "default": 1}, required=True),
        parameter("size", {"type": "integer", "default": 10}),
        **members,
    )


def test_b23_defaults_of_headers_and_of_what_is_required_are_sent():
    wire = sent(with_defaults())
    assert wire.headers == {"notion-version": "2025-09-03"}
    assert wire.query == "page=1"
    wire = sent(with_defaults(), {"Notion-Version": "2022-06-28", "page": 2})
    assert wire.headers == {"notion-version": "2022-06-28"}
    assert wire.query == "page=2"


def test_b23_a_document_may_switch_defaults_off():
    document = with_defaults(**{"x-openactions-send-defaults": False})
    assert refusal(document, {}) == ["argument.required"]
    assert sent(document, {"page": 1}).headers == {}


@pytest.mark.parametrize("default", ["one", None, [1], True])
def test_b23_a_default_that_its_schema_refuses_is_not_sent(default):
    page = parameter("page", {"type": "integer", "default": default}, required=True)
    assert refusal(of_parameters(page), {}) == ["argument.required"]


def test_the_schema_of_a_text_body_is_kept():
    kind = of_body("text/plain", {"type": "string", "enum": ["a", "b"]})
    assert refusal(kind, {"body": "c"}) == ["argument.enum"]
    count = of_body("text/plain", {"type": "integer", "maximum": 9})
    assert sent(count, {"body": 7}).body == b"7"
    assert refusal(count, {"body": 10}) != []
    short = of_body("application/x-thing", {"type": "string", "maxLength": 2})
    assert refusal(short, {"body": "abc"}) != []
    assert sent(of_body("text/plain", OBJECT), {"body": "ready-made"}).body == b"ready-made"


def test_a_content_parameter_and_a_querystring_have_their_encoding():
    properties = {"a": LIST, "b": {"type": "string"}}
    encoding = {"a": {"style": "pipeDelimited", "explode": False}, "b": {"allowReserved": True}}
    content = {FORM: {"schema": {"type": "object", "properties": properties}, "encoding": encoding}}
    whole = {"name": "q", "in": "querystring", "content": content}
    value = {"q": {"a": ["x", "y"], "b": "a/b"}}
    assert sent(of_parameters(whole, version="3.2.0"), value).query == "a=x%7Cy&b=a/b"
    one = {**whole, "in": "query"}
    assert sent(of_parameters(one), value).query == "q=a%3Dx%257Cy%26b%3Da%2Fb"


def several():
    reference = {"schema": {"$ref": "#/components/schemas/Pet"}}
    content = dict.fromkeys(("application/xml", "application/json", FORM), reference)
    content["text/plain"] = {"schema": {"type": "string"}}
    pet = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    body = {"required": True, "content": content}
    return of_operation({"requestBody": body}, components={"schemas": {"Pet": pet}})


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (None, ("application/json", b'{"id":1}')),
        ("application/json", ("application/json", b'{"id":1}')),
        (FORM, (FORM, b"id=1")),
        (
            "application/xml",
            ("application/xml", b"<?xml version='1.0' encoding='utf-8'?>\n<Pet><id>1</id></Pet>"),
        ),
    ],
)
def test_a_caller_may_choose_the_media_type(chosen, expected):
    wire = sent(several(), {"id": 1}, chosen)
    assert (wire.content_type, wire.body) == expected


@pytest.mark.parametrize(
    ("chosen", "refused"),
    [("text/plain", MediaTypeOfOtherArguments), ("image/png", MediaTypeNotOffered)],
)
def test_a_media_type_that_takes_other_arguments_cannot_be_chosen(chosen, refused):
    assert operation_of(several()).body.other_media_types == ("application/xml", FORM, "text/plain")
    with pytest.raises(refused, match=chosen):
        sent(several(), {"id": 1}, chosen)
    with pytest.raises(MediaTypeNotOffered):
        sent(of_operation({}), {}, "application/json")


def test_a_method_of_3_2_is_sent_as_it_is_written():
    document = of_operation({}, version="3.2.0")
    item = document["paths"]["/a"]
    document["paths"]["/a"] = {"additionalOperations": {"Copy": item["post"]}}
    operation = operation_of(document)
    assert sent(document).request.method == "Copy"
    assert operation.consequential
    other = Operation.model_validate({**operation.model_dump(), "method": "MOVE"})
    assert other.consent_digest != operation.consent_digest


def test_a_member_of_an_exploded_object_in_a_form_is_not_another_property():
    properties = {"o": OBJECT, "admin": {"type": "string"}}
    encoding = {"o": {"style": "form", "explode": True}}
    document = of_body(FORM, {"type": "object", "properties": properties}, encoding=encoding)
    assert sent(document, {"o": {"x": "1"}, "admin": "no"}).body == b"x=1&admin=no"
    with pytest.raises(Exception, match="another property"):
        sent(document, {"o": {"admin": "yes"}, "admin": "no"})
