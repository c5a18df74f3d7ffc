"""What a set of origins is called: the same in every service, whoever made it."""

import hashlib

import pytest

from contracts.origin import host_of, origin_set_digest


def test_a_set_is_named_by_the_hash_of_its_sorted_origins_as_json():
    text = b'["http://127.0.0.1:9000","https://api.example.com"]'

    named = origin_set_digest(("https://api.example.com", "http://127.0.0.1:9000"))

    assert named == hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize(
    "same",
    [
        ["https://b.example", "https://a.example"],
        ["https://a.example", "https://b.example", "https://a.example"],
        ["https://a.example:443", "https://b.example"],
    ],
    ids=["another order", "twice", "with the scheme's own port"],
)
def test_spelling_it_differently_makes_no_other_set(same):
    assert origin_set_digest(same) == origin_set_digest(["https://a.example", "https://b.example"])


@pytest.mark.parametrize(
    "other",
    [
        ["https://a.example"],
        ["http://a.example", "https://b.example"],
        ["https://a.example:80", "https://b.example"],
        ["https://a.example:8443", "https://b.example"],
        ["https://a.example", "https://b.example", "https://c.example"],
        ["https://a.example,https://b.example"],
        [],
    ],
)
def test_other_origins_make_another_set(other):
    assert origin_set_digest(other) != origin_set_digest(["https://a.example", "https://b.example"])


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://api.example.com", "api.example.com"),
        ("https://api.example.com:8443", "api.example.com"),
        ("http://127.0.0.1:9000", "127.0.0.1"),
        ("https://[2001:db8::1]", "[2001:db8::1]"),
        ("https://[2001:db8::1]:8443", "[2001:db8::1]"),
        ("http://[::1]:80", "[::1]"),
        ("https://[::]", "[::]"),
        ("https://[::443]", "[::443]"),
        ("https://[2001:db8::ffff:443]:443", "[2001:db8::ffff:443]"),
    ],
)
def test_a_host_is_without_its_port_and_a_literal_keeps_its_brackets(origin, host):
    assert host_of(origin) == host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://[::1]:80", "http://[::1]", True),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]", True),
        ("https://[2001:db8::1]:80", "https://[2001:db8::1]", False),
        ("http://[::1]:443", "http://[::1]", False),
    ],
)
def test_a_literal_with_its_schemes_own_port_makes_no_other_set(one, other, same):
    assert (origin_set_digest([one]) == origin_set_digest([other])) == same


@pytest.mark.parametrize("literal", ["https://[::443]", "https://[2001:db8::443]", "http://[::80]"])
def test_the_end_of_a_literal_is_no_port(literal):
    assert origin_set_digest([literal]) == hashlib.sha256(f'["{literal}"]'.encode()).hexdigest()
