"""What is meant as a file leaves as bytes, however the document says it (W2)."""

import pytest

from tests.contract.wire_of_documents import examined, of_body, refusal, sent

MULTIPART = "multipart/form-data"
BINARY = {"type": "string", "format": "binary"}


def codes(document):
    return [each.code for each in examined(document).findings]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize("kind", ["file", "File", "binary"])
def test_w2_type_file_is_a_file_and_a_finding(version, kind):
    schema = {"type": "object", "properties": {"f": {"type": kind}}}
    document = of_body(MULTIPART, schema, version=version)
    assert codes(document) == ["schema.type_file"]
    [part] = sent(document, {"f": "aGk="}).parts
    assert part.get_payload(decode=True) == b"hi"
    assert part.get_filename() == "f"


def test_w2_type_file_in_a_list():
    files = {"type": "array", "items": {"type": "file"}}
    document = of_body(MULTIPART, {"type": "object", "properties": {"f": files}})
    parts = sent(document, {"f": ["aGk=", "aG8="]}).parts
    assert [part.get_payload(decode=True) for part in parts] == [b"hi", b"ho"]


@pytest.mark.parametrize("others", [BINARY, {"type": "file"}, {"type": "array", "items": BINARY}])
@pytest.mark.parametrize("named", [{}, {"n": {"type": "string"}}])
def test_w2_members_that_nothing_names_are_files_where_their_schema_says_so(others, named):
    schema = {"type": "object", "properties": named, "additionalProperties": others}
    document = of_body(MULTIPART, schema)
    file = ["aGk="] if others["type"] == "array" else "aGk="

    def given(value):
        return {"g": value, "n": "x"} if named else {"body": {"g": value}}

    part = sent(document, given(file)).parts[0]
    assert part.get_payload(decode=True) == b"hi"
    assert part.get_filename() == "g"
    assert refusal(document, given(["no b64!"] if isinstance(file, list) else "no b64!")) == [
        "argument.not_base64"
    ]


@pytest.mark.parametrize(
    "schema", [BINARY, {"type": "array", "items": BINARY}, {"type": "integer"}]
)
@pytest.mark.parametrize("media_type", [MULTIPART, "application/x-www-form-urlencoded"])
def test_property_2_a_form_whose_schema_has_no_fields_is_blocked_or_left_out(media_type, schema):
    """A text alone may be a form that is written already, but for one of several parts."""
    is_sent = schema is BINARY and media_type != MULTIPART
    required = of_body(media_type, schema)
    assert codes(required) == ([] if is_sent else ["schema.form_of_no_object"])
    optional = of_body(media_type, schema)
    del optional["paths"]["/a"]["post"]["requestBody"]["required"]
    if is_sent:
        assert sent(optional, {"body": "a=b"}).body == b"a=b"
    else:
        assert codes(optional) == ["schema.form_left_out"]
        assert sent(optional, {}).body is None


@pytest.mark.parametrize("more", [{"type": ["object", "null"]}, {"type": ["string", "object"]}])
def test_property_2_a_form_that_may_have_fields_is_sent(more):
    document = of_body(MULTIPART, {"properties": {"f": BINARY}, **more})
    [part] = sent(document, {"body": {"f": "aGk="}}).parts
    assert part.get_payload(decode=True) == b"hi"
