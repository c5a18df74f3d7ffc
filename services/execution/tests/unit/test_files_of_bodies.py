"""A file as a caller gives it: its bytes, its name, and the type under which it is sent (W2)."""

import pytest

from contracts.file_value import fits, object_schemas, text_schema
from contracts.operation import Body, Kind, PropertyEncoding
from execution_service.domain.wire.body import BodyWriter
from execution_service.domain.wire.file import OCTETS, File, FileFault, read_file

TEXT = "aGk="


@pytest.mark.parametrize("value", [None, 5, 1.5, True, ["aGk="], ["base64"], {}, {"base64": None}])
@pytest.mark.parametrize("more", [{}, {"filename": "a.txt"}])
def test_w2_what_has_neither_form_is_left_to_the_schema(value, more):
    value = {**value, **more} if isinstance(value, dict) else value
    assert read_file(value, url_safe=False) is None


@pytest.mark.parametrize("bytes_", [5, ["aGk="], {"base64": TEXT}, True])
def test_w2_bytes_that_are_no_text_are_left_to_the_schema(bytes_):
    assert read_file({"base64": bytes_}, url_safe=False) is None


def test_w2_a_reference_is_refused_also_beside_bytes():
    found = read_file({"base64": TEXT, "file_id": "file_1"}, url_safe=False)
    assert isinstance(found, FileFault)
    assert found.code == "file_reference"


@pytest.mark.parametrize(("value", "member"), [("#", None), ({"base64": "#"}, "base64")])
def test_b21_a_fault_names_the_member_that_is_wrong(value, member):
    found = read_file(value, url_safe=False)
    assert (found.code, found.member) == ("not_base64", member)


@pytest.mark.parametrize(
    "content_type",
    ["", "png", "image/*", "*/*", "a/b\r\nx: y", "a/b; c=\x00", "a/b;\x7f", 5, ["a/b"], {"a": "b"}],
)
def test_w2_a_type_that_no_header_can_hold_is_refused(content_type):
    found = read_file({"base64": TEXT, "content_type": content_type}, url_safe=False)
    assert (found.code, found.member) == ("file_type", "content_type")


def test_w2_a_file_has_what_its_caller_says():
    value = {"base64": TEXT, "filename": "a.txt", "content_type": "text/plain; charset=utf-8"}
    assert read_file(value, url_safe=False) == File(b"hi", "a.txt", "text/plain; charset=utf-8")
    assert read_file(TEXT, url_safe=False) == File(b"hi")
    assert read_file("-_-_", url_safe=True) == File(b"\xfb\xff\xbf")


@pytest.mark.parametrize(
    ("filename", "content_type", "declared", "expected"),
    [
        (None, None, [], OCTETS),
        ("a.png", None, [], "image/png"),
        ("a.png", "image/webp", [], "image/webp"),
        ("a.png", None, ["image/jpeg", "image/*"], "image/png"),
        ("a.png", None, ["image/jpeg"], "image/jpeg"),
        ("a.png", "text/html", ["image/*"], "image/png"),
        ("a.txt", "text/html", ["image/*"], OCTETS),
        ("a.txt", None, ["image/*", "image/gif"], "image/gif"),
        ("noending", None, ["*/*"], OCTETS),
    ],
)
def test_w2_the_type_is_its_own_or_its_names_or_the_first_declared(
    filename, content_type, declared, expected
):
    assert File(b"", filename, content_type).type_in(declared) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (["image/png"], True),
        (["IMAGE/PNG; q=1"], True),
        (["image/png; CHARSET=X"], True),
        (['image/png;charset="x"'], True),
        (["image/*"], True),
        (["image/p*"], True),
        (["*/*"], True),
        (["image/jpeg", "text/*"], False),
        (["image/png; charset=y"], False),
        (["image/g*"], False),
        ([], False),
    ],
)
def test_w2_a_type_is_one_of_those_declared_or_within_their_ranges(declared, expected):
    assert fits("Image/PNG; charset=x", declared) is expected


def written(body, value, types=()):
    """The faults of a call with one argument of a tool that asks for these types, and what is sent
    where there are none.
    """
    forms = [text_schema(), *object_schemas(types=types)]
    arguments = {"type": "object", "properties": {"file": {"anyOf": forms}}}
    writer = BodyWriter.of(body, arguments, frozenset())
    faults = [*writer.faults({"file": value})]
    return faults, None if faults else writer.write({"file": value})


def written_as_part(value, content_type, types=None):
    encoding = {"file": PropertyEncoding(kind=Kind.FILE, content_type=content_type)}
    body = Body(media_type="multipart/form-data", members={"file": "file"}, encoding=encoding)
    return written(body, value, content_type.split(", ") if types is None else types)


WHOLE = Body(media_type="image/*", argument="file", whole=PropertyEncoding(kind=Kind.FILE))


@pytest.mark.parametrize("value", [TEXT, {"base64": TEXT}, {"base64": TEXT, "filename": "a.txt"}])
def test_a_file_of_a_range_is_asked_for_its_type(value):
    (found,), _ = written_as_part(value, "image/*")
    assert (found.code, found.pointer) == ("argument.file_type", "/file")
    assert "needs a content_type, which must be image/*, or a filename" in found.message


def test_the_whole_body_of_a_range_is_asked_for_its_type():
    (found,), _ = written(WHOLE, TEXT, ["image/*"])
    assert "which must be image/*" in found.message


def test_a_file_of_a_tool_that_asks_for_no_type_is_sent():
    """Compilers below 8 made such ones."""
    assert written(WHOLE, TEXT) == ([], (OCTETS, b"hi"))
    faults, payload = written_as_part({"base64": TEXT, "filename": "a.txt"}, "image/*", types=())
    assert faults == []
    assert f"content-type: {OCTETS}".encode() in payload[1].lower()


@pytest.mark.parametrize(
    ("value", "content_type", "sent"),
    [
        (TEXT, "application/pdf", "application/pdf"),
        ({"base64": TEXT, "filename": "a.png"}, "image/*", "image/png"),
        (TEXT, "application/*", OCTETS),
        (TEXT, "*/*", OCTETS),
        (TEXT, "image/*, image/gif", "image/gif"),
    ],
)
def test_what_need_not_be_said_is_sent(value, content_type, sent):
    faults, payload = written_as_part(value, content_type)
    assert faults == []
    assert f"content-type: {sent}".encode() in payload[1].lower()
