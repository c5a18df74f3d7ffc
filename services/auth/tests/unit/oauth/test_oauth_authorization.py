"""H80, H82, H83: a member's way to the provider, and what the browser brings back."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.oauth.authorization_answer import read_callback
from auth_service.domain.oauth.authorization_request import authorization_address
from auth_service.domain.oauth.errors import (
    AuthorizationRefused,
    CallbackInvalid,
    IssuerMismatch,
)
from auth_service.domain.oauth.profiles import GENERIC, GOOGLE, SLACK
from contracts.errors import PlatformError
from kit.oauth.pkce import challenge_of
from services.auth.tests.oauth_clients import client_of

VERIFIER = "v" * 43
CALLBACK = "https://actions.example.com/aip/act_1/oauth/callback"
ISSUER = "https://id.example.com"


def sent(client):
    """The parameters of the address, each once."""
    pairs = parse_qsl(urlsplit(authorization_address(client, CALLBACK, "st", VERIFIER)).query)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def callback(**parameters):
    return read_callback(urlencode(parameters), GENERIC)


def test_the_browser_is_sent_with_state_and_challenge_and_without_the_verifier():
    assert sent(client_of()) == {
        "response_type": "code",
        "client_id": "client-1",
        "redirect_uri": CALLBACK,
        "state": "st",
        "scope": "read write",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }


def test_no_scope_is_sent_where_none_is_set():
    assert "scope" not in sent(client_of(scopes=()))


def test_a_profile_adds_parameters_joins_scopes_and_leaves_pkce_out():
    google, slack = sent(client_of(GOOGLE)), sent(client_of(SLACK))

    assert (google["access_type"], google["prompt"]) == ("offline", "consent")
    assert slack["scope"] == "read,write"
    assert "code_challenge" not in slack


def test_the_endpoints_own_query_stays_and_counts_more_than_the_profile():
    url = GOOGLE.authorization_url + "?prompt=login&hd=example.com"
    parameters = sent(client_of(GOOGLE, authorization_url=url))

    assert (parameters["prompt"], parameters["hd"]) == ("login", "example.com")


def test_a_code_comes_back_with_its_state():
    answer = callback(code="c0de", state="st", session_state="ignored")

    assert (answer.state, answer.granted_code().reveal()) == ("st", "c0de")
    assert "c0de" not in repr(answer)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("code=c", id="h80 no state"),
        pytest.param("code=c&state=", id="h80 empty state"),
        pytest.param("code=c&error=e&state=s", id="h82 code and error"),
        pytest.param("state=s", id="h82 neither"),
        pytest.param("code=c&code=c&state=s", id="h82 code twice"),
        pytest.param("code=c&state=s&state=t", id="h82 state twice"),
        pytest.param("code=c&state=s&iss=a&iss=b", id="h83 issuer twice"),
        pytest.param(f"code=c&state={'s' * 100_000}", id="h82 state of 100 KB"),
        pytest.param(f"code=c&state={'s' * 8_001}", id="h82 state of 8,001 characters"),
        pytest.param(f"code={'c' * 8_193}&state=s", id="h82 code of 8,193 characters"),
        pytest.param("code=&state=s", id="empty code"),
        pytest.param("code=%0d%0a&state=s", id="code with a line break"),
        pytest.param("code=%C3%A9&state=s", id="code outside ASCII"),
        pytest.param("code=%ff&state=s", id="no UTF-8"),
        pytest.param("state=s&code=c" + "&a=1" * 60, id="62 parameters"),
    ],
)
def test_h80_h82_what_is_no_answer_is_refused(query):
    with pytest.raises(CallbackInvalid) as refusal:
        read_callback(query, GENERIC)
    assert refusal.value.code == "auth.oauth_callback_invalid"
    assert refusal.value.hint


@given(query=st.text(max_size=300) | st.binary(max_size=300).map(lambda b: b.decode("latin-1")))
def test_h82_any_query_is_an_answer_or_a_typed_refusal(query):
    for start in ("", "state=s&", "state=s&code=c&", "state=s&error=e&"):
        try:
            answer = read_callback(start + query, GENERIC)
        except CallbackInvalid:
            continue
        assert answer.state
        assert (answer.code is None) == bool(answer.error)


def test_h82_html_in_a_description_is_text_of_one_bounded_line():
    said = "<script>alert(1)</script>\r\nX-Evil: 1\u202e" + "x" * 5_000
    answer = callback(error="access_denied", error_description=said, state="s")

    with pytest.raises(AuthorizationRefused) as refusal:
        answer.granted_code()
    assert refusal.value.error == "access_denied"
    assert refusal.value.sentence.startswith("access_denied: <script>alert(1)</script> X-Evil: 1x")
    assert len(refusal.value.sentence) < 400


def test_h82_an_error_that_is_no_code_is_not_repeated():
    with pytest.raises(AuthorizationRefused) as refusal:
        callback(error="<b>no</b>", state="s").granted_code()
    assert refusal.value.sentence == "unknown_error"


def test_h83_an_answer_names_the_issuer_that_was_asked():
    callback(code="c", state="s", iss=ISSUER).ensure_from(ISSUER, names_itself=True)
    callback(code="c", state="s").ensure_from(ISSUER, names_itself=False)
    callback(code="c", state="s", iss=ISSUER).ensure_from("", names_itself=False)


@pytest.mark.parametrize(
    "named",
    [None, "https://evil.example", "https://ID.example.com", ISSUER + "/", ISSUER + ":443", ""],
    ids=["missing", "another", "in capitals", "with a slash", "with a port", "empty"],
)
def test_h83_the_answer_of_another_issuer_is_refused(named):
    answer = callback(code="c", state="s", **({} if named is None else {"iss": named}))

    with pytest.raises(IssuerMismatch) as refusal:
        answer.ensure_from(ISSUER, names_itself=True)
    assert refusal.value.code == "auth.oauth_issuer_mismatch"
    assert isinstance(refusal.value, PlatformError)


def test_a_profile_has_its_own_name_of_the_code():
    profile = replace(GENERIC, code_name="spapi_oauth_code")
    answer = read_callback("spapi_oauth_code=c&state=s", profile)

    assert answer.granted_code().reveal() == "c"
    with pytest.raises(CallbackInvalid):
        read_callback("code=c&state=s", profile)
