"""H1-H28, H32, H35-H40: what is refused before any name is looked up."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress import (
    EgressError,
    EgressSettings,
    HostRefused,
    RedirectRefused,
    RequestInvalid,
    Target,
    UrlAmbiguous,
    UrlInvalid,
    parse_server_url,
)
from egress.redirects import next_target
from egress.uri import agree, split_url

ROWS = json.loads((Path(__file__).parent / "hostile/urls.json").read_text())["rows"]
CASES = [pytest.param(url, code, id=f"{row}-{n}") for n, (row, url, code) in enumerate(ROWS)]
BASE = Target.parse("https://api.example.com/v1/")


def refused_as(url):
    try:
        Target.parse(url)
    except EgressError as refused:
        return refused.code
    return None


REAL = [
    ("https://api.example.com", "https://api.example.com:443", "/"),
    ("https://API.Example.COM:443/v1", "https://api.example.com:443", "/v1"),
    ("https://api.example.com./v1", "https://api.example.com:443", "/v1"),
    ("https://api.example.com?x=1", "https://api.example.com:443", "/?x=1"),
    ("https://bücher.de/a%20b", "https://xn--bcher-kva.de:443", "/a%20b"),
    ("https://faß.de/", "https://xn--fa-hia.de:443", "/"),
    ("https://日本語.jp/", "https://xn--wgv71a119e.jp:443", "/"),
    ("https://xn--wgv71a119e.jp/", "https://xn--wgv71a119e.jp:443", "/"),
    ("https://r3---sn-abc.example.com/", "https://r3---sn-abc.example.com:443", "/"),
    ("https://1.example.com/a/../b//c;d=1", "https://1.example.com:443", "/a/../b//c;d=1"),
    ("https://a.co/?filter[name]=x|y&z=%5B", "https://a.co:443", "/?filter[name]=x|y&z=%5B"),
]


@pytest.mark.parametrize(("url", "code"), CASES)
def test_a_hostile_url_is_refused_with_its_code(url, code):
    with pytest.raises(EgressError) as refused:
        Target.parse(url)

    assert refused.value.code == code
    assert refused.value.hint
    assert not refused.value.sent


@pytest.mark.parametrize(("url", "code"), CASES)
def test_a_hostile_url_is_refused_as_a_server_too(url, code):
    with pytest.raises(EgressError) as refused:
        parse_server_url(url)

    assert refused.value.code == code


@pytest.mark.parametrize("url", [row[1] for row in ROWS if "://" in row[1][:8]])
def test_a_redirect_is_never_a_way_around(url):
    """Only a fragment is forgiven there: it is not for the wire (RFC 9110 10.2.2)."""
    base, hash_mark, _ = url.partition("#")

    if hash_mark and refused_as(base) is None:
        assert next_target(BASE, url, EgressSettings()) == Target.parse(base)
    else:
        with pytest.raises(RedirectRefused):
            next_target(BASE, url, EgressSettings())


@pytest.mark.parametrize(("url", "origin", "path"), REAL)
def test_an_honest_url_is_understood(url, origin, path):
    target = Target.parse(url)

    assert (target.origin, target.path_and_query) == (origin, path)


def test_a_target_knows_its_registrable_domain():
    assert Target.parse("https://a.b.example.co.uk/").registrable_domain == "example.co.uk"
    assert Target.parse("https://you.github.io/").registrable_domain == "you.github.io"


@pytest.mark.parametrize(
    "url", ["https://good.com?@evil/", "https://good.com/?a", "https://good.com/?", "https://a.co#"]
)
def test_h18_a_server_url_has_neither_query_nor_fragment(url):
    with pytest.raises(UrlInvalid):
        parse_server_url(url)


def test_h35_the_platform_does_not_call_itself():
    settings = EgressSettings(own_hosts="Actions.Example.com.")

    with pytest.raises(HostRefused):
        Target.parse("https://actions.example.com/", settings)


def test_a_reading_that_the_second_parser_does_not_share_is_refused():
    """Were our own parser ever to read a host wrongly, this is what would catch it."""
    url = "https://evil.example.com/"

    with pytest.raises(UrlAmbiguous):
        agree(split_url(url), "good.example.com", url)


def test_a_url_that_only_our_parser_accepts_is_refused():
    with pytest.raises(UrlAmbiguous):
        agree(split_url("https://a.com/"), "a.com", "https://a.com:x/")


def test_a_path_goes_on_the_wire_byte_for_byte():
    target = BASE.at('//evil.com/../%2e%2f;[|]{}^`"<>\\?q=%zz&@x')

    assert target.path_and_query == '//evil.com/../%2e%2f;[|]{}^`"<>\\?q=%zz&@x'
    assert target.origin == BASE.origin
    assert (target.path, target.query) == ('//evil.com/../%2e%2f;[|]{}^`"<>\\', "q=%zz&@x")


@pytest.mark.parametrize(
    "path", ["", "x", "@evil.com", "/a b", "/a\r\nHost: evil", "/a\n", "/\x00", "/é", "/a#b", "/\t",
             "https://evil.com/", "/" + "a" * 65_536]
)  # fmt: skip
def test_h62_a_path_that_http_cannot_carry_is_refused(path):
    with pytest.raises(RequestInvalid):
        BASE.at(path)


@given(st.text(max_size=60))
def test_whatever_is_accepted_is_canonical(text):
    """Parsing the canonical form again changes nothing, and both forms are one origin."""
    try:
        target = Target.parse(f"https://{text}")
    except EgressError:
        return
    again = Target.parse(f"{target.origin}{target.path_and_query}")
    assert again == target
    assert target.origin.isascii()
    assert target.origin == target.origin.lower()


@given(st.from_regex(r"\A[a-zA-Z0-9äßж]{1,8}(\.[a-zA-Z0-9ü-]{1,8}){0,3}\.(com|de|jp|co\.uk)\Z"))
def test_upper_case_and_a_trailing_dot_make_no_difference(host):
    shouted = host.upper() if host.isascii() else host
    spellings = {f"https://{spelling}/" for spelling in (host, host + ".", shouted)}

    if refused_as(f"https://{host}/") is None:
        assert len({Target.parse(spelling).origin for spelling in spellings}) == 1
    else:
        assert len({refused_as(spelling) for spelling in spellings}) == 1
