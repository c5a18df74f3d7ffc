"""Each known provider: a good answer in its own shape, and how it says no."""

import base64
import json
from urllib.parse import parse_qsl, urlencode

import pytest

from auth_service.domain.oauth.addresses import authorization_url, revocation_url, token_url
from auth_service.domain.oauth.client import SENT_FOR_TOKENS, SENT_TO_AUTHORIZATION
from auth_service.domain.oauth.errors import TokenRefused
from auth_service.domain.oauth.profiles import GENERIC, NOTION, PROFILES, SLACK, profile_of
from auth_service.domain.oauth.scopes import compare
from auth_service.domain.oauth.token_request import code_request, refresh_request
from kit.sealing import Secret
from services.auth.tests.oauth_clients import FORM, answered, client_of, read

DRIVE = "https://www.googleapis.com/auth/drive.readonly"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"

GITHUB_APP = {
    "access_token": "ghu_a",
    "expires_in": 28_800,
    "refresh_token": "ghr_r",
    "refresh_token_expires_in": 15_897_600,
    "scope": "",
    "token_type": "bearer",
}
GOOGLE = {
    "access_token": "ya29.a",
    "expires_in": 3_599,
    "refresh_token": "1//r",
    "scope": f"openid {EMAIL} {DRIVE}",
    "token_type": "Bearer",
    "id_token": "e.y.J",
}
MICROSOFT = {
    "token_type": "Bearer",
    "scope": "Mail.Read User.Read",
    "expires_in": "3600",
    "ext_expires_in": "3600",
    "access_token": "eyJ.a",
    "refresh_token": "0.r",
}
SLACK_USER = {
    "ok": True,
    "app_id": "A1",
    "team": {"id": "T1", "name": "Acme"},
    "authed_user": {
        "id": "U1",
        "scope": "chat:write,channels:read",
        "access_token": "xoxe.xoxp-a",
        "token_type": "user",
        "refresh_token": "xoxe-r",
        "expires_in": 43_200,
    },
}
SLACK_BOTH = {
    **SLACK_USER,
    "access_token": "xoxb-bot",
    "token_type": "bot",
    "scope": "commands",
    "refresh_token": "xoxe-bot",
}
SLACK_BOT = {
    **SLACK_BOTH,
    "authed_user": {"id": "U1"},
}
SALESFORCE = {
    "access_token": "00Dx!a",
    "refresh_token": "5Aep",
    "signature": "c2ln",
    "scope": "refresh_token api",
    "instance_url": "https://acme.my.salesforce.com",
    "id": "https://login.salesforce.com/id/00D/005",
    "token_type": "Bearer",
    "issued_at": "1764331200000",
}
NOTION_ANSWER = {
    "access_token": "ntn_a",
    "token_type": "bearer",
    "refresh_token": "nrt_r",
    "bot_id": "b",
    "workspace_name": "Acme\u202e wiki",
    "workspace_icon": None,
    "owner": {"type": "user"},
    "duplicated_template_id": None,
}


GITHUB_FORM = urlencode({"access_token": "gho_a", "scope": "repo,gist", "token_type": "bearer"})
CHAT = ("chat:write", "channels:read")
GRAPH = ("offline_access", "Mail.Read", "https://graph.microsoft.com/User.Read")
ROWS = [
    (
        *("github", answered(GITHUB_FORM.encode(), content_type=FORM), ("repo", "gist")),
        ("gho_a", None, None, ("repo", "gist"), ""),
    ),
    ("github", answered(GITHUB_APP), (), ("ghu_a", "ghr_r", 28_800, None, "")),
    (
        *("google", answered(GOOGLE), ("openid", "email", DRIVE)),
        ("ya29.a", "1//r", 3_599, ("openid", EMAIL, DRIVE), ""),
    ),
    (
        *("microsoft", answered(MICROSOFT), GRAPH),
        ("eyJ.a", "0.r", 3_600, ("Mail.Read", "User.Read"), ""),
    ),
    ("slack", answered(SLACK_USER), CHAT, ("xoxe.xoxp-a", "xoxe-r", 43_200, CHAT, "Acme")),
    ("slack", answered(SLACK_BOTH), CHAT, ("xoxe.xoxp-a", "xoxe-r", 43_200, CHAT, "Acme")),
    (
        *("slack", answered(SLACK_BOT), ("commands",)),
        ("xoxb-bot", "xoxe-bot", None, ("commands",), "Acme"),
    ),
    (
        *("salesforce", answered(SALESFORCE), ("api", "refresh_token")),
        ("00Dx!a", "5Aep", None, ("refresh_token", "api"), ""),
    ),
    ("notion", answered(NOTION_ANSWER), (), ("ntn_a", "nrt_r", None, None, "Acme wiki")),
    ("generic", answered({"access_token": "a"}), ("x",), ("a", None, None, None, "")),
]
"""Profile, answer, scopes asked for; then access and refresh token, seconds, scopes, label."""


