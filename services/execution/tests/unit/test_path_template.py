"""A path value never leaves its place in the template (H60 to H63)."""

from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from execution_service.domain.admission import Refused, admit
from execution_service.domain.errors import OperationUnusable, PathEscapes
from execution_service.domain.wire.parameter import Slot
from execution_service.domain.wire.path_template import PathTemplate

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@pytest.fixture(scope="session")
def user(calls):
    return calls.compiled(
        calls.parameter("id", "path"), path="/users/{id}/posts", server="https://api.example.com/v1"
    )


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("..%2f", "..%252f"),
        ("%2e%2e", "%252e%252e"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("a?x=1", "a%3Fx%3D1"),
        ("a#b", "a%23b"),
        ("a;b", "a%3Bb"),
        ("v1..2", "v1..2"),
        ("...", "..."),
    ],
)
def test_h60_a_path_value_is_encoded_into_one_segment(calls, user, value, segment):
    sent = calls.request(user, id=value)
    assert sent.raw_path_and_query == f"/v1/users/{segment}/posts"


@pytest.mark.parametrize("value", ["../../admin", "..", ".", "..;/", "a/../b", "..\\x", "a/."])
def test_h60_dot_segments_are_refused(calls, user, value):
    with pytest.raises(PathEscapes) as refused:
        calls.request(user, id=value)
    assert refused.value.code == "execution.path_escapes"
    assert "'id'" in refused.value.sentence


EMPTY = [
    ("", 'a text that is not empty, not "".'),
    (None, "one, not null."),
    ([], "a list of at least one item that is not empty, not []."),
    ({}, "an object of at least one member that has a value, not {}."),
    ([None], "a list of at least one item that is not empty, not [null]."),
    ({"a": None}, 'an object of at least one member that has a value, not {"a":null}.'),
]


@pytest.mark.parametrize(("value", "wanted"), EMPTY)
def test_h60_what_leaves_a_segment_empty_is_not_admitted(user, value, wanted):
    """Whatever the schema says: it may allow null, as that of `"type": null` does."""
    for tolerant in (False, True):
        refused = admit(user, {"id": value}, tolerant=tolerant)
        assert isinstance(refused, Refused)
        assert [each.code for each in refused.faults] == ["argument.path_empty"]
        assert refused.faults[0].message == (
            "'id' is part of the path /users/{id}/posts, so it needs a value: give " + wanted
        )


@pytest.mark.parametrize("value", [0, False, 0.0, " ", "0", [0]])
def test_h60_what_is_written_somehow_is_not_empty(calls, user, value):
    assert calls.request(user, id=value).raw_path_and_query.count("/") == 4


@pytest.mark.parametrize("value", ["//evil.com", "https://evil.com", "@evil.com", ":443/x"])
def test_h61_an_address_as_value_stays_in_the_path(calls, user, value):
    sent = calls.request(user, id=value)
    assert sent.raw_path_and_query.startswith("/v1/users/")
    assert sent.raw_path_and_query.count("/") == 4


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "a\0b", "a\x7fb", "\x1b[0m"])
def test_h62_control_characters_in_a_path_are_refused(calls, user, value):
    with pytest.raises(PathEscapes):
        calls.request(user, id=value)


@pytest.mark.parametrize("value", ["x" * 1_000_000, "\ud800"])
def test_h62_a_megabyte_or_half_a_surrogate_is_not_admitted(user, value):
    refused = admit(user, {"id": value})
    assert isinstance(refused, Refused)


@given(value=TEXT)
@example("%")
@example("a b/c")
@example("\u2028é")
def test_any_text_stays_one_segment_and_decodes_back(calls, user, value):
    assume(value)
    try:
        sent = calls.request(user, id=value)
    except PathEscapes:
        steps = value.replace("\\", "/").split("/")
        dots = any(step.partition(";")[0] in (".", "..") for step in steps)
        assert dots or any(c < " " or c == "\x7f" for c in value)
        return
    before, base, users, segment, posts = sent.raw_path_and_query.split("/")
    assert (before, base, users, posts) == ("", "v1", "users", "posts")
    assert unquote(segment, errors="strict") == value
    assert not {"?", "#", "\\"} & set(segment)


@given(first=TEXT, second=TEXT)
def test_two_values_in_one_segment_cannot_make_a_dot_segment(calls, first, second):
    call = calls.compiled(
        calls.parameter("a", "path"), calls.parameter("b", "path"), path="/x/{a}{b}"
    )
    assume(first)
    assume(second)
    try:
        sent = calls.request(call, a=first, b=second)
    except PathEscapes:
        return
    assert unquote(sent.raw_path_and_query) == f"/x/{first}{second}"
    assert sent.raw_path_and_query not in ("/x/.", "/x/..")


@pytest.mark.parametrize("raw", ["a/b", "a?b", "a#b", "a\\b", "a b", "é", "a\r\n"])
def test_a_path_that_is_no_instance_of_its_template_is_refused_whoever_wrote_it(raw):
    template = PathTemplate.of("/v1", "/users/{id}", [Slot("id", "id", write=lambda _: raw)])
    with pytest.raises(PathEscapes):
        template.fill({"id": "anything"})


def test_two_values_share_a_segment(calls):
    latitude, longitude = calls.parameter("lat", "path"), calls.parameter("lon", "path")
    sent = calls.sent_path("/points/{lat},{lon}", latitude, longitude, lat=39.7, lon=-97)
    assert sent == "/points/39.7,-97"


@pytest.mark.parametrize(
    ("server", "path", "expected"),
    [
        ("https://x.example", "/a", "/a"),
        ("https://x.example/", "/a", "/a"),
        ("https://x.example/v1", "/a", "/v1/a"),
        ("https://x.example/v1/", "/a/", "/v1/a/"),
        ("https://x.example/v1", "/", "/v1/"),
        ("https://x.example", "/ä b/100%25", "/%C3%A4%20b/100%25"),
        ("https://x.example", "/a#create", "/a"),
        ("https://x.example", "/a?type=b", "/a?type=b"),
    ],
)
def test_the_base_path_is_kept_and_joined_with_one_slash(calls, server, path, expected):
    call = calls.compiled(server=server, path=path)
    assert calls.request(call).raw_path_and_query == expected


def test_a_placeholder_without_a_parameter_makes_the_operation_unusable(calls):
    with pytest.raises(OperationUnusable, match="pet"):
        calls.compiled(path="/pets/{pet}")


@pytest.mark.parametrize(
    "server",
    [
        "https://{host}/v1",
        "https://user:secret@x.example",
        "//x.example",
        "/v1",
        "ftp://x.example",
        "https://",
        "https://x.example?a=b",
        "https://x.example#a",
        "https://x.example/a b\r\n",
        "https://[::1",
    ],
)
def test_h63_a_server_that_is_not_plain_and_complete_makes_the_operation_unusable(calls, server):
    with pytest.raises(OperationUnusable):
        calls.compiled(server=server)
