"""Requests for tokens (RFC 6749, 4.1.3, 4.4.2 and 6; RFC 7636, 4.5), ready to be sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.profile import NOTHING, BodyFormat
from kit.sealing import Secret

CONTENT_TYPES = {
    BodyFormat.FORM: "application/x-www-form-urlencoded",
    BodyFormat.JSON: "application/json",
}
ACCEPT = "application/json"


@dataclass(frozen=True, slots=True)
class OAuthRequest:
    """Redirects of its answer are not followed: the secrets are for this address alone."""

    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    method: str = "POST"
    secrets: tuple[Secret[str], ...] = ()
    """All that are in it, which no text of the answer may repeat."""


def code_request(
    client: OAuthClient, code: Secret[str], redirect_uri: str, verifier: Secret[str]
) -> OAuthRequest:
    """`redirect_uri` as it was written in the authorization request."""
    fields = {
        "grant_type": "authorization_code",
        "code": code.reveal(),
        "redirect_uri": redirect_uri,
    }
    if client.profile.uses_pkce:
        fields["code_verifier"] = verifier.reveal()
    return _request(client, client.token_url, fields, (code, verifier))


def refresh_request(client: OAuthClient, refresh_token: Secret[str]) -> OAuthRequest:
    """Without a scope: what was granted stays granted (RFC 6749, 6)."""
    fields = {"grant_type": "refresh_token", "refresh_token": refresh_token.reveal()}
    return _request(client, client.refresh_url, fields, (refresh_token,))


def client_credentials_request(client: OAuthClient) -> OAuthRequest:
    fields = {"grant_type": "client_credentials"}
    if client.scopes:
        fields["scope"] = client.profile.scope_separator.join(client.scopes)
    return _request(client, client.token_url, fields, ())


def body_of(format_: BodyFormat, fields: Mapping[str, str]) -> bytes:
    if format_ is BodyFormat.JSON:
        return json.dumps(dict(fields)).encode()
    return urlencode(fields).encode()


def headers_of(
    format_: BodyFormat, own: Mapping[str, str], extra: Mapping[str, str] = NOTHING
) -> tuple[tuple[str, str], ...]:
    sent = {"accept": ACCEPT, "content-type": CONTENT_TYPES[format_], **extra, **own}
    return tuple(sent.items())


def _request(
    client: OAuthClient, url: str, fields: Mapping[str, str], sent: tuple[Secret[str], ...]
) -> OAuthRequest:
    profile = client.profile
    own = client.authentication()
    body = {**profile.token_parameters, **fields, **own.fields}
    return OAuthRequest(
        url,
        headers_of(profile.body, own.headers, profile.token_headers),
        body_of(profile.body, body),
        secrets=(*client.secrets, *own.secrets, *sent),
    )
