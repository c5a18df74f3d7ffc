"""H86 to H89, S02, S04: whatever a token endpoint answers is a token or a typed refusal."""

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.oauth.answer_document import MAX_BYTES, HttpAnswer
from auth_service.domain.oauth.errors import (
    ProviderUnavailable,
    TokenAnswerUnusable,
    TokenRefused,
)
from auth_service.domain.oauth.profile import TokenExchangeMethod
from auth_service.domain.oauth.profiles import GENERIC, GITHUB, PROFILES
from auth_service.domain.oauth.token_answer import read_token_answer
from auth_service.domain.oauth.token_request import refresh_request
from kit.sealing import Secret
from services.auth.tests.oauth_clients import (
    CLIENT_SECRET,
    FORM,
    NOW,
    REFRESH_TOKEN,
    answered,
    client_of,
    read,
)

TEN_YEARS = 3_652 * 86_400.0
REFUSALS = (ProviderUnavailable, TokenAnswerUnusable, TokenRefused)
GOOD = {"access_token": "a-token", "token_type": "Bearer", "expires_in": 3600}


def test_a_good_answer_is_read():
    token = read(answered({**GOOD, "refresh_token": "r", "scope": "read"}))

    assert token.access_token.reveal() == "a-token"
    assert token.refresh_token.reveal() == "r"
    assert (token.lifetime, token.scopes) == (3600.0, ("read",))
    assert "a-token" not in repr(token)


@pytest.mark.parametrize("type_", [FORM, "text/plain; charset=utf-8", ""])
def test_s02_a_form_is_read_all_the_same(type_):
    body = b"access_token=gho_x&scope=repo%2Cgist&token_type=bearer"
    token = read(answered(body, content_type=type_))

    assert token.access_token.reveal() == "gho_x"
    assert token.scopes == ("repo", "gist")


EXPIRED = {"error": "bad_verification_code", "error_description": "It expired"}


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (urlencode(EXPIRED).encode(), FORM),
        (json.dumps(EXPIRED).encode(), "text/html"),
        (json.dumps({**EXPIRED, "access_token": "x"}).encode(), ""),
    ],
    ids=["form", "JSON called HTML", "with a token"],
)
def test_s02_h86_an_error_with_status_200_is_an_error(body, type_):
    with pytest.raises(TokenRefused) as refusal:
        read(answered(body, content_type=type_), client_of(GITHUB))
    assert refusal.value.error == "bad_verification_code"
    assert refusal.value.ends_grant
    assert "bad_verification_code: It expired" in refusal.value.sentence


HTML = b"<html><form action='?access_token=x'>"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(HttpAnswer(200, "text/html", HTML), id="HTML"),
        pytest.param(HttpAnswer(200, "text/html", b"access_token=a"), id="form called HTML"),
        pytest.param(HttpAnswer(200, "application/json", b""), id="empty"),
        pytest.param(HttpAnswer(200, FORM, b"access_token=a&access_token=b"), id="two tokens"),
        pytest.param(HttpAnswer(204, "", b""), id="204"),
        pytest.param(HttpAnswer(204, "", json.dumps(GOOD).encode()), id="204 with a body"),
        pytest.param(HttpAnswer(302, "application/json", json.dumps(GOOD).encode()), id="302"),
        pytest.param(HttpAnswer(404, "text/html", HTML), id="404"),
        pytest.param(HttpAnswer(200, "application/json", b"[1]"), id="array"),
        pytest.param(answered([GOOD]), id="array of a good one"),
        pytest.param(HttpAnswer(200, "application/json", b'"text"'), id="text"),
        pytest.param(answered({**GOOD, "pad": "x" * 10_000_000}), id="10 MB"),
        pytest.param(answered({**GOOD, "pad": "x" * MAX_BYTES}), id="a little too large"),
        pytest.param(HttpAnswer(200, "", b"{" + b'"a":{' * 60_000), id="nested"),
        pytest.param(
            HttpAnswer(200, "", b'{"expires_in":' + b"9" * 5_000 + b"}"), id="5,000 digits"
        ),
        pytest.param(HttpAnswer(200, "", b'{"access_token":"\\ud800"}'), id="half a character"),
        pytest.param(HttpAnswer(200, "application/json", b"\xff\xfe"), id="no UTF-8"),
        pytest.param(answered({}), id="no token"),
        pytest.param(answered({"access_token": None}), id="null"),
        pytest.param(answered({"access_token": ""}), id="empty token"),
        pytest.param(answered({"access_token": 7}), id="number"),
        pytest.param(answered({"access_token": ["a"]}), id="list"),
        pytest.param(answered({"access_token": "a b"}), id="token with a space"),
        pytest.param(answered({"access_token": "a\r\nX-Evil: 1"}), id="token with a line break"),
        pytest.param(answered({"access_token": "é"}), id="token outside ASCII"),
        pytest.param(answered({"access_token": "a" * 8_193}), id="long token"),
        pytest.param(answered({**GOOD, "refresh_token": {"a": 1}}), id="refresh token an object"),
        pytest.param(answered({**GOOD, "refresh_token": "r\n"}), id="refresh token with a line"),
    ],
)
def test_h86_what_is_no_token_is_never_taken_for_one(answer):
    with pytest.raises(TokenAnswerUnusable) as refusal:
        read(answer)
    assert refusal.value.code == "auth.oauth_answer_unusable"
    assert refusal.value.hint
    assert len(refusal.value.sentence) < 300


