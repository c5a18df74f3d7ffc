"""Logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.id_token import MAX_SUBJECT
from identity_service.domain.oidc.signed_token import (
    LEEWAY_SECONDS,
    Claims,
    TokenRefused,
    check_parties,
    check_times,
    text_of,
)
from identity_service.domain.session import AtProvider

TYPES = frozenset({"jwt", "logout+jwt"})
EVENT = "http://schemas.openid.net/event/backchannel-logout"
ISSUED_WITHIN = timedelta(minutes=10)
REMEMBERED_FOR = ISSUED_WITHIN + timedelta(seconds=3 * LEEWAY_SECONDS)
"""Afterwards a token is too old in any case."""


@dataclass(frozen=True, slots=True)
class Logout:
    """Whose sessions end: those of the provider's session `sid`, or all of the subject's (2.6)."""

    issuer: str
    client_id: str
    token_id: str
    subject: str | None
    sid: str | None

    def ends(self, began: AtProvider | None) -> bool:
        """Whether it is about a session that began so. Where both names are there and the ID token
        said no `sid`, it may be any of the subject's sessions, so it ends.
        """
        if began is None or not is_same_client(began, self):
            return False
        if self.subject not in (None, began.subject):
            return False
        any_of_subject = self.sid is None or (began.sid is None and self.subject is not None)
        return any_of_subject or began.sid == self.sid


def logout_of(claims: Claims, issuer: str, client_id: str, now: datetime) -> Logout:
    """Of claims whose signature was checked; `TokenRefused` where they are no logout.

    2.4 demands `exp`, which drafts before it did not, nor do some providers today. A token without
    one holds until its `iat` is too old, and like any other it works once, by its `jti`.
    """
    check_parties(claims, issuer, client_id)
    check_times(claims, now, issued_within_seconds=ISSUED_WITHIN.total_seconds())
    if "nonce" in claims:
        raise TokenRefused("it has a `nonce`, as only ID tokens have")
    events = claims.get("events")
    if not isinstance(events, Mapping) or not isinstance(events.get(EVENT), Mapping):
        raise TokenRefused("it is about no logout (`events`)")
    token_id = text_of(claims, "jti", MAX_SUBJECT)
    if token_id is None:
        raise TokenRefused("it has no name of its own (`jti`)")
    subject, sid = text_of(claims, "sub", MAX_SUBJECT), text_of(claims, "sid", MAX_SUBJECT)
    if subject is None and sid is None:
        raise TokenRefused("it names neither a session (`sid`) nor a person (`sub`)")
    return Logout(issuer, client_id, token_id, subject, sid)
