"""How providers say no at their token endpoint (RFC 6749, 5.2), with whatever status."""

from collections.abc import Mapping
from typing import Any

from auth_service.domain.oauth.answer_document import HttpAnswer, at
from auth_service.domain.oauth.errors import (
    ProviderUnavailable,
    TokenAnswerUnusable,
    TokenRefused,
    said,
)
from auth_service.domain.oauth.foreign_text import cleaned, code_of
from auth_service.domain.oauth.profile import ProviderProfile
from kit.sealing import Secret

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
LATER = frozenset({"temporarily_unavailable", "server_error", "slow_down", "ratelimited"})
"""Errors that say nothing about the grant."""
UNKNOWN = "unknown_error"


def ensure_no_refusal(
    answer: HttpAnswer,
    document: Mapping[str, Any] | None,
    profile: ProviderProfile,
    secrets: tuple[Secret[str], ...],
) -> None:
    """Raises `ProviderUnavailable` for what may pass (a failing server says nothing about a grant,
    also where it names an error), `TokenRefused` for a refusal, and `TokenAnswerUnusable` for any
    other answer without success. `secrets` are those of the request.
    """
    error, description = _error(document or {}, profile, secrets)
    if answer.status >= SERVER_ERROR or answer.status == TOO_MANY_REQUESTS or error in LATER:
        why = f"it answered {answer.status}" + (f" ({said(error, description)})" if error else "")
        raise ProviderUnavailable(why, retry_after_seconds=answer.retry_after_seconds)
    if error:
        raise TokenRefused(error, description, ends_grant=error in profile.ends_grant)
    if answer.is_redirect:
        raise TokenAnswerUnusable(
            f"it answered {answer.status} and leads elsewhere",
            hint="Enter the address that it leads to as the token URL, if it is the provider's.",
        )
    if not answer.is_success:
        raise TokenAnswerUnusable(f"it answered {answer.status} without saying why")


def _error(
    document: Mapping[str, Any], profile: ProviderProfile, secrets: tuple[Secret[str], ...]
) -> tuple[str, str]:
    """Its code and description, cleaned; both empty where the answer names none."""
    error = at(document, profile.error)
    failed = bool(profile.success) and at(document, profile.success) is False
    if not error and not failed:
        return "", ""
    description = at(document, profile.error_description)
    if isinstance(error, Mapping):  # as Facebook has it
        description = description or error.get("message")
        error = error.get("code") or error.get("type")
    return code_of(error, secrets) or UNKNOWN, cleaned(description, secrets)
