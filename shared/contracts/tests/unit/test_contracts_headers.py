"""One list of headers that only the platform sets (B24, H65)."""

import pytest

from contracts.headers import FRAMING, RESERVED, is_reserved, is_reserved_parameter, is_token


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_b24_a_reserved_name_is_reserved_in_any_spelling(name):
    for spelling in (name, name.upper(), name.title(), f" {name}\t"):
        assert is_reserved(spelling)
        assert is_reserved_parameter(spelling)


@pytest.mark.parametrize("prefix", ["Proxy-", "Sec-", "X-Forwarded-", "OpenAI-", "X-OpenActions-"])
def test_b24_so_is_whatever_begins_like_one(prefix):
    assert is_reserved(f"{prefix}Anything")


def test_b24_what_frames_a_message_is_reserved():
    assert FRAMING < RESERVED


def test_a_document_does_not_set_accept_and_a_credential_may():
    assert is_reserved_parameter("Accept")
    assert not is_reserved("Accept")


@pytest.mark.parametrize("name", ["X-Api-Key", "If-Match", "Forwarded-For", "Proxied"])
def test_others_are_free(name):
    assert not is_reserved_parameter(name)


@pytest.mark.parametrize("name", ["", "X Key", "X:Key", "Schlüssel", "X-Key\n", "(x)"])
def test_a_header_name_is_a_token(name):
    assert is_token("X-Key")
    assert not is_token(name)
