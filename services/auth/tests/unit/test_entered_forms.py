"""Bodies of `PUT /v1/credentials/{action_id}`: the forms of API keys, and others' stored names."""

import pytest
from pydantic import TypeAdapter, ValidationError

from auth_service.domain.errors import HeaderReserved, OwnKeyInvalid, SchemeHasPlacement
from auth_service.domain.oauth.profile import BodyFormat
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.entrypoints.bodies import CredentialBody
from contracts.errors import Invalid

FORMS = TypeAdapter(CredentialBody)
KEY = {"type": "api_key"}
CUSTOM = {**KEY, "placement": "custom"}
OWN = {**KEY, "per_user": True}


def entered(body):
    return FORMS.validate_python(body).entered()


def headers(body):
    return [(name, value.reveal()) for name, value in entered(body).material.headers]


@pytest.mark.parametrize(
    "value", ["SharedAccessKey abc", "Token abc", "SharedAccessSignature sr=a&sig=b c"]
)
def test_a_scheme_of_its_own_is_sent_in_authorization(value):
    body = {**CUSTOM, "name": "authorization", "value": value}

    assert headers(body) == [("Authorization", value)]


@pytest.mark.parametrize("scheme", ["Basic", "bearer", "BEARER"])
def test_a_scheme_with_a_placement_is_refused_with_its_name(scheme):
    with pytest.raises(SchemeHasPlacement) as refused:
        entered({**CUSTOM, "name": "Authorization", "value": f"{scheme} abc"})

    assert f"`{scheme.lower()}`" in refused.value.hint


@pytest.mark.parametrize("value", ["canary-alone", "(canary) abc"])
def test_what_is_no_scheme_is_refused_and_not_repeated(value):
    with pytest.raises(HeaderReserved) as refused:
        entered({**CUSTOM, "name": "Authorization", "value": value})

    assert "canary" not in refused.value.sentence + refused.value.hint


def test_several_headers_may_have_authorization_among_them():
    pairs = [{"name": "X-Id", "value": "me"}, {"name": "Authorization", "value": "Token abc"}]

    assert headers({**KEY, "placement": "headers", "headers": pairs}) == [
        ("X-Id", "me"),
        ("Authorization", "Token abc"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"placement": "custom", "name": "X-Api-Key", "labels": ["Your key"]},
            OwnKey(Placement.CUSTOM, ("X-Api-Key",), (), "", ("Your key",)),
        ),
        (
            {"placement": "custom", "name": "authorization", "scheme": "Token"},
            OwnKey(Placement.CUSTOM, ("Authorization",), (), "Token", ("authorization",)),
        ),
        (
            {"placement": "query", "name": "key"},
            OwnKey(Placement.QUERY, (), ("key",), "", ("key",)),
        ),
        (
            {"placement": "basic"},
            OwnKey(Placement.BASIC, ("Authorization",), (), "", ("User name", "Password")),
        ),
        ({"placement": "bearer"}, OwnKey(Placement.BEARER, ("Authorization",), (), "", ("Token",))),
        (
            {"placement": "headers", "names": ["X-Id", "X-Key"], "labels": ["Id", "Key"]},
            OwnKey(Placement.HEADERS, ("X-Id", "X-Key"), (), "", ("Id", "Key")),
        ),
    ],
)
def test_keys_of_each_member_are_described_without_one(body, expected):
    assert entered({**OWN, **body}) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"placement": "custom"},
        {"placement": "query", "names": ["a"]},
        {"placement": "headers", "name": "a"},
        {"placement": "bearer", "name": "X-Api-Key"},
        {"placement": "basic", "labels": ["one"]},
        {"placement": "custom", "name": "X-Key", "scheme": "Token"},
        {"placement": "custom", "name": "Authorization"},
        {"placement": "custom", "name": "Authorization", "scheme": "Bearer"},
        {"placement": "custom", "name": "Host"},
        {"placement": "headers", "names": ["A", "a"]},
        {"placement": "headers", "names": ["A", "Authorization"]},
    ],
)
def test_keys_of_each_member_that_would_stand_nowhere_are_refused(body):
    with pytest.raises(Invalid):
        entered({**OWN, **body})
    assert OwnKeyInvalid.code


def test_no_secret_is_taken_where_each_member_has_their_own():
    with pytest.raises(ValidationError):
        entered({**OWN, "placement": "bearer", "token": "canary"})


STORED = {"instructions": "", "verification_tokens": {}}


def test_stored_names_of_a_key_are_ours():
    stored = {
        "type": "service_http",
        "authorization_type": "custom",
        "custom_auth_header": "X-Api-Key",
        "value": "canary",
        **STORED,
    }

    assert headers(stored) == [("X-Api-Key", "canary")]
    bearer = {"type": "service_http", "authorization_type": "bearer", "token": "canary"}
    assert headers({**bearer, "custom_auth_header": ""}) == [("Authorization", "Bearer canary")]


def test_stored_names_of_each_members_key_are_ours():
    stored = {"type": "user_http", "authorization_type": "bearer", **STORED}

    assert entered(stored).placement is Placement.BEARER


def test_stored_names_of_a_client_are_ours():
    """The trap: `authorization_url` is the token URL there."""
    stored = {
        "type": "oauth",
        "client_id": "me",
        "client_url": "https://id.example.com/authorize",
        "authorization_url": "https://id.example.com/token",
        "authorization_content_type": "application/json",
        "scope": "a b",
        "token_exchange_method": "basic_auth_header",
        "pkce_required": False,
        **STORED,
    }

    settings = entered(stored).settings

    assert settings.authorization_url == "https://id.example.com/authorize"
    assert settings.token_url == "https://id.example.com/token"
    assert settings.body is BodyFormat.JSON
    assert (settings.scopes, settings.exchange) == (("a", "b"), "basic_auth_header")


def test_a_stored_client_that_needs_pkce_has_it():
    stored = {"type": "oauth", "client_id": "me", "client_url": "https://id.example.com/authorize"}
    stored |= {"authorization_url": "https://id.example.com/token", "pkce_required": True}

    assert entered(stored).settings.uses_pkce


@pytest.mark.parametrize(
    "member",
    [{"verification_tokens": {"openai": "x"}}, {"instructions": "x"}, {"pkce_required": 1}],
)
def test_a_stored_name_that_says_something_unknown_is_refused(member):
    with pytest.raises(ValidationError):
        entered({"type": "oauth", "client_id": "a", "client_url": "https://a.example", **member})


def test_our_own_names_beside_theirs_are_refused():
    with pytest.raises(ValidationError):
        entered(
            {
                "type": "oauth",
                "client_id": "a",
                "client_url": "https://id.example.com/authorize",
                "token_url": "https://id.example.com/token",
            }
        )


@pytest.mark.parametrize("type_", [None, 1, [], {}, "basic", "per_user", "oauth2"])
def test_what_is_no_form_is_refused(type_):
    with pytest.raises(ValidationError):
        entered({"type": type_})
