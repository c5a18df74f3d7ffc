"""What says the type of a file: its content_type, or the ending of its name."""

import jsonschema_rs
import pytest

from contracts.file_endings import ENDINGS_OF, TYPES
from contracts.file_value import endings_of, object_schemas, text_schema
from contracts.operation import Body, Kind, PropertyEncoding
from execution_service.domain.wire.body import BodyWriter
from execution_service.domain.wire.file import OCTETS, File, FileFault, read_file

BYTES = "aGk="


def faults(value, types, asked=None):
    """Of a file of a form, as tools of this compiler ask for it."""
    encoding = {"f": PropertyEncoding(kind=Kind.FILE, content_type=", ".join(types))}
    body = Body(media_type="multipart/form-data", members={"f": "f"}, encoding=encoding)
    forms = asked or [text_schema(), *object_schemas(types=types)]
    arguments = {"type": "object", "properties": {"f": {"anyOf": forms}}}
    return [*BodyWriter.of(body, arguments, frozenset()).faults({"f": value})]


@pytest.mark.parametrize("filename", [5, 0, 1.5, True, False, ["a.png"], [], {"a": 1}, {}])
@pytest.mark.parametrize("more", [{}, {"content_type": "image/png"}])
@pytest.mark.parametrize("types", [["image/png"], ["image/*"], ["*/*"], []])
def test_a_name_that_is_no_text_is_refused_where_it_stands(filename, more, types):
    value = {"base64": BYTES, "filename": filename, **more}
    found = read_file(value, url_safe=False)
    assert isinstance(found, FileFault)
    if types:
        (fault,) = faults(value, types)
        assert (fault.code, fault.pointer) == ("argument.type", "/f/filename")


@pytest.mark.parametrize(
    ("filename", "media_type"),
    [
        ("photo.webp", "image/webp"),
        ("photo.JFIF", "image/jpeg"),
        ("photo.jxl", "image/jxl"),
        ("a.m4a", "audio/mp4"),
        ("a.flac", "audio/flac"),
        ("a.mkv", "video/x-matroska"),
        ("readme.md", "text/markdown"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.b.png", "image/png"),
        (".png", "image/png"),
        ("photo.png.gz", "application/gzip"),
        ("a.svgz", "application/gzip"),
        ("a.tar.gz", "application/gzip"),
        ("a.tar.bz2", "application/x-bzip2"),
        ("a.png.br", OCTETS),
        ("a.png.Z", OCTETS),
        ("a.png/b", OCTETS),
        ("data:image/png,x", OCTETS),
        ("https://a.dev/a.png?x", OCTETS),
        ("png", OCTETS),
        ("a.", OCTETS),
        ("a.png\n", OCTETS),
        ("", OCTETS),
    ],
)
def test_the_ending_tells_the_type_of_what_is_sent(filename, media_type):
    assert File(b"", filename).type_in([]) == media_type


NAMES = [f"a.{ending}" for ending in TYPES] + ["a.PNG", "a", "", "a.", "a.png.gz", "a.png\n", "png"]
NAMES += ["a.unknown", "a.png ", "a\nb.png", ".png", "a.pngx", "apng"]
RANGES = ["image/*", "audio/*", "video/*", "text/*", "text/*; charset=utf-8", "application/vnd.*"]
RANGES += ["multipart/*", "image/p*", "*/png", "image/*+xml", "font/*", "model/*", "chemical/*"]


@pytest.mark.parametrize("given", [*RANGES, "audio/*, video/*"])
def test_a_tool_admits_exactly_the_names_that_tell_one_of_its_types(given):
    types = given.split(", ")
    check = jsonschema_rs.validator_for({"anyOf": object_schemas(types=types)})
    values = [{"base64": BYTES, "filename": name} for name in NAMES]
    admitted = [each for each in values if check.is_valid(each)]
    assert bool(admitted) == bool(endings_of(types))
    assert admitted == [each for each in values if not faults(each, types)]


@pytest.mark.parametrize("given", ["multipart/*", "chemical/*"])
def test_where_no_ending_is_known_no_name_is_asked_for(given):
    (form,) = object_schemas(types=[given])
    assert form["required"] == ["base64", "content_type"]
    (fault,) = faults({"base64": BYTES, "filename": "a.png"}, [given])
    assert "filename" not in fault.message


def test_a_refusal_names_an_ending_that_does():
    (fault,) = faults({"base64": BYTES, "filename": "a.png"}, ["audio/*"])
    assert "or a filename whose ending tells it, as .mp3." in fault.message


def test_each_ending_tells_one_type():
    listed = " ".join(ENDINGS_OF.values()).split()
    assert [each for each in listed if listed.count(each) > 1] == []
    assert [each for each in listed if not each.isalnum() or each != each.lower()] == []


@pytest.mark.parametrize("content_type", ["image/png; a*=utf-8''x", 'image/png; a="*"'])
def test_a_star_in_a_parameter_makes_no_range(content_type):
    value = {"base64": BYTES, "content_type": content_type}
    assert read_file(value, url_safe=False) == File(b"hi", None, content_type)
    assert File(b"").type_in([content_type]) == content_type


@pytest.mark.parametrize("items", [False, True])
def test_a_file_in_a_list_is_asked_for_its_type_too(items):
    one = {"anyOf": object_schemas(types=["image/*"])}
    schema = {"type": "array", "items": one} if items else one
    kind = Kind.FILES if items else Kind.FILE
    encoding = {"f": PropertyEncoding(kind=kind, content_type="image/*")}
    body = Body(media_type="multipart/form-data", members={"f": "f"}, encoding=encoding)
    arguments = {"type": "object", "properties": {"f": schema}}
    value = {"base64": BYTES}
    (fault,) = BodyWriter.of(body, arguments, frozenset()).faults(
        {"f": [value] if items else value}
    )
    assert (fault.code, fault.pointer) == ("argument.file_type", "/f/0" if items else "/f")


def test_what_a_document_itself_says_of_a_body_asks_for_no_type():
    """A body that stays one argument has the document's schema, where members may be called so."""
    theirs = {"properties": {"f": {}}, "required": ["content_type"], "type": "object"}
    encoding = {"f": PropertyEncoding(kind=Kind.FILE, content_type="image/*")}
    body = Body(media_type="multipart/form-data", argument="body", encoding=encoding)
    arguments = {"type": "object", "properties": {"body": theirs}}
    writer = BodyWriter.of(body, arguments, frozenset())
    assert [*writer.faults({"body": {"f": BYTES, "content_type": "a"}})] == []
