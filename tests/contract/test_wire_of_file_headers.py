"""The heads of parts and of whole files, byte by byte (RFC 7578, RFC 9110 5.5)."""

import pytest

from tests.contract.wire_of_documents import of_body, refusal, sent

BINARY = {"type": "string", "format": "binary"}
MULTIPART = "multipart/form-data"
TEXT = "aGk="


def form(*, name="f", **more):
    return of_body(MULTIPART, {"type": "object", "properties": {name: BINARY}}, **more)


def head_of(document, value, name="f"):
    """Lines of the only part's head."""
    wire = sent(document, {name: value})
    boundary = wire.content_type.partition("boundary=")[2].encode()
    opening, part, closing = wire.body.split(b"--" + boundary)
    assert (opening, closing) == (b"", b"--\r\n")
    head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    assert content == b"hi\r\n"
    return head.split(b"\r\n")


@pytest.mark.parametrize(
    ("filename", "written"),
    [
        ("a.png", b"a.png"),
        ("with space.png", b"with space.png"),
        ('quo"ted.png', b"quo%22ted.png"),
        ("line\r\nX-Evil: 1.png", b"line%0D%0AX-Evil: 1.png"),
        ("line\nonly.png", b"line%0Aonly.png"),
        ("tab\tnul\0del\x7f.png", b"tab%09nul%00del%7F.png"),
        ("back\\slash.png", b"slash.png"),
        ("größe 語 😀.png", "größe 語 😀.png".encode()),
        ("per%22cent.png", b"per%22cent.png"),
        ("semi;colon=.png", b"semi;colon=.png"),
        ("../../up.png", b"up.png"),
        ("..", b"file"),
    ],
)
def test_w2_a_file_name_stays_within_its_quotes_in_utf_8(filename, written):
    """RFC 7578, 4.2 and 5.1: UTF-8 as it is, and never the form `filename*` of RFC 6266."""
    head = head_of(form(), {"base64": TEXT, "filename": filename, "content_type": "image/png"})
    assert head == [
        b'Content-Disposition: form-data; name="f"; filename="' + written + b'"',
        b"Content-Type: image/png",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("größe", "größe".encode()),
        ('a"; filename="x', b"a%22; filename=%22x"),
        ("a\r\nX: y", b"a%0D%0AX: y"),
    ],
)
def test_w2_the_name_of_a_part_stays_within_its_quotes(name, written):
    extra = of_body(MULTIPART, {"type": "object", "additionalProperties": BINARY})
    wire = sent(extra, {"body": {name: TEXT}})
    line = wire.body.split(b"\r\n")[1]
    expected = b'Content-Disposition: form-data; name="' + written + b'"; filename="'
    assert line.startswith(expected)
    assert wire.body.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize(
    ("filename", "declared", "written"),
    [
        ("a.pdf", None, b"application/pdf"),
        ("a.pdf", "image/png", b"image/png"),
        ("a.png", "image/*", b"image/png"),
        ("a.unknown", None, b"application/octet-stream"),
        (None, "image/png, image/jpeg", b"image/png"),
        (None, "image/png; a=b", b"image/png; a=b"),
    ],
)
def test_w2_the_type_of_a_part_is_one_line_that_its_file_or_the_document_says(
    filename, declared, written
):
    encoding = {"f": {"contentType": declared}} if declared else None
    head = head_of(form(encoding=encoding), {"base64": TEXT, "filename": filename})
    assert head[1:] == [b"Content-Type: " + written]


@pytest.mark.parametrize(
    "wrong", ["image/png\r\nX-Evil: 1", "image/png\n", "a", "image/*", "a/b;é"]
)
@pytest.mark.parametrize(
    ("document", "name"), [(form(), "f"), (of_body("image/*", BINARY), "body")]
)
def test_w2_a_type_of_the_callers_that_no_header_can_hold_is_refused(document, name, wrong):
    value = {"base64": TEXT, "content_type": wrong}
    assert refusal(document, {name: value}) == ["argument.file_type"]


@pytest.mark.parametrize("hostile", ["a\r\nX-Evil: b", "a\nb", "a\0b"])
def test_w2_headers_of_a_part_that_would_end_their_line_are_left_out(hostile):
    headers = {"X-A": {"schema": {"const": hostile}}, "X-B": {"schema": {"const": "b"}}}
    head = head_of(form(encoding={"f": {"headers": headers}}), TEXT)
    assert head[2:] == [b"X-B: b"]


@pytest.mark.parametrize("filename", ["größe.png", 'a"b.png', "a\r\nX: y.png"])
def test_w2_the_name_of_a_file_that_is_the_whole_body_goes_nowhere(filename):
    """It has no part whose head could name it, and OAS gives it no header."""
    document = of_body("image/*", BINARY)
    file = {"base64": TEXT, "filename": filename, "content_type": "image/png"}
    wire = sent(document, {"body": file})
    assert wire.headers == {"content-type": wire.content_type}
    assert wire.body == b"hi"
