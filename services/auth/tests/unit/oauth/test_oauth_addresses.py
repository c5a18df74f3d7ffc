"""H85: which addresses of a provider can be set."""

from dataclasses import replace

import pytest

from auth_service.domain.oauth.addresses import authorization_url, revocation_url, token_url
from auth_service.domain.oauth.client import SENT_FOR_TOKENS, ensure_parameters
from auth_service.domain.oauth.errors import ParameterReserved, SettingInvalid, UrlInvalid
from auth_service.domain.oauth.profiles import GENERIC

GOOD = "https://id.example.com/authorize"


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://id.example.com/"),
        *("https://user@id.example.com/", "https://id.example.com@evil.example/", ""),
        *(f"{GOOD}#fragment", f"{GOOD}#", "//id.example.com/a", "/authorize", f"{GOOD} ", "https:"),
        *("http://id.example.com/authorize", f"{GOOD}\\@evil.example", f"https://{'a' * 3000}/"),
        "https://2130706433/authorize",
    ],
)
@pytest.mark.parametrize(
    "check",
    [lambda u: authorization_url(u, GENERIC), lambda u: token_url(u, GENERIC), revocation_url],
    ids=["authorization", "token", "revocation"],
)
def test_h85_no_other_scheme_user_or_fragment_can_be_set(check, url):
    with pytest.raises(UrlInvalid) as refusal:
        check(url)
    assert refusal.value.code == "auth.oauth_url_invalid"
    assert refusal.value.hint


@pytest.mark.parametrize(
    "query",
    [
        *("redirect_uri=https://evil.example", "state=1", "client_id=x", "response_type=token"),
        *("a=1&redirect%5Furi=x", "STATE=1", "state[]=1", "a=1;state=2", "scope=all", "state"),
        *("request_uri=https://evil.example/r", "request=ey", "response_mode=fragment"),
        *("code_challenge=x", "code_challenge_method=plain", "+state=1"),
    ],
)
def test_h85_an_authorization_url_says_nothing_that_only_we_may_say(query):
    with pytest.raises(ParameterReserved) as refusal:
        authorization_url(f"{GOOD}?{query}", GENERIC)
    assert refusal.value.code == "auth.oauth_parameter_reserved"


def test_h85_a_profiles_own_name_of_the_client_id_is_reserved_too():
    with pytest.raises(ParameterReserved):
        authorization_url(f"{GOOD}?client_key=x", replace(GENERIC, client_id_name="client_key"))


def test_other_parameters_of_its_own_stay():
    url = f"{GOOD}?tenant=7&prompt=consent&is_state=1"

    assert authorization_url(url, GENERIC) == url
    assert token_url("https://id.example.com/t?v=2", GENERIC) == "https://id.example.com/t?v=2"


def test_http_is_for_origins_that_the_operator_allows():
    local = "http://127.0.0.1:9000/token"

    assert token_url(local, GENERIC, {"http://127.0.0.1:9000"}) == local
    with pytest.raises(UrlInvalid):
        token_url(local, GENERIC, {"http://127.0.0.1:9001"})


@pytest.mark.parametrize("name", ["grant_type", "Client_Secret", "code", "scope", "redirect_uri"])
def test_no_parameter_of_the_settings_stands_for_what_is_sent_anyway(name):
    with pytest.raises(ParameterReserved):
        ensure_parameters({name: "x"}, SENT_FOR_TOKENS, "token request")


@pytest.mark.parametrize(
    "parameters",
    [
        {"a": "x\n"},
        {"": "x"},
        {"a": "x" * 2_048},
        {"a": "\udc80"},
        {f"p{n}": "" for n in range(21)},
    ],
    ids=["line break", "no name", "long", "half a character", "many"],
)
def test_parameters_of_the_settings_are_bounded(parameters):
    with pytest.raises(SettingInvalid):
        ensure_parameters(parameters, SENT_FOR_TOKENS, "token request")


def test_audience_and_resource_are_taken():
    asked = {"audience": "https://api.example.org", "resource": "urn:x"}

    assert ensure_parameters(asked, SENT_FOR_TOKENS, "token request") == asked
