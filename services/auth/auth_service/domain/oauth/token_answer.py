"""Answers of a token endpoint (RFC 6749, 5), as providers really give them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auth_service.domain.header_field import MAX_VALUE_CHARACTERS
from auth_service.domain.oauth.answer_document import HttpAnswer, at, document_of
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.errors import TokenAnswerUnusable
from auth_service.domain.oauth.foreign_text import cleaned
from auth_service.domain.oauth.id_token import label_in
from auth_service.domain.oauth.lifetime import seconds_of, seconds_until
from auth_service.domain.oauth.profile import AnswerPaths, ProviderProfile
from auth_service.domain.oauth.scopes import MAX_SCOPE, read_scopes
from auth_service.domain.oauth.token_refusal import ensure_no_refusal
from auth_service.domain.oauth.token_request import OAuthRequest
from kit.live_secrets import MIN_CHARACTERS
from kit.sealing import Secret

MAX_LABEL = 100
MAX_API_URL = 2_048
_ACCESS_TOKEN = re.compile(r"[!-~]+")
"""Visible ASCII, as it goes into a header (RFC 6749, A.12, without the space)."""
_REFRESH_TOKEN = re.compile(r"[ -~]+")
"""RFC 6749, A.17."""


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    access_token: Secret[str]
    refresh_token: Secret[str] | None = None
    """None: the one that there is goes on."""
    lifetime: float | None = None
    """Seconds, from 0 to ten years; None: nothing says how long."""
    scopes: tuple[str, ...] | None = None
    """None: nothing says which."""
    account_label: str = ""
    """As the profile says, else of the ID token; empty where neither names it."""
    api_url: str = field(default="")
    """Of the account's own API, as the provider wrote it; egress checks it before it is called."""


def read_token_answer(
    answer: HttpAnswer, client: OAuthClient, request: OAuthRequest, now: datetime
) -> TokenAnswer:
    """Raises `TokenRefused`, `ProviderUnavailable` or `TokenAnswerUnusable`, and nothing else
    whatever the bytes are.
    """
    document = document_of(answer)
    profile = client.profile
    ensure_no_refusal(answer, document, profile, request.secrets)
    if document is None:
        raise TokenAnswerUnusable(answer.why_unreadable)
    paths = _paths(document, profile)
    _ensure_bearer(at(document, paths.token_type), profile, request.secrets)
    access_token = _access_token(at(document, paths.access_token))
    refresh_token = _refresh_token(at(document, paths.refresh_token))
    hidden = (*request.secrets, access_token, *((refresh_token,) if refresh_token else ()))
    return TokenAnswer(
        access_token,
        refresh_token,
        _lifetime(document, paths, profile, now),
        _scopes(at(document, paths.scope), client, hidden),
        cleaned(at(document, profile.account_label), hidden, MAX_LABEL)
        or label_in(document.get("id_token"), hidden, MAX_LABEL),
        _api_url(at(document, profile.api_url)),
    )


def _paths(document: Mapping[str, Any], profile: ProviderProfile) -> AnswerPaths:
    """Of one place alone: members of two would not belong together."""
    found = (each for each in profile.answers if at(document, each.access_token))
    return next(found, profile.answers[-1])


def _ensure_bearer(
    unverified: object, profile: ProviderProfile, secrets: tuple[Secret[str], ...]
) -> None:
    """RFC 6749, 7.1: a token of an unknown type is not used. None at all means Bearer, in spite of
    5.1: many providers leave it out.
    """
    if unverified is None or unverified == "":
        return
    if not isinstance(unverified, str) or unverified.lower() not in profile.bearer_types:
        raise TokenAnswerUnusable(
            f"its tokens are of the type `{cleaned(unverified, secrets, MAX_LABEL) or 'unknown'}`",
            hint="Only Bearer tokens (RFC 6750) are supported; choose those in the provider's "
            "settings of your application.",
        )


def _access_token(unverified: object) -> Secret[str]:
    if not unverified:
        raise TokenAnswerUnusable("there is no access token in it")
    return _token(unverified, _ACCESS_TOKEN, "access token")


def _refresh_token(unverified: object) -> Secret[str] | None:
    """An empty one is none."""
    return _token(unverified, _REFRESH_TOKEN, "refresh token") if unverified else None


def _token(unverified: object, form: re.Pattern[str], name: str) -> Secret[str]:
    if not isinstance(unverified, str) or not form.fullmatch(unverified):
        raise TokenAnswerUnusable(f"its {name} is no text of visible ASCII characters")
    if len(unverified) > MAX_VALUE_CHARACTERS:
        raise TokenAnswerUnusable(
            f"its {name} is longer than {MAX_VALUE_CHARACTERS:,} characters",
            hint="Ask for fewer scopes or claims: some providers write all of them into it.",
        )
    return Secret(unverified)


def _scopes(
    unverified: object, client: OAuthClient, hidden: tuple[Secret[str], ...]
) -> tuple[str, ...] | None:
    """Without one that repeats a secret: scopes are stored as they are, and shown to admins."""
    found = read_scopes(unverified, client.scopes)
    long = [each for each in hidden if len(each.reveal()) >= MIN_CHARACTERS]
    if found is None:
        return None
    return tuple(each for each in found if cleaned(each, long, MAX_SCOPE) == each)


def _lifetime(
    document: Mapping[str, Any], paths: AnswerPaths, profile: ProviderProfile, now: datetime
) -> float | None:
    for seconds in (
        seconds_of(at(document, paths.expires_in)),
        seconds_until(at(document, paths.expires), now),
    ):
        if seconds is not None:
            return seconds
    return profile.default_lifetime


def _api_url(unverified: object) -> str:
    return unverified if isinstance(unverified, str) and len(unverified) <= MAX_API_URL else ""
