"""Bodies in every media type, and what hostile names and contents become in them (H67)."""

from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.operation import Body, PropertyEncoding
from execution_service.domain.errors import BodyRefused, OperationUnusable
from execution_service.domain.wire.multipart import Part, bare_filename, encode_multipart

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def sent_body(calls, media_type, value, **fields):
    call = calls.compiled(method="POST", body=Body(media_type=media_type, **fields))
    sent = calls.request(call, body=value)
    return dict(sent.headers)["content-type"], sent.body


def parts_of(content_type, body):
    message = message_from_bytes(
        f"content-type: {content_type}\r\n\r\n".encode() + body, policy=HTTP
    )
    assert not message.defects
    return list(message.iter_parts())


def test_flat_arguments_become_members_of_a_json_body(calls):
    body = Body(media_type="application/json", members={"id_body": "id", "name": "name"})
    call = calls.compiled(calls.parameter("id", "path"), path="/pets/{id}", method="PUT", body=body)
    sent = calls.request(call, id=7, id_body=8, name="Ann")
    assert sent.raw_path_and_query == "/pets/7"
    assert sent.headers == (("content-type", "application/json"),)
    assert sent.body == b'{"id":8,"name":"Ann"}'


def test_undeclared_arguments_join_the_body_but_never_replace_a_member(calls):
    body = Body(media_type="application/json", members={"id_body": "id"}, extra_members=True)
    call = calls.compiled(calls.parameter("q"), method="POST", body=body)
    assert calls.request(call, q="x", id_body=1, id=2, note="n").body == b'{"id":1,"note":"n"}'


@pytest.mark.parametrize(("required", "expected"), [(True, b"{}"), (False, None)])
def test_a_body_without_members_is_sent_only_when_required(calls, required, expected):
    body = Body(media_type="application/json", members={"a": "a"}, required=required)
    sent = calls.request(calls.compiled(method="POST", body=body))
    assert sent.body == expected
    assert bool(sent.headers) is required


@pytest.mark.parametrize(
    ("media_type", "sent_type", "value", "expected"),
    [
        ("application/json", "application/json", [1, None], b"[1,null]"),
        ("application/json", "application/json", None, b"null"),
        (
            "application/merge-patch+json",
            "application/merge-patch+json",
            {"a": None},
            b'{"a":null}',
        ),
        ("*/*", "application/json", {"a": "é"}, '{"a":"é"}'.encode()),
        ("text/plain", "text/plain; charset=utf-8", "é", "é".encode()),
        ("text/plain", "text/plain; charset=utf-8", 1.5, b"1.5"),
        ("text/csv;charset=utf-8", "text/csv;charset=utf-8", "a,b", b"a,b"),
        ("application/xml", "application/xml", "<a/>", b"<a/>"),
        ("application/octet-stream", "application/octet-stream", "raw", b"raw"),
        (FORM, FORM, "a=1&b=2", b"a=1&b=2"),
    ],
)
def test_a_whole_body_is_written_in_its_media_type(calls, media_type, sent_type, value, expected):
    assert sent_body(calls, media_type, value) == (sent_type, expected)


@pytest.mark.parametrize("media_type", ["application/xml", "text/plain", "image/png"])
def test_an_object_has_no_form_as_raw_text(calls, media_type):
    with pytest.raises(BodyRefused, match=media_type):
        sent_body(calls, media_type, {"a": 1})


@pytest.mark.parametrize("media_type", [MULTIPART, FORM])
def test_a_form_is_made_from_an_object(calls, media_type):
    with pytest.raises(BodyRefused, match="object"):
        sent_body(calls, media_type, [1])


@pytest.mark.parametrize("media_type", ["json", "a/b\r\nX: y", "text/plain; x=\r\ny", ""])
def test_a_media_type_that_is_none_makes_the_operation_unusable(calls, media_type):
    with pytest.raises(OperationUnusable):
        calls.compiled(method="POST", body=Body(media_type=media_type))


@pytest.mark.parametrize(
    ("value", "encoding", "expected"),
    [
        ({"a": "x y&z", "b": True}, {}, b"a=x%20y%26z&b=true"),
        ({"a": [1, 2]}, {}, b"a=1&a=2"),
        ({"a": {"b": 1}}, {}, b"a=%7B%22b%22%3A1%7D"),
        ({"a": None, "b": ""}, {}, b"b="),
        ({"a": [1, 2]}, {"a": {"explode": False}}, b"a=1,2"),
        ({"a": {"b": 1}}, {"a": {"style": "deepObject", "explode": True}}, b"a%5Bb%5D=1"),
        ({"a": {"b": 1, "c": 2}}, {"a": {"style": "form", "explode": True}}, b"b=1&c=2"),
        ({"a": [1, 2]}, {"a": {"style": "pipeDelimited", "explode": False}}, b"a=1%7C2"),
        ({"a": [1]}, {"a": {"content_type": "application/json"}}, b"a=%5B1%5D"),
    ],
)
def test_a_form_follows_its_encoding_objects(calls, value, encoding, expected):
    encoding = {name: PropertyEncoding(**fields) for name, fields in encoding.items()}
    assert sent_body(calls, FORM, value, encoding=encoding) == (FORM, expected)


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_a_form_of_any_text_reads_back(calls, value):
    _, body = sent_body(calls, FORM, value)
    assert dict(parse_qsl(body.decode(), keep_blank_values=True)) == value


