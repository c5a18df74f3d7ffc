"""Where a member's browser is sent to sign in (RFC 6749, 4.1.1)."""

from urllib.parse import parse_qsl

from auth_service.domain.oauth.client import OAuthClient
from kit.oauth.endpoint import with_query
from kit.oauth.pkce import challenge_parameters


def authorization_address(client: OAuthClient, redirect_uri: str, state: str, verifier: str) -> str:
    """`verifier` (RFC 7636, 4.1) leaves here as its hash, and only where the profile uses PKCE. No
    scope is sent where none is set (3.3). The endpoint's own query stays, also against what the
    profile adds: no parameter is there twice (3.1).
    """
    profile = client.profile
    own = dict(parse_qsl(client.authorization_url.partition("?")[2], keep_blank_values=True))
    added = profile.authorization_parameters.items()
    parameters = {
        **{name: value for name, value in added if name not in own},
        "response_type": "code",
        profile.client_id_name: client.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if client.scopes:
        parameters["scope"] = profile.scope_separator.join(client.scopes)
    if profile.uses_pkce:
        parameters |= challenge_parameters(verifier)
    return with_query(client.authorization_url, parameters)
