"""S01, H94: id and secret reach a token endpoint as they were entered, in one place."""

import base64
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.oauth.client_authentication import ClientAuthentication, authenticated
from kit.oauth.endpoint import with_query
from kit.oauth.pkce import challenge_parameters
from kit.sealing import Secret

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
BASIC, POST, NONE = ClientAuthentication


def pair_of(sent):
    scheme, _, encoded = sent.headers["authorization"].partition(" ")
    assert scheme == "Basic"
    return base64.b64decode(encoded, validate=True)


@given(client_id=ANY_TEXT, secret=ANY_TEXT)
def test_h94_a_server_that_decodes_as_the_rfc_says_reads_any_id_and_secret(client_id, secret):
    sent = authenticated(client_id, Secret(secret), BASIC)

    left, _, right = pair_of(sent).decode("ascii").partition(":")
    assert (unquote_plus(left), unquote_plus(right)) == (client_id, secret)


@given(client_id=ANY_TEXT.filter(lambda text: ":" not in text), secret=ANY_TEXT)
def test_h94_raw_is_exact_to_the_byte(client_id, secret):
    sent = authenticated(client_id, Secret(secret), BASIC, is_raw=True)

    assert pair_of(sent) == f"{client_id}:{secret}".encode()


@pytest.mark.parametrize(
    ("secret", "encoded"),
    [
        *((":", "%3A"), ("%", "%25"), ("+", "%2B"), (" ", "%20"), ("é", "%C3%A9")),
        *(("🔑", "%F0%9F%94%91"), ("k" * 4096, "k" * 4096)),
    ],
    ids=["colon", "percent", "plus", "space", "e acute", "emoji", "4 KB"],
)
def test_h94_secrets_of_any_characters_are_encoded_as_in_a_form(secret, encoded):
    assert pair_of(authenticated("id", Secret(secret), BASIC)) == f"id:{encoded}".encode()


def test_s01_basic_leaves_nothing_in_the_body_and_post_nothing_in_the_header():
    in_header = authenticated("a b", Secret("p:w"), BASIC)
    in_body = authenticated("a b", Secret("p:w"), POST)

    assert (pair_of(in_header), in_header.fields) == (b"a%20b:p%3Aw", {})
    assert in_body.headers == {}
    assert in_body.fields == {"client_id": "a b", "client_secret": "p:w"}


@pytest.mark.parametrize("method", ClientAuthentication)
def test_a_client_without_a_secret_says_its_id_alone(method):
    sent = authenticated("abc", None, method, id_name="client_key")

    assert (sent.headers, sent.fields) == ({}, {"client_key": "abc"})


def test_none_sends_no_secret_although_there_is_one():
    assert authenticated("abc", Secret("s"), NONE).fields == {"client_id": "abc"}


def test_what_cannot_be_sent_is_a_value_error():
    with pytest.raises(ValueError, match="colon"):
        authenticated("a:b", Secret("s"), BASIC, is_raw=True)
    for is_raw in (False, True):
        with pytest.raises(ValueError, match="surrogates"):
            authenticated("a", Secret("\udc80"), BASIC, is_raw=is_raw)


def test_its_text_form_has_no_secret():
    assert "canary" not in repr(authenticated("id", Secret("canary"), POST))
    assert "canary" not in repr(authenticated("id", Secret("canary"), BASIC, is_raw=True))


def test_the_challenge_is_that_of_the_rfcs_example():
    """RFC 7636, appendix B."""
    assert challenge_parameters("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == {
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }


def test_an_endpoints_own_query_stays():
    assert with_query("https://a.example/x", {"b": "c d"}) == "https://a.example/x?b=c+d"
    assert with_query("https://a.example/x?y=1", {"b": "c"}) == "https://a.example/x?y=1&b=c"
