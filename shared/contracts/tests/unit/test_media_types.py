"""Media types and ranges, as documents and callers write them (RFC 9110, 8.3.1)."""

import json
import re

import jsonschema_rs
import pytest

from contracts.file_value import endings_of, fits, object_schemas
from contracts.media_type import MAX_CHARACTERS, read_media_type
from contracts.wire import is_media_type


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("image/png", {}),
        ("image/png;", {}),
        ("image/png; ;\t; ", {}),
        ("image/png;a=b;C=D", {"a": "b", "c": "d"}),
        ('image/png ; a="b; c=d" ; e=f', {"a": "b; c=d", "e": "f"}),
        (r'image/png; a="b\"\\c"', {"a": 'b"\\c'}),
        ('image/png; a=""', {"a": ""}),
        ("image/png; a*9=b; a*=utf-8''c", {"a*9": "b", "a*": "utf-8''c"}),
        ("image/png; a=b; a=c", {"a": "c"}),
        ('image/png; a="', None),
        ('image/png; a="b"c', None),
        ("image/png; a = b", None),
        ("image/png; a", None),
        ("image/png; a=", None),
        ("image/png; =b", None),
        ("image/png; profile=https://a.dev/b", None),
    ],
)
def test_parameters_are_tokens_or_stand_in_quotes(text, parameters):
    found = read_media_type(text)
    assert (found.kind, found.subtype) == ("image", "png")
    assert found.parameters == parameters


@pytest.mark.parametrize("text", ["*/*", "image/*", "application/*+json", "application/vnd.*"])
def test_a_range_has_one_star(text):
    assert read_media_type(text).is_range
    assert not is_media_type(text + "*a*")


@pytest.mark.parametrize(
    "text", ["", "png", "/", "image/", "/png", "a/b/c", "a b/c", "a/b\n", " a/b", "a/b;é", "é/b"]
)
def test_what_has_no_type_and_subtype_is_none(text):
    assert read_media_type(text) is None


def test_what_is_longer_than_the_bound_is_none():
    longest = "image/png; a=" + "b" * (MAX_CHARACTERS - len("image/png; a="))
    assert is_media_type(longest)
    assert not is_media_type(longest + "b")
    assert not fits(longest + "b", ["image/png"])


@pytest.mark.parametrize(
    "tail", ['; a="' + ";" * 200_000, "; a*" + "9" * 5_000 + "=x", "; a=b" * 200_000, " " * 300_000]
)
def test_a_hostile_type_is_none_and_answered_within_the_limit_of_a_test(tail):
    """A reader of e-mails took quadratic time here, or raised ValueError."""
    assert not fits("image/png" + tail, ["image/png"])
    assert not fits("image/png", ["image/*" + tail])
    assert object_schemas(types=["image/*" + tail])


@pytest.mark.parametrize("part", ["; ", '; a="b"', "; a=b", ";a=b ", "a"])
def test_the_pattern_of_a_tool_is_no_burden_for_engines_that_try_every_way(part):
    """Python's own is one of them."""
    named = object_schemas(types=["image/*; charset=x"])[0]["properties"]["content_type"]
    general = object_schemas()[0]["properties"]["content_type"]
    for each in (named["pattern"], general["pattern"]):
        for before in ("image/png", "image/png; charset=x"):
            assert not re.fullmatch(each, (before + part * 250)[:MAX_CHARACTERS] + "é")


DECLARED = [
    [],
    ["*/*"],
    ["image/png"],
    ["image/*"],
    ["application/*+json"],
    ["application/vnd.*"],
    ["a|b/c"],
    ["application/x$y"],
    ["application/c++", "x/y^z"],
    ["text/csv; charset=utf-8"],
    ["text/*; charset=utf-8"],
    ['text/csv; title="a|(b) c"; charset="UTF-8"'],
    [r'text/csv; title="a\"b\\c"'],
    ["text/csv; profile=https://a.dev/b"],
    ['text/csv; a="'],
]
ESSENCES = ["image/png", "IMAGE/Png", "image/jpeg", "image/", "png", "", "a/c", "b/c", "a|b/c"]
ESSENCES += ["application/a+json", "application/vnd.", "application/vnd.a", "application/x$y"]
ESSENCES += ["application/c++", "application/ccc", "x/y^z", "text/csv", "text/plain", "image/*"]
TAILS = ["", ";", "; charset=utf-8", ';CHARSET="Utf-8"', "; charset=latin1", "; a=b", "; a = b"]
TAILS += ['; a="', "; é=b", "\n", '; title="a|(b) c"', "; title=a", r'; title="a\"b\\c"', "; a"]
TAILS += ["; profile=https://a.dev/b", "; charset=utf-8; charset=latin1", "; charset=utf-8;;", " "]
TAILS += ["; a=" + "b" * 300]


@pytest.mark.parametrize("types", DECLARED, ids=json.dumps)
def test_what_a_tool_admits_is_of_its_types(types):
    (*_, last) = object_schemas(types=types)
    check = jsonschema_rs.validator_for(last["properties"]["content_type"])
    given = [essence + tail for essence in ESSENCES for tail in TAILS]
    admitted = [each for each in given if check.is_valid(each)]
    assert admitted
    assert [each for each in admitted if not is_media_type(each)] == []
    assert [each for each in admitted if not fits(each, types or ["*/*"])] == []


@pytest.mark.parametrize(
    ("declared", "given", "admitted"),
    [
        ("text/csv; charset=utf-8", "text/csv", True),
        ("text/csv; charset=utf-8", 'TEXT/CSV ;Charset="UTF-8"', True),
        ("text/csv; charset=utf-8", "text/csv; charset=latin1", False),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8; charset=latin1", False),
        ("text/*; charset=utf-8; a=b", "text/plain; a=b; charset=utf-8", True),
        ("text/csv", "text/csv; charset=latin1", True),
        ("text/csv", 'text/csv; a="b', False),
        ("a|b/c", "a|b/c", True),
        ("a|b/c", "a", False),
    ],
)
def test_the_parameters_that_a_document_names_are_in_the_pattern(declared, given, admitted):
    schema = object_schemas(types=[declared])[0]["properties"]["content_type"]
    assert jsonschema_rs.validator_for(schema).is_valid(given) is admitted


def test_v9_4_each_of_many_ranges_is_read_once_for_all_endings():
    ranges = [*(f"application/x{number}*" for number in range(2_000)), "image/pn*"]
    before = read_media_type.cache_info()

    assert endings_of(ranges) == ["png"]

    after = read_media_type.cache_info()
    assert after.hits + after.misses - before.hits - before.misses == len(ranges)
