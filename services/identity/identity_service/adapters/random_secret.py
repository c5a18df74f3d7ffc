import secrets

from identity_service.domain import invitation, session, sign_in_link
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.oidc.attempt import RANDOM_BYTES
from kit.caller import digest_of


def draw_session_secret() -> DrawnSecret:
    return _drawn(session.PREFIX, session.RANDOM_BYTES)


def draw_link_secret() -> DrawnSecret:
    return _drawn(sign_in_link.PREFIX, sign_in_link.RANDOM_BYTES)


def draw_invitation_secret() -> DrawnSecret:
    return _drawn(invitation.PREFIX, invitation.RANDOM_BYTES)


def _drawn(prefix: str, random_bytes: int) -> DrawnSecret:
    text = prefix + secrets.token_urlsafe(random_bytes)
    return DrawnSecret(text, digest_of(text))


def draw_text() -> str:
    """256 random bits, for what is nobody's secret to keep for long."""
    return secrets.token_urlsafe(RANDOM_BYTES)