def test_h86_a_redirect_is_named_as_one_and_not_followed():
    with pytest.raises(TokenAnswerUnusable) as refusal:
        read(HttpAnswer(302, "application/json", json.dumps(GOOD).encode()))
    assert "302 and leads elsewhere" in refusal.value.sentence


@pytest.mark.parametrize("status", [500, 502, 503, 429])
@pytest.mark.parametrize(
    "body", [HTML, json.dumps(GOOD).encode(), b'{"error":"invalid_grant"}', b""]
)
def test_h86_a_failing_server_says_nothing_about_tokens(status, body):
    with pytest.raises(ProviderUnavailable) as refusal:
        read(HttpAnswer(status, "text/html", body, retry_after_seconds=7))
    assert (refusal.value.code, refusal.value.retry_after_seconds) == (
        "auth.oauth_provider_unavailable",
        7,
    )


def test_h86_a_refusal_that_may_pass_ends_no_grant():
    with pytest.raises(ProviderUnavailable):
        read(answered({"error": "temporarily_unavailable"}, 400))


@pytest.mark.parametrize(
    ("error", "ends_grant"),
    [("invalid_grant", True), ("invalid_client", False), ("unauthorized_client", False)],
)
def test_only_a_refused_grant_asks_for_another_sign_in(error, ends_grant):
    with pytest.raises(TokenRefused) as refusal:
        read(answered({"error": error}, 400))
    assert refusal.value.ends_grant is ends_grant


def test_an_error_may_be_an_object():
    error = {"message": "Expired", "type": "OAuthException", "code": 190}
    with pytest.raises(TokenRefused) as refusal:
        read(answered({"error": error}, 400))
    assert refusal.value.sentence.endswith("unknown_error: Expired")


