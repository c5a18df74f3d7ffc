"""Which headers an API key may travel in, and which characters it may hold."""

import re

from auth_service.domain.errors import (
    HeaderNameInvalid,
    HeaderReserved,
    ParameterNameInvalid,
    SchemeHasPlacement,
    SecretInvalid,
)
from contracts.headers import is_reserved, is_token
from kit.sealing import Secret

MAX_NAME_CHARACTERS = 128
MAX_VALUE_CHARACTERS = 8 * 1024

AUTHORIZATION = "Authorization"
WITH_PLACEMENT = frozenset({"basic", "bearer"})
"""Schemes of `Authorization`, in lower case, that have a placement of their own."""

_VISIBLE = re.compile(r"[!-~]+")
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def checked_header_name(unverified_name: str) -> str:
    """A token (RFC 9110, 5.6.2) that neither frames nor routes a message nor names its sender."""
    if len(unverified_name) > MAX_NAME_CHARACTERS or not is_token(unverified_name):
        raise HeaderNameInvalid
    if is_reserved(unverified_name):
        raise HeaderReserved(unverified_name)
    return unverified_name


def is_authorization(unverified_name: str) -> bool:
    return unverified_name.lower() == AUTHORIZATION.lower()


def checked_scheme(unverified: str) -> str:
    """Of `Authorization` (RFC 9110, 11.1), one that has no placement of its own."""
    if len(unverified) > MAX_NAME_CHARACTERS or not is_token(unverified):
        raise HeaderReserved(AUTHORIZATION)
    if unverified.lower() in WITH_PLACEMENT:
        raise SchemeHasPlacement(unverified)
    return unverified


def checked_authorization(unverified: Secret[str]) -> Secret[str]:
    """A scheme that has no placement of its own, a space, and what follows it (RFC 9110, 11.4)."""
    scheme, space, _ = checked_value(unverified).reveal().partition(" ")
    if not space:  # what stands there alone may be the key: no refusal shows it
        raise HeaderReserved(AUTHORIZATION)
    checked_scheme(scheme)
    return unverified


def checked_parameter_name(unverified_name: str) -> str:
    if len(unverified_name) > MAX_NAME_CHARACTERS or not _VISIBLE.fullmatch(unverified_name):
        raise ParameterNameInvalid
    return unverified_name


def checked_value(unverified: Secret[str]) -> Secret[str]:
    """Visible ASCII with spaces inside only: nothing that could end a header (RFC 9110, 5.5)."""
    text = unverified.reveal()
    if not text:
        raise SecretInvalid("The secret is empty.", hint="Enter the key that the API gave you.")
    if len(text) > MAX_VALUE_CHARACTERS:
        raise SecretInvalid(
            f"The secret is longer than {MAX_VALUE_CHARACTERS:,} characters.",
            hint="Enter the key alone.",
        )
    if not _VALUE.fullmatch(text):
        raise SecretInvalid(
            "The secret holds line breaks, control characters, spaces at an end, or characters "
            "outside ASCII.",
            hint="Copy the key again, without the line break after it.",
        )
    return unverified
