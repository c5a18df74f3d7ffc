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
