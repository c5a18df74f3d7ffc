"""S01, S02, S09, H94: what a token endpoint is sent."""

import base64
import json
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import parse_qsl

import pytest

from auth_service.domain.oauth.errors import SettingInvalid
from auth_service.domain.oauth.profile import BodyFormat, TokenExchangeMethod
from auth_service.domain.oauth.profiles import GENERIC
from auth_service.domain.oauth.token_request import (
    client_credentials_request,
    code_request,
    refresh_request,
)
from kit.sealing import Secret
from services.auth.tests.oauth_clients import CLIENT_SECRET, client_of

BASIC = replace(GENERIC, exchange=TokenExchangeMethod.BASIC_AUTH_HEADER)
CALLBACK = "https://actions.example.com/aip/act_1/oauth/callback"


def fields(request):
    pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def by_code(client):
    return code_request(client, Secret("C"), CALLBACK, Secret("v" * 43))


def test_a_code_is_exchanged_with_its_verifier():
    request = by_code(client_of())

    assert (request.method, request.url) == ("POST", "https://id.example.com/token")
    assert fields(request) == {
        "grant_type": "authorization_code",
        "code": "C",
        "redirect_uri": CALLBACK,
        "code_verifier": "v" * 43,
        "client_id": "client-1",
        "client_secret": CLIENT_SECRET,
    }
    assert "code_verifier" not in fields(by_code(client_of(replace(GENERIC, uses_pkce=False))))


def test_s01_basic_leaves_nothing_of_the_client_in_the_body_and_post_the_reverse():
    client = {"client_id": "a b", "client_secret": Secret("p:w")}
    in_header, in_body = by_code(client_of(BASIC, **client)), by_code(client_of(**client))

    encoded = base64.b64encode(b"a%20b:p%3Aw").decode()
    assert dict(in_header.headers)["authorization"] == f"Basic {encoded}"
    assert not {"client_id", "client_secret"} & fields(in_header).keys()
    assert "authorization" not in dict(in_body.headers)
    assert fields(in_body)["client_id"] == "a b"
    assert fields(in_body)["client_secret"] == "p:w"


@pytest.mark.parametrize("secret", [":", "%", "a+b", "a b", "é", "🔑", "k" * 4_096])
def test_h94_any_secret_arrives_by_each_method(secret):
    raw = replace(BASIC, is_raw=True)
    in_body = by_code(client_of(client_secret=Secret(secret)))
    in_json = by_code(
        client_of(replace(GENERIC, body=BodyFormat.JSON), client_secret=Secret(secret))
    )
    exact = dict(by_code(client_of(raw, client_secret=Secret(secret))).headers)["authorization"]

    assert fields(in_body)["client_secret"] == secret
    assert json.loads(in_json.body)["client_secret"] == secret
    assert base64.b64decode(exact.removeprefix("Basic ")) == f"client-1:{secret}".encode()


def test_s02_json_is_asked_for_in_every_request():
    client = client_of()
    for request in (
        by_code(client),
        refresh_request(client, Secret("r")),
        client_credentials_request(client),
    ):
        assert dict(request.headers)["accept"] == "application/json"
        assert dict(request.headers)["content-type"] == "application/x-www-form-urlencoded"


def test_s09_extra_parameters_go_to_the_token_endpoint():
    extra = MappingProxyType({"audience": "https://api.example.org", "resource": "urn:r"})
    request = client_credentials_request(client_of(replace(GENERIC, token_parameters=extra)))

    assert fields(request) == {
        "grant_type": "client_credentials",
        "scope": "read write",
        "client_id": "client-1",
        "client_secret": CLIENT_SECRET,
        **extra,
    }


def test_an_extra_parameter_never_stands_for_what_is_sent_anyway():
    extra = MappingProxyType({"grant_type": "password", "client_id": "other"})
    sent = fields(client_credentials_request(client_of(replace(GENERIC, token_parameters=extra))))

    assert (sent["grant_type"], sent["client_id"]) == ("client_credentials", "client-1")


def test_a_refresh_goes_to_its_own_address_and_asks_for_no_scope():
    profile = replace(GENERIC, refresh_url="https://id.example.com/refresh")
    request = refresh_request(client_of(profile), Secret("r+/="))

    assert request.url == "https://id.example.com/refresh"
    assert fields(request)["refresh_token"] == "r+/="
    assert "scope" not in fields(request)


def test_a_request_shows_no_secret_and_knows_which_it_has():
    request = by_code(client_of(BASIC))

    assert "canary" not in repr(request)
    assert "Basic" not in repr(request)
    assert Secret(CLIENT_SECRET) in request.secrets
    assert Secret("C") in request.secrets


@pytest.mark.parametrize(
    ("profile", "changes"),
    [
        (GENERIC, {"client_id": ""}),
        (GENERIC, {"client_id": "a\nb"}),
        (GENERIC, {"client_id": "a" * 1_025}),
        (GENERIC, {"client_secret": Secret("")}),
        (GENERIC, {"client_secret": Secret("canary\n")}),
        (GENERIC, {"client_secret": Secret("canary\udc80")}),
        (GENERIC, {"client_secret": Secret("canary" * 2_000)}),
        (replace(BASIC, is_raw=True), {"client_id": "a:b"}),
    ],
)
def test_a_client_that_cannot_be_sent_is_refused_when_it_is_entered(profile, changes):
    with pytest.raises(SettingInvalid) as refusal:
        client_of(profile, **changes)
    assert refusal.value.hint
    assert "canary" not in refusal.value.sentence + refusal.value.hint
