"""Files, as documents describe them and as they leave: bytes, names, types, headers (W2, B21)."""

import pytest

from contracts.file_value import object_schemas, text_schema
from contracts.tool_forms.definition import Flavour, tool_for
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from tests.contract.wire_of_documents import of_body, operation_of, refusal, sent

TEXT = "iVBORw0KGgo="
BYTES = b"\x89PNG\r\n\x1a\n"
BINARY = {"type": "string", "format": "binary"}
MULTIPART = "multipart/form-data"


def form(properties, **more):
    return of_body(MULTIPART, {"type": "object", "properties": properties}, **more)


def only_part(document, value):
    [part] = sent(document, {"f": value}).parts
    return part


@pytest.mark.parametrize(
    ("media_type", "schema"),
    [
        ("application/octet-stream", BINARY),
        ("application/octet-stream", {"type": "string", "format": "byte"}),
        ("application/octet-stream", {"type": "string", "contentEncoding": "base64"}),
        ("application/octet-stream", {"type": "string"}),
        ("application/octet-stream", None),
        ("application/octet-stream", {"$ref": "#/components/schemas/Bytes"}),
        ("application/octet-stream", {"allOf": [{"$ref": "#/components/schemas/Bytes"}]}),
        ("image/png", {}),
        ("image/png", {"type": "string", "contentMediaType": "image/png"}),
        ("audio/mpeg", BINARY),
        ("application/pdf", {"type": "string"}),
        ("application/vnd.acme.thing", BINARY),
        ("text/csv", BINARY),
    ],
)
def test_w2_a_body_of_bytes_leaves_as_bytes(media_type, schema):
    document = of_body(media_type, schema, components={"schemas": {"Bytes": BINARY}})
    wire = sent(document, {"body": TEXT})
    assert (wire.content_type.partition(";")[0], wire.body) == (media_type, BYTES)


def test_b21_a_tool_asks_for_base64_and_malformed_base64_is_refused():
    document = of_body("application/octet-stream", BINARY)
    tool = tool_for("a", operation_of(document), Flavour.OPENAI).definition
    asked = tool["function"]["parameters"]["properties"]["body"]
    assert (asked["type"], asked["contentEncoding"]) == ("string", "base64")
    assert "base64" in asked["description"]
    assert sent(document, {"body": TEXT}).body == BYTES


@pytest.mark.parametrize(
    "text", ["not base64", "iVBORw0KGgo", "####", "aGk=\n", "aGk=aGk=", "é", "a"]
)
def test_b21_malformed_base64_is_refused(text):
    assert refusal(of_body("image/png"), {"body": text}) == ["argument.not_base64"]
    assert refusal(form({"f": BINARY}), {"f": text}) == ["argument.not_base64"]
    assert refusal(form({"f": BINARY}), {"f": {"base64": text}}) == ["argument.not_base64"]
    files = form({"f": {"type": "array", "items": BINARY}})
    assert refusal(files, {"f": [TEXT, text]}) == ["argument.not_base64"]


@pytest.mark.parametrize("document", [of_body("image/png"), form({"f": BINARY})])
def test_w2_a_file_by_its_id_is_refused_until_files_can_be_uploaded(document):
    [name] = operation_of(document).arguments["properties"]
    assert refusal(document, {name: {"file_id": "file_1"}}) == ["argument.file_reference"]


@pytest.mark.parametrize(
    "schema",
    [
        BINARY,
        {"type": "string", "format": "byte"},
        {"type": "string", "contentEncoding": "base64"},
        {"type": "string", "contentMediaType": "application/octet-stream"},
        {"$ref": "#/components/schemas/Bytes"},
        {"$ref": "#/components/schemas/Alias"},
        {"anyOf": [BINARY, {"type": "null"}]},
        {},
    ],
)
def test_w2_a_file_of_a_form_is_a_part_with_its_bytes_and_a_name(schema):
    components = {"schemas": {"Bytes": BINARY, "Alias": {"$ref": "#/components/schemas/Bytes"}}}
    part = only_part(form({"f": schema}, components=components), TEXT)
    assert part.get_payload(decode=True) == BYTES
    assert part.get_filename() == "f"
    assert part.get_content_type() == "application/octet-stream"


def test_w2_a_list_of_files_is_a_part_for_each():
    components = {
        "schemas": {
            "Bytes": BINARY,
            "All": {"type": "array", "items": {"$ref": "#/components/schemas/Bytes"}},
        }
    }
    document = form({"f": {"$ref": "#/components/schemas/All"}}, components=components)
    parts = sent(document, {"f": [TEXT, {"base64": "aGk=", "filename": "b.txt"}]}).parts
    assert [part.get_payload(decode=True) for part in parts] == [BYTES, b"hi"]
    assert [part.get_filename() for part in parts] == ["f", "b.txt"]


