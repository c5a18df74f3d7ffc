"""Revoking tokens at the provider (RFC 7009), after ours are destroyed: nothing waits for it."""

from datetime import datetime, timedelta
from enum import StrEnum

from auth_service.domain.oauth.answer_document import HttpAnswer, at, document_of
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.profile import ProviderProfile, Revocation
from auth_service.domain.oauth.token_request import OAuthRequest, body_of, headers_of
from kit.oauth.client_authentication import Authenticated
from kit.sealing import Secret

MAX_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
TIMED_OUT, TOO_EARLY, TOO_MANY, SERVER_ERROR = 408, 425, 429, 500


class Outcome(StrEnum):
    REVOKED = "revoked"
    LATER = "later"
    NEVER = "never"
    """The provider does not do it; the token ends when its time is over."""


def revocation_request(
    client: OAuthClient,
    revocation: Revocation,
    access_token: Secret[str],
    refresh_token: Secret[str] | None,
) -> OAuthRequest:
    """For the refresh token where there is one: with it the provider ends what was made of it
    (RFC 7009, 2.1).
    """
    is_refresh = refresh_token is not None and revocation.takes_refresh_token
    token = refresh_token if refresh_token is not None and is_refresh else access_token
    if revocation.by_access_token:
        own = Authenticated(headers={"authorization": f"Bearer {access_token.reveal()}"})
    else:
        own = client.authentication(revocation.exchange)
    fields = dict(own.fields)
    if revocation.token_name:
        fields[revocation.token_name] = token.reveal()
    if revocation.has_hint:
        fields["token_type_hint"] = "refresh_token" if is_refresh else "access_token"
    return OAuthRequest(
        client.revocation_url(revocation),
        headers_of(revocation.body, own.headers, client.profile.token_headers),
        body_of(revocation.body, fields),
        revocation.method,
        (*client.secrets, access_token, *((refresh_token,) if refresh_token else ())),
    )


def outcome_of(answer: HttpAnswer | None, profile: ProviderProfile) -> Outcome:
    """None is no answer at all. A token that is none already is revoked (RFC 7009, 2.2)."""
    if answer is None or answer.status >= SERVER_ERROR:
        return Outcome.LATER
    if answer.status in (TIMED_OUT, TOO_EARLY, TOO_MANY):
        return Outcome.LATER
    success = profile.success
    refused = bool(success) and at(document_of(answer) or {}, success) is False
    return Outcome.REVOKED if answer.is_success and not refused else Outcome.NEVER


def next_attempt(attempts: int, now: datetime, retry_after: float | None) -> datetime | None:
    """After `attempts` that came to `LATER`, 1 or more; None: no more. `retry_after` is the
    provider's, in seconds, and is kept to within an hour.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = FIRST_WAIT * float(1 << max(attempts - 1, 0))
    asked = timedelta(seconds=min(max(retry_after or 0.0, 0.0), LONGEST_WAIT.total_seconds()))
    return now + min(max(wait, asked), LONGEST_WAIT)
