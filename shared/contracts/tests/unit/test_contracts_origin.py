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


def test_literals_keep_their_brackets():
    assert origin_set_digest(["http://[::1]:80"]) == origin_set_digest(["http://[::1]"])
    assert host_of("http://[::1]:80") == "[::1]"