@pytest.mark.parametrize(
    ("value", "name", "media_type"),
    [
        ({"base64": TEXT, "filename": "x.png"}, "x.png", "image/png"),
        ({"base64": TEXT, "filename": "../../x.pdf"}, "x.pdf", "application/pdf"),
        ({"base64": TEXT, "content_type": "a/b; c=d"}, "f", "a/b"),
        ({"base64": TEXT, "filename": None, "content_type": None}, "f", "application/octet-stream"),
    ],
)
def test_w2_a_file_says_its_name_and_its_type(value, name, media_type):
    part = only_part(form({"f": BINARY}), value)
    assert (part.get_filename(), part.get_content_type()) == (name, media_type)


def test_w2_a_media_type_of_the_schema_is_that_of_the_part():
    part = only_part(form({"f": {"type": "string", "contentMediaType": "image/gif"}}), TEXT)
    assert part.get_content_type() == "image/gif"


def test_w2_an_encoding_says_type_and_headers_of_a_part():
    headers = {
        "X-Const": {"schema": {"const": "a"}},
        "X-Enum": {"schema": {"type": "string", "enum": ["b"]}},
        "X-Default": {"schema": {"type": "integer", "default": 3}},
        "X-Example": {"required": True, "schema": {"type": "string", "example": "d"}},
        "X-Open": {"schema": {"type": "string"}},
        "X-Ref": {"$ref": "#/components/headers/H"},
        "Content-Type": {"schema": {"const": "text/plain"}},
        "X-Bad": {"schema": {"const": "a\r\nX-Evil: b"}},
    }
    encoding = {"f": {"contentType": "image/png, image/jpeg", "headers": headers}}
    components = {"headers": {"H": {"schema": {"const": "e"}}}}
    part = only_part(form({"f": BINARY}, encoding=encoding, components=components), TEXT)
    assert part.get_content_type() == "image/png"
    own = {name: value for name, value in part.items() if name.startswith("X-")}
    assert own == {"X-Const": "a", "X-Enum": "b", "X-Default": "3", "X-Example": "d", "X-Ref": "e"}


def test_w2_a_files_type_is_one_that_the_encoding_names():
    document = form({"f": BINARY}, encoding={"f": {"contentType": "image/png, image/*"}})
    part = only_part(document, {"base64": TEXT, "content_type": "image/webp"})
    assert part.get_content_type() == "image/webp"
    for wrong in ("text/html", "nonsense", "image/*", "image/png\r\nX: y"):
        value = {"base64": TEXT, "content_type": wrong}
        assert refusal(document, {"f": value}) == ["argument.file_type"]


WITHOUT_ARGUMENTS = [
    {"oneOf": [{"type": "object", "properties": {"f": BINARY}}]},
    {"type": "object", "properties": {"f": BINARY}, "patternProperties": {"^x": {}}},
]


@pytest.mark.parametrize("schema", WITHOUT_ARGUMENTS)
def test_a_file_in_a_body_that_is_not_taken_apart_needs_no_type(schema):
    document = of_body(MULTIPART, schema, encoding={"f": {"contentType": "image/*"}})
    assert operation_of(document).body.members is None
    [part] = sent(document, {"body": {"f": TEXT}}).parts
    assert part.get_payload(decode=True) == BYTES
    assert part.get_content_type() == "application/octet-stream"


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ("image/png", "IMAGE/PNG"),
        ("image/*", "IMAGE/PNG"),
        ("Image/*", "image/png"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("text/csv; charset=utf-8", "Text/CSV;Charset=UTF-8"),
        ("application/pdf", "application/pdf; charset=x"),
        ("application/pdf, image/png", "image/png;q=1"),
        ("application/vnd.*", "application/vnd.acme+json"),
    ],
)
def test_a_type_is_meant_however_it_is_written(declared, given):
    document = form({"f": BINARY}, encoding={"f": {"contentType": declared}})
    wire = sent(document, {"f": {"base64": TEXT, "content_type": given}})
    assert f"\r\nContent-Type: {given}\r\n".encode() in wire.body


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ("text/csv; charset=utf-8", "text/csv; charset=latin1"),
        ("text/csv; charset=utf-8", "text/csv; header=absent; charset=utf-8"),
        ("application/vnd.*", "application/pdf"),
        ("image/*", "application/image/png"),
        ("image/png", "image/pngx"),
    ],
)
def test_another_type_is_refused(declared, given):
    document = form({"f": BINARY}, encoding={"f": {"contentType": declared}})
    value = {"base64": TEXT, "content_type": given}
    assert {"argument.file_type", "argument.any_of"} & {*refusal(document, {"f": value})}


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (of_body("image/*", BINARY), "body"),
        (form({"f": BINARY}, encoding={"f": {"contentType": "image/*"}}), "f"),
    ],
)
def test_a_name_that_tells_the_type_does_for_it(document, name):
    value = {"base64": TEXT, "filename": "a.png", "content_type": None}
    wire = sent(document, {name: value})
    assert "image/png" in f"{wire.content_type} {wire.body}"
    for silent in ("a", "a.unknown", "a.txt"):
        assert refusal(document, {name: {**value, "filename": silent}}) == ["argument.file_type"]
    assert "argument.file_type" in refusal(document, {name: {"base64": TEXT}})