@given(
    status=st.integers(100, 599),
    type_=st.sampled_from(["application/json", FORM, "text/html", "", "\ud800;"]),
    body=st.binary(max_size=500)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from([b"access_token=a&", b'{"access_token":"a",', b"{}"]),
    name=st.sampled_from([*PROFILES]),
)
def test_h86_any_bytes_are_a_token_or_a_typed_refusal(status, type_, body, name):
    _token_or_refusal(HttpAnswer(status, type_, body), name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
MEMBERS = [
    *("access_token", "refresh_token", "token_type", "expires_in", "expires", "scope", "error"),
    *("error_description", "ok", "authed_user", "team", "instance_url", "workspace_name"),
]


@given(
    document=st.dictionaries(st.sampled_from(MEMBERS), JSON | st.just("bearer"), max_size=13),
    status=st.sampled_from([200, 400]),
    name=st.sampled_from([*PROFILES]),
)
def test_h86_members_of_any_type_are_a_token_or_a_typed_refusal(document, status, name):
    _token_or_refusal(answered({"authed_user": document, **document}, status), name)


def _token_or_refusal(answer, name):
    try:
        token = read(answer, client_of(PROFILES[name]))
    except REFUSALS:
        return
    assert token.access_token.reveal()
    assert token.lifetime is None or 0 <= token.lifetime <= TEN_YEARS


EPOCH = NOW.timestamp()


@pytest.mark.parametrize(
    ("members", "seconds"),
    [
        pytest.param({}, None, id="missing"),
        pytest.param({"expires_in": "3600"}, 3600.0, id="text"),
        pytest.param({"expires_in": 3600.5}, 3600.5, id="fraction"),
        pytest.param({"expires_in": -1}, 0.0, id="negative"),
        pytest.param({"expires_in": 0}, 0.0, id="0"),
        pytest.param({"expires_in": "0"}, 0.0, id="0 as text"),
        pytest.param({"expires_in": 1e30}, TEN_YEARS, id="1e30"),
        pytest.param({"expires_in": 10**400}, None, id="400 digits"),
        pytest.param({"expires_in": float("inf")}, None, id="Infinity"),
        pytest.param({"expires_in": float("nan")}, None, id="NaN"),
        pytest.param({"expires_in": "nan"}, None, id="NaN as text"),
        pytest.param({"expires_in": None}, None, id="null"),
        pytest.param({"expires_in": True}, None, id="true"),
        pytest.param({"expires_in": [3600]}, None, id="list"),
        pytest.param({"expires_in": "soon"}, None, id="word"),
        pytest.param({"expires": 5_184_000}, 5_184_000.0, id="expires in seconds"),
        pytest.param({"expires": EPOCH + 600}, 600.0, id="expires since 1970"),
        pytest.param({"expires": str(int(EPOCH) + 600)}, 600.0, id="the same as text"),
        pytest.param({"expires": (EPOCH + 600) * 1000}, 600.0, id="in milliseconds"),
        pytest.param({"expires": EPOCH - 600}, 0.0, id="expires in the past"),
        pytest.param({"expires_in": 60, "expires": EPOCH + 600}, 60.0, id="both"),
    ],
)
def test_h87_s04_lifetimes_are_read_within_bounds(members, seconds):
    assert read(answered({"access_token": "a", **members})).lifetime == pytest.approx(seconds)


def test_h87_a_profile_says_how_long_tokens_live_whose_answer_does_not():
    client = client_of(replace(GENERIC, default_lifetime=7200.0))

    assert read(answered({"access_token": "a"}), client).lifetime == 7200.0
    assert read(answered({"access_token": "a", "expires_in": 0}), client).lifetime == 0.0


@pytest.mark.parametrize("type_", ["bearer", "Bearer", "BEARER", "", None])
def test_h88_bearer_is_taken_in_any_case_and_where_no_type_is_named(type_):
    assert read(answered({"access_token": "a", "token_type": type_})).access_token.reveal() == "a"
    assert read(answered({"access_token": "a"})).access_token.reveal() == "a"


@pytest.mark.parametrize("type_", ["mac", "DPoP", "N_A", "user", "Bearer x", 7, ["bearer"], "<b>"])
def test_h88_another_type_is_refused(type_):
    with pytest.raises(TokenAnswerUnusable) as refusal:
        read(answered({"access_token": "a", "token_type": type_}))
    assert "Bearer" in refusal.value.hint


@pytest.mark.parametrize("none", [{}, {"refresh_token": ""}, {"refresh_token": None}])
def test_h89_an_empty_refresh_token_is_none(none):
    assert read(answered({"access_token": "a", **none})).refresh_token is None


def test_what_a_provider_repeats_of_our_secrets_is_in_no_sentence():
    said = f"client_secret={CLIENT_SECRET} refresh_token={REFRESH_TOKEN}"
    for answer in (
        answered({"error": "invalid_client", "error_description": said}, 401),
        answered({"error": REFRESH_TOKEN, "error_description": said}, 400),
        answered({"error": "server_error", "error_description": said}, 500),
        answered({"access_token": "a", "token_type": CLIENT_SECRET}),
    ):
        with pytest.raises(REFUSALS) as refusal:
            read(answer)
        assert "canary" not in refusal.value.sentence + refusal.value.hint


@pytest.mark.parametrize("is_raw", [True, False])
def test_a_basic_header_that_a_provider_repeats_is_in_no_sentence(is_raw):
    profile = replace(GENERIC, exchange=TokenExchangeMethod.BASIC_AUTH_HEADER, is_raw=is_raw)
    client = client_of(profile)
    request = refresh_request(client, Secret(REFRESH_TOKEN))
    header = dict(request.headers)["authorization"]
    refusal = {"error": "invalid_client", "error_description": f"No client is {header}."}

    with pytest.raises(TokenRefused) as refused:
        read_token_answer(answered(refusal, 401), client, request, NOW)

    assert header.removeprefix("Basic ") not in refused.value.sentence
    assert "No client is Basic …." in refused.value.sentence


def test_a_scope_that_repeats_a_secret_is_left_out():
    scope = f"read canary-access-token {REFRESH_TOKEN}:x api:{CLIENT_SECRET} write"
    token = read(answered({"access_token": "canary-access-token", "scope": scope}))

    assert token.scopes == ("read", "write")
