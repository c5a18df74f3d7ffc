"""Cookies (RFC 6265, 4.1.1 and 4.2.1; OAS 3.2, 4.12.3 for `style: cookie`)."""

import pytest

from contracts.operation import Location
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.errors import HeaderRefused

SESSION = frozenset({(Location.COOKIE, "session")})


def cookie(calls, value, name="color", **fields):
    call = calls.compiled(calls.parameter(name, "cookie", argument="a", **fields))
    return dict(calls.request(call, a=value).headers)["cookie"]


@pytest.mark.parametrize(
    ("explode", "value", "expected"),
    [
        (True, "blue", "color=blue"),
        (True, "", "color="),
        (True, "a&session=1", "color=a&session=1"),
        (True, "%2Ffoo%2F", "color=%2Ffoo%2F"),
        (True, ["blue", "black"], "color=blue; color=black"),
        (False, ["blue", "black"], "color=blue,black"),
        (True, {"R": 100, "G": 200}, "R=100; G=200"),
        (False, {"R": 100, "G": 200}, "color=R,100,G,200"),
    ],
)
def test_w3_style_cookie_is_sent_as_it_is(calls, explode, value, expected):
    assert cookie(calls, value, is_encoded=False, explode=explode) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a&session=1", "color=a%26session%3D1"),
        ("a; session=1", "color=a%3B%20session%3D1"),
        ({"a=b": "c"}, "a%3Db=c"),
    ],
)
def test_w3_style_form_is_percent_encoded(calls, value, expected):
    assert cookie(calls, value) == expected


def test_allow_reserved_keeps_what_does_not_end_a_cookie(calls):
    kept = "/:?#[]@!$&'()*+="

    assert cookie(calls, f"{kept},;% %20", allow_reserved=True) == f"color={kept}%2C%3B%25%20%20"


@pytest.mark.parametrize(
    ("name", "is_encoded", "expected"),
    [
        ("a#b", False, "a#b=1"),
        ("a b", False, "a%20b=1"),
        ("a;b", False, "a%3Bb=1"),
        ("a#b", True, "a%23b=1"),
    ],
)
def test_a_cookies_own_name_is_sent_as_its_style_wants_it(calls, name, is_encoded, expected):
    assert cookie(calls, 1, name=name, is_encoded=is_encoded) == expected


@pytest.mark.parametrize("member", ["a=b", "a b", "a;b", "", "é", "a,b"])
def test_a_member_that_cannot_be_the_name_of_a_cookie_is_refused(calls, member):
    with pytest.raises(HeaderRefused, match="no name of a cookie"):
        cookie(calls, {member: "x"}, is_encoded=False)


@pytest.mark.parametrize("text", ["a b", "a,b", "a;b", 'a"b', "a\\b", "é", "a\tb"])
def test_w3_what_a_cookie_cannot_hold_is_refused(calls, text):
    with pytest.raises(HeaderRefused, match="The value for the cookie color"):
        cookie(calls, text, is_encoded=False)


@pytest.fixture
def signed_in(calls):
    """Its credential is the cookie `session`; two cookies are arguments."""
    return calls.compiled(
        calls.parameter("filter", "cookie", is_encoded=False),
        calls.parameter("theme", "cookie", is_encoded=False),
    )


@pytest.mark.parametrize("value", ["a&session=1", "session=1", "a&theme=dark", "x=theme"])
def test_a_value_is_no_name_since_cookies_are_split_at_semicolons_alone(signed_in, value):
    given = {"filter": value, "theme": "light"}

    assert isinstance(admit(signed_in, given, SESSION), Admitted)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"filter": {"session": "1"}}, "argument.reserved"),
        ({"filter": {"b": "1", "Session": "2"}}, "argument.reserved"),
        ({"filter": {"theme": "dark"}, "theme": "light"}, "argument.name_taken"),
    ],
)
def test_h64_a_member_that_becomes_a_cookie_of_another_name_is_refused(signed_in, given, code):
    answer = admit(signed_in, given, SESSION)

    assert isinstance(answer, Refused)
    assert [each.code for each in answer.faults] == [code]