def test_a_stored_operation_that_asks_for_no_type_is_called_as_before():
    """Compiler 7 asked for a text, or an object that needs its bytes alone."""
    document = form({"f": BINARY}, encoding={"f": {"contentType": "image/*"}})
    now = operation_of(document)
    asked = {"anyOf": [text_schema(), *object_schemas()]}
    arguments = {**now.arguments, "properties": {"f": asked}}
    stored = CompiledOperation.of(now.model_copy(update={"arguments": arguments}))
    for value in (TEXT, {"base64": TEXT}, {"base64": TEXT, "filename": "a.unknown"}):
        admitted = admit(stored, {"f": value})
        assert isinstance(admitted, Admitted)
        assert b"Content-Type: application/octet-stream" in build_request(stored, admitted).body


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [("application/json", b'{"f":"aGk="}'), ("application/x-www-form-urlencoded", b"f=aGk%3D")],
)
@pytest.mark.parametrize("schema", [{"format": "byte"}, {"contentEncoding": "base64"}])
def test_w2_base64_stays_text_in_json_and_in_forms(media_type, expected, schema):
    document = of_body(media_type, {"properties": {"f": {"type": "string", **schema}}})
    assert sent(document, {"f": "aGk="}).body == expected


def test_w2_base64_stays_text_where_the_document_writes_the_transfer_encoding():
    headers = {"Content-Transfer-Encoding": {"schema": {"const": "base64"}}}
    schema = {"type": "string", "contentEncoding": "base64"}
    part = only_part(form({"f": schema}, encoding={"f": {"headers": headers}}), "aGk=")
    assert (part["content-transfer-encoding"], part.get_payload()) == ("base64", "aGk=")


def test_w2_the_other_alphabet_of_base64_is_read_where_it_is_declared():
    document = of_body("image/png", {"type": "string", "contentEncoding": "base64url"})
    assert sent(document, {"body": "-_-_"}).body == b"\xfb\xff\xbf"
    assert refusal(of_body("image/png"), {"body": "-_-_"}) == ["argument.not_base64"]


def test_w2_a_range_of_types_takes_the_files_own():
    document = of_body("image/*", BINARY)
    value = {"base64": TEXT, "content_type": "image/webp"}
    assert sent(document, {"body": value}).content_type == "image/webp"
    assert "argument.file_type" in refusal(document, {"body": TEXT})  # f3: never octets
    assert refusal(document, {"body": {**value, "content_type": "a/b"}}) == ["argument.file_type"]


def test_w2_a_form_that_is_combined_has_files_too():
    schemas = {"A": {"type": "object", "properties": {"f": BINARY}}}
    parts = [{"$ref": "#/components/schemas/A"}, {"properties": {"n": {"type": "integer"}}}]
    document = of_body(MULTIPART, {"allOf": parts}, components={"schemas": schemas})
    [file, number] = sent(document, {"body": {"f": TEXT, "n": 1}}).parts
    assert file.get_payload(decode=True) == BYTES
    assert number.get_payload(decode=True) == b"1"
    assert refusal(document, {"body": {"f": "x"}}) == ["argument.not_base64"]


def test_w2_a_body_with_files_prefers_the_form_that_has_parts():
    schema = {"type": "object", "properties": {"f": BINARY}}
    document = of_body("application/json", schema)
    content = document["paths"]["/a"]["post"]["requestBody"]["content"]
    content["multipart/form-data"] = {"schema": schema}
    assert operation_of(document).body.media_type == MULTIPART
