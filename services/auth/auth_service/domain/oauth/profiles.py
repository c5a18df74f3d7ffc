"""The providers whose differences are known, from their own documentation (November 2026)."""

from types import MappingProxyType

from auth_service.domain.oauth.profile import (
    AnswerPaths,
    BodyFormat,
    ProviderProfile,
    Revocation,
    TokenExchangeMethod,
)

GENERIC = ProviderProfile("generic")
GITHUB = ProviderProfile(
    "github",
    authorization_url="https://github.com/login/oauth/authorize",
    token_url="https://github.com/login/oauth/access_token",  # noqa: S106 - an address
    revocation=Revocation(
        "https://api.github.com/applications/{client_id}/token",
        method="DELETE",
        body=BodyFormat.JSON,
        token_name="access_token",  # noqa: S106 - a name
        has_hint=False,
        takes_refresh_token=False,
        exchange=TokenExchangeMethod.BASIC_AUTH_HEADER,
    ),
    ends_grant=frozenset({"invalid_grant", "bad_refresh_token", "bad_verification_code"}),
    hosts=("github.com",),
)
GOOGLE = ProviderProfile(
    "google",
    authorization_url="https://accounts.google.com/o/oauth2/v2/auth",
    token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
    authorization_parameters=MappingProxyType({"access_type": "offline", "prompt": "consent"}),
    revocation=Revocation("https://oauth2.googleapis.com/revoke", has_hint=False),
    scope_aliases=MappingProxyType(
        {
            "email": "https://www.googleapis.com/auth/userinfo.email",
            "profile": "https://www.googleapis.com/auth/userinfo.profile",
        }
    ),
    hosts=("oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"),
)
MICROSOFT = ProviderProfile(
    "microsoft",
    authorization_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106 - address
    scope_prefix="https://graph.microsoft.com/",
    unreported_scopes=frozenset({"offline_access", "openid", "profile", "email"}),
    hosts=("login.microsoftonline.com",),
)
SLACK = ProviderProfile(
    "slack",
    authorization_url="https://slack.com/oauth/v2/authorize",
    token_url="https://slack.com/api/oauth.v2.access",  # noqa: S106 - an address
    uses_pkce=False,
    scope_separator=",",
    revocation=Revocation(
        "https://slack.com/api/auth.revoke",
        token_name="",
        has_hint=False,
        by_access_token=True,
        takes_refresh_token=False,
    ),
    answers=(AnswerPaths.below("authed_user"), AnswerPaths()),
    success="ok",
    ends_grant=frozenset(
        {"invalid_grant", "invalid_code", "code_already_used", "invalid_refresh_token"}
        | {"token_revoked", "token_expired", "account_inactive"}
    ),
    bearer_types=frozenset({"bearer", "bot", "user"}),
    account_label="team.name",
    hosts=("slack.com",),
)
SALESFORCE = ProviderProfile(
    "salesforce",
    authorization_url="https://login.salesforce.com/services/oauth2/authorize",
    token_url="https://login.salesforce.com/services/oauth2/token",  # noqa: S106 - an address
    revocation=Revocation("/services/oauth2/revoke", has_hint=False),
    api_url="instance_url",
    hosts=("login.salesforce.com", "test.salesforce.com", ".my.salesforce.com"),
)
NOTION = ProviderProfile(
    "notion",
    exchange=TokenExchangeMethod.BASIC_AUTH_HEADER,
    body=BodyFormat.JSON,
    uses_pkce=False,
    authorization_url="https://api.notion.com/v1/oauth/authorize",
    token_url="https://api.notion.com/v1/oauth/token",  # noqa: S106 - an address
    authorization_parameters=MappingProxyType({"owner": "user"}),
    token_headers=MappingProxyType({"notion-version": "2022-06-28"}),
    revocation=Revocation(
        "https://api.notion.com/v1/oauth/revoke", body=BodyFormat.JSON, has_hint=False
    ),
    account_label="workspace_name",
    hosts=("api.notion.com",),
)
PROFILES = MappingProxyType(
    {each.name: each for each in (GENERIC, GITHUB, GOOGLE, MICROSOFT, SLACK, SALESFORCE, NOTION)}
)


def profile_of(host: str) -> ProviderProfile:
    """By the host of the token URL, in lower case; `GENERIC` for one that none has."""
    for profile in PROFILES.values():
        for each in profile.hosts:
            if host == each or (each.startswith(".") and host.endswith(each)):
                return profile
    return GENERIC
