"""H93: what a server publishes of itself is taken only from itself, and for itself."""

import pytest

from auth_service.domain.oauth.errors import MetadataUnsuitable
from auth_service.domain.oauth.profiles import GENERIC
from auth_service.domain.oauth.server_metadata import ServerMetadata, metadata_addresses

ISSUER = "https://id.example.com/tenant"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://id.example.com/tenant/authorize",
    "token_endpoint": "https://id.example.com:443/tenant/token",
    "revocation_endpoint": "https://id.example.com/tenant/revoke",
    "authorization_response_iss_parameter_supported": True,
    "code_challenge_methods_supported": ["plain", "S256"],
}


def read(other_origins=(), **changes):
    document = {**DOCUMENT, **changes}
    return ServerMetadata.of(document, ISSUER, GENERIC, other_origins=other_origins)


def test_the_endpoints_of_a_server_are_taken_over():
    assert read() == ServerMetadata(
        ISSUER,
        DOCUMENT["authorization_endpoint"],
        DOCUMENT["token_endpoint"],
        DOCUMENT["revocation_endpoint"],
        names_itself=True,
        checks_pkce=True,
    )


@pytest.mark.parametrize(
    "named",
    [
        *("https://evil.example", ISSUER + "/", "https://ID.example.com/tenant", None, 7),
        *("https://id.example.com:443/tenant", "", [ISSUER]),
    ],
)
def test_h93_an_issuer_that_is_written_otherwise_is_refused(named):
    with pytest.raises(MetadataUnsuitable) as refusal:
        ServerMetadata.of({**DOCUMENT, "issuer": named}, ISSUER, GENERIC)
    assert refusal.value.code == "auth.oauth_metadata_unsuitable"
    assert refusal.value.hint


ENDPOINTS = ["authorization_endpoint", "token_endpoint", "revocation_endpoint"]


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example/token", "https://id.example.com:8443/token", "https://127.0.0.1/t"),
        *("http://id.example.com/token", "https://id.example.com@evil.example/", "/token"),
        *("javascript:alert(1)", "https://id.example.com/#x", 7, "", ["https://id.example.com/t"]),
        "https://169.254.169.254/latest",
        "https://id.example.com/" + "a" * 3_000,
    ],
)
def test_h93_an_endpoint_elsewhere_is_refused(name, address):
    with pytest.raises(MetadataUnsuitable):
        read(**{name: address})


@pytest.mark.parametrize("name", ENDPOINTS[:2])
def test_h93_an_endpoint_that_is_missing_is_refused(name):
    with pytest.raises(MetadataUnsuitable):
        read(**{name: None})


def test_an_origin_that_an_admin_named_is_taken():
    token_endpoint = "https://oauth2.example.net/token"
    others = {"https://oauth2.example.net"}

    assert read(other_origins=others, token_endpoint=token_endpoint).token_url == token_endpoint
    with pytest.raises(MetadataUnsuitable):
        read(other_origins=others, token_endpoint="https://oauth2.example.org/token")


def test_h85_an_endpoint_says_nothing_that_only_we_may_say():
    with pytest.raises(MetadataUnsuitable):
        read(authorization_endpoint="https://id.example.com/a?redirect_uri=https://evil.example")


def test_nothing_is_promised_that_the_document_does_not_say():
    metadata = read(
        authorization_response_iss_parameter_supported="true",
        code_challenge_methods_supported="S256",
        revocation_endpoint=None,
    )

    assert not metadata.names_itself
    assert not metadata.checks_pkce
    assert metadata.revocation_url == ""


def test_metadata_is_looked_for_where_the_rfc_says():
    """RFC 8414, 3.1 and 5."""
    assert metadata_addresses("https://id.example.com/") == (
        "https://id.example.com/.well-known/oauth-authorization-server",
        "https://id.example.com/.well-known/openid-configuration",
    )
    assert metadata_addresses(ISSUER) == (
        "https://id.example.com/.well-known/oauth-authorization-server/tenant",
        "https://id.example.com/tenant/.well-known/openid-configuration",
        "https://id.example.com/.well-known/openid-configuration/tenant",
    )


@pytest.mark.parametrize(
    "issuer", ["", "id.example.com", f"{ISSUER}?a=1", f"{ISSUER}#a", "file:///"]
)
def test_what_is_no_issuer_is_refused(issuer):
    with pytest.raises(MetadataUnsuitable):
        metadata_addresses(issuer)