def test_a_multipart_body_has_a_part_for_each_value(calls):
    encoding = {"meta": PropertyEncoding(content_type="application/vnd.x+json")}
    value = {"note": "é", "meta": {"a": 1}, "tags": ["x", "y"], "gone": None}
    content_type, body = sent_body(calls, MULTIPART, value, encoding=encoding)
    parts = parts_of(content_type, body)
    named = [
        (
            part.get_param("name", header="content-disposition"),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in parts
    ]
    assert named == [
        ("note", "text/plain", "é".encode()),
        ("meta", "application/vnd.x+json", b'{"a":1}'),
        ("tags", "text/plain", b"x"),
        ("tags", "text/plain", b"y"),
    ]


def test_a_binary_member_is_sent_as_a_file(calls):
    body = Body(media_type=MULTIPART, members={"photo": "photo"})
    schema = {"properties": {"photo": {"type": "string", "format": "binary"}}}
    sent = calls.request(calls.compiled(method="POST", body=body, schema=schema), photo="raw")
    [part] = parts_of(dict(sent.headers)["content-type"], sent.body)
    assert part.get_filename() == "photo"
    assert part.get_content_type() == "application/octet-stream"


@pytest.mark.parametrize(
    "name", ['a"; filename="evil.sh', "a\r\nContent-Type: text/html", "a\nb", "a\0b"]
)
def test_h67_a_hostile_name_stays_a_name(calls, name):
    content_type, body = sent_body(calls, MULTIPART, {name: "x", "last": "y"})
    parts = parts_of(content_type, body)
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/plain"]
    assert [part.get_filename() for part in parts] == [None, None]
    assert len(parts[0]["content-disposition"].splitlines()) == 1


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("../../x", "x"),
        ("C:\\temp\\x.txt", "x.txt"),
        ("..", "file"),
        ("a/..", "file"),
        ("", "file"),
        ('a"b.txt', 'a"b.txt'),
    ],
)
def test_h67_a_file_name_has_no_folders(filename, expected):
    assert bare_filename(filename) == expected


def test_h67_a_file_name_cannot_leave_its_quotes():
    content_type, body = encode_multipart([Part("f", b"x", "text/plain", 'a"\r\nX: y.txt')])
    [part] = parts_of(content_type, body)
    assert part["x"] is None
    assert b'filename="a%22%0D%0AX: y.txt"' in body


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4))
def test_h67_no_content_can_contain_the_boundary(contents):
    first, _ = encode_multipart([Part("a", content, "text/plain") for content in contents])
    guessed = first.partition("boundary=")[2].encode()
    hostile = [b"\r\n--" + guessed + b"--\r\n", *contents]
    content_type, body = encode_multipart([Part("a", each, "text/plain") for each in hostile])
    boundary = content_type.partition("boundary=")[2].encode()
    assert body.count(boundary) == len(hostile) + 1


def test_the_same_parts_make_the_same_bytes(calls):
    value = {"a": "1", "b": "2"}
    assert sent_body(calls, MULTIPART, value) == sent_body(calls, MULTIPART, value)


def test_a_part_whose_type_would_end_its_head_is_refused():
    for part in (
        Part("a", b"x", "text/plain\r\n\r\n ;x"),
        Part("a", b"x", "text/plain", headers={"x-a": "1\r\nx-b: 2"}),
        Part("a", b"x", "text/plain", headers={"x-a\n": "1"}),
    ):
        with pytest.raises(BodyRefused, match="control character"):
            encode_multipart([part])


@pytest.mark.parametrize("media_type", ["application/json\r\n;x", "text/plain\n; a=b"])
def test_a_media_type_of_more_than_one_line_is_none(calls, media_type):
    with pytest.raises(OperationUnusable, match="is not a media type"):
        calls.compiled(method="POST", body=Body(media_type=media_type))


def test_no_file_is_sent_for_null(calls):
    file = PropertyEncoding(kind="file")
    whole = Body(media_type="application/octet-stream", whole=file)
    assert calls.request(calls.compiled(method="POST", body=whole), body=None).body is None
    files = Body(
        media_type=MULTIPART,
        members={"f": "f", "g": "g"},
        encoding={"f": file, "g": PropertyEncoding(kind="files")},
    )
    sent = calls.request(calls.compiled(method="POST", body=files), f=None, g=[None, "YQ=="])
    assert sent.body.count(b"Content-Disposition") == 1