@pytest.mark.parametrize(("name", "answer", "asked", "expected"), ROWS)
def test_a_good_answer_in_the_providers_own_shape(name, answer, asked, expected):
    profile = PROFILES[name]
    token = read(answer, client_of(profile, scopes=asked))
    refresh_token = token.refresh_token and token.refresh_token.reveal()
    compared = compare(profile, asked, token.scopes)

    assert (token.access_token.reveal(), refresh_token) == expected[:2]
    assert (token.lifetime, token.scopes, token.account_label) == expected[2:]
    assert (compared.missing, compared.added) == ((), ())


def test_every_profile_is_in_the_table():
    assert {row[0] for row in ROWS} == {*PROFILES}


def test_salesforce_names_the_address_of_the_accounts_api():
    token = read(answered(SALESFORCE), client_of(PROFILES["salesforce"]))

    assert token.api_url == "https://acme.my.salesforce.com"


@pytest.mark.parametrize(
    ("name", "answer", "error", "ends_grant"),
    [
        ("github", {"error": "bad_refresh_token", "error_uri": "x"}, "bad_refresh_token", True),
        (
            "github",
            {"error": "incorrect_client_credentials"},
            "incorrect_client_credentials",
            False,
        ),
        ("slack", {"ok": False, "error": "invalid_refresh_token"}, "invalid_refresh_token", True),
        ("slack", {"ok": False, "error": "bad_client_secret"}, "bad_client_secret", False),
        ("slack", {**SLACK_USER, "ok": False}, "unknown_error", False),
    ],
)
def test_a_refusal_with_status_200(name, answer, error, ends_grant):
    with pytest.raises(TokenRefused) as refusal:
        read(answered(answer), client_of(PROFILES[name]))
    assert (refusal.value.error, refusal.value.ends_grant) == (error, ends_grant)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("google", {"error": "invalid_grant", "error_description": "Token has been revoked."}),
        ("microsoft", {"error": "invalid_grant", "error_codes": [70_008], "trace_id": "t"}),
        ("salesforce", {"error": "invalid_grant", "error_description": "expired access"}),
        ("notion", {"error": "invalid_grant", "request_id": "r"}),
        ("generic", {"error": "invalid_grant"}),
    ],
)
def test_a_refused_grant_with_status_400(name, answer):
    with pytest.raises(TokenRefused) as refusal:
        read(answered(answer, 400), client_of(PROFILES[name]))
    assert refusal.value.ends_grant


def test_notion_takes_json_and_the_client_in_the_header():
    client = client_of(NOTION)
    code = code_request(client, Secret("C"), "https://a.example/cb", Secret("v" * 43))
    refresh = refresh_request(client, Secret("nrt_r"))

    pair = base64.b64decode(dict(code.headers)["authorization"].removeprefix("Basic "))
    assert pair.startswith(b"client-1:")
    assert dict(code.headers)["content-type"] == "application/json"
    assert dict(code.headers)["notion-version"]
    assert json.loads(code.body) == {
        "grant_type": "authorization_code",
        "code": "C",
        "redirect_uri": "https://a.example/cb",
    }
    assert json.loads(refresh.body) == {"grant_type": "refresh_token", "refresh_token": "nrt_r"}


def test_slack_gets_no_verifier():
    request = code_request(client_of(SLACK), Secret("C"), "https://a.example/cb", Secret("v" * 43))

    assert "code_verifier" not in dict(parse_qsl(request.body.decode()))


@pytest.mark.parametrize("name", [*PROFILES])
def test_what_profiles_are_made_of_may_be_set_by_anybody(name):
    profile = PROFILES[name]

    assert not SENT_TO_AUTHORIZATION & profile.authorization_parameters.keys()
    assert not SENT_FOR_TOKENS & profile.token_parameters.keys()
    if profile.token_url:
        authorization_url(profile.authorization_url, profile)
        token_url(profile.token_url, profile)
    if profile.revocation:
        revocation_url(client_of(profile).revocation_url(profile.revocation))


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("github.com", "github"),
        ("oauth2.googleapis.com", "google"),
        ("login.microsoftonline.com", "microsoft"),
        ("slack.com", "slack"),
        ("acme.my.salesforce.com", "salesforce"),
        ("api.notion.com", "notion"),
        ("my.salesforce.com", "generic"),
        ("github.com.evil.example", "generic"),
        ("evilgithub.com", "generic"),
        ("", "generic"),
    ],
)
def test_a_profile_is_found_by_the_token_urls_host(host, name):
    assert profile_of(host).name == name
    assert profile_of(host) is (PROFILES[name] if name != "generic" else GENERIC)
