"""H36-H39: the entries of domain lists, and what they match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress import DomainInvalid, is_within, normalise_domain, registrable_domain


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("example.com", "example.com"),
        (" Example.COM ", "example.com"),
        ("api.example.com.", "api.example.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("a.b.example.co.uk", "a.b.example.co.uk"),
        ("you.github.io", "you.github.io"),
    ],
)
def test_an_entry_is_stored_in_its_canonical_form(text, stored):
    assert normalise_domain(text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("*", "egress.domain_wildcard"),
        ("*.com", "egress.domain_wildcard"),
        ("*.co.uk", "egress.domain_wildcard"),
        ("*.example.com", "egress.domain_wildcard"),
        ("ex*ample.com", "egress.domain_wildcard"),
        ("co.uk", "egress.domain_public_suffix"),
        ("github.io", "egress.domain_public_suffix"),
        ("127.0.0.1", "egress.domain_address"),
        ("8.8.8.8", "egress.domain_address"),
        ("2130706433", "egress.domain_address"),
        ("[::1]", "egress.domain_address"),
        ("::1", "egress.domain_address"),
        ("api.example.0x7f", "egress.domain_address"),
        ("localhost", "egress.domain_special_use"),
        ("printer.local", "egress.domain_special_use"),
        ("db.internal", "egress.domain_special_use"),
        ("metadata.google.internal", "egress.domain_special_use"),
        ("x.example", "egress.domain_special_use"),
        ("1.0.0.127.in-addr.arpa", "egress.domain_special_use"),
        ("com", "egress.domain_malformed"),
        ("", "egress.domain_malformed"),
        (".", "egress.domain_malformed"),
        ("https://example.com", "egress.domain_malformed"),
        ("example.com/path", "egress.domain_malformed"),
        ("example.com:443", "egress.domain_malformed"),
        ("user@example.com", "egress.domain_malformed"),
        ("exa mple.com", "egress.domain_malformed"),
        ("a..com", "egress.domain_malformed"),
        ("-a.com", "egress.domain_malformed"),
        ("a_b.com", "egress.domain_malformed"),
        ("\u0430pi.stripe.com", "egress.domain_malformed"),
        ("e\u0301.com", "egress.domain_malformed"),
        ("xn--a.com", "egress.domain_malformed"),
        ("a" * 64 + ".com", "egress.domain_malformed"),
        ("a." * 2000 + "com", "egress.domain_malformed"),
    ],
)
def test_h38_an_entry_that_means_too_much_or_nothing_is_refused(text, code):
    with pytest.raises(DomainInvalid) as refused:
        normalise_domain(text)

    assert refused.value.code == code


def test_the_hint_to_a_reserved_name_names_no_form_that_it_already_has():
    with pytest.raises(DomainInvalid) as refused:
        normalise_domain("never.example")

    assert "reached publicly" in refused.value.hint
    assert "plain domain" not in refused.value.hint


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("example.com", True),
        ("api.example.com", True),
        ("a.b.example.com", True),
        ("evilexample.com", False),
        ("example.com.evil.com", False),
        ("com", False),
    ],
)
def test_h37_a_domain_covers_itself_and_its_subdomains_only(host, covered):
    assert is_within(host, "example.com") is covered


def test_h37_a_subdomain_does_not_cover_its_parent():
    assert not is_within("example.com", "api.example.com")


def test_a_public_suffix_has_no_registrable_domain():
    assert registrable_domain("co.uk") is None
    assert registrable_domain("a.example.co.uk") == "example.co.uk"


@pytest.mark.parametrize("address", ["127.0.0.1", "8.8.0.1", "[::1]", "[2001:db8::1]"])
def test_an_address_has_no_registrable_domain(address):
    assert registrable_domain(address) is None


@given(st.text(max_size=40) | st.from_regex(r"\A[a-zäж-]{1,9}\.(com|co\.uk|de)\Z"))
def test_normalising_twice_is_normalising_once(text):
    try:
        once = normalise_domain(text)
    except DomainInvalid:
        return
    assert normalise_domain(once) == once
