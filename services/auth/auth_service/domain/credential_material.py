"""What an API key looks like on the wire: the exact headers and query parameters of every call."""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from auth_service.domain.errors import HeaderRepeated, SecretInvalid
from auth_service.domain.header_field import (
    AUTHORIZATION,
    checked_authorization,
    checked_header_name,
    checked_parameter_name,
    checked_value,
    is_authorization,
)
from contracts.secret_values import MIN_MASKED_CHARACTERS, secrets_of
from kit.sealing import Secret

MAX_TOTAL_CHARACTERS = 16 * 1024
"""All values together; sealed and in base64 they still fit one message of the bus."""

Field = tuple[str, Secret[str]]
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CredentialMaterial:
    """Names and secret values, as they are sent; query values are not percent-encoded yet."""

    headers: tuple[Field, ...] = ()
    query: tuple[Field, ...] = ()

    @classmethod
    def basic(cls, username: Secret[str], password: Secret[str]) -> Self:
        """User and password as UTF-8 (RFC 7617, 2 and 2.1)."""
        user, word = username.reveal(), password.reveal()
        if ":" in user:
            raise SecretInvalid("A user name for basic holds no colon.", hint="Check both members.")
        if _CONTROL.search(user + word) or not user + word:
            raise SecretInvalid(
                "User name and password are empty or hold control characters.",
                hint="Copy them again, without the line breaks after them.",
            )
        pair = base64.b64encode(f"{user}:{word}".encode()).decode()
        return cls.encoded_basic(Secret(pair))

    @classmethod
    def encoded_basic(cls, encoded: Secret[str]) -> Self:
        """A ready-made value for basic: token68 (RFC 9110, 11.2), without the scheme."""
        if not _TOKEN68.fullmatch(checked_value(encoded).reveal()):
            raise SecretInvalid(
                "The ready-made value is not base64.",
                hint='Enter what follows "Basic ", or username and password.',
            )
        return cls(headers=(("Authorization", Secret(f"Basic {encoded.reveal()}")),))

    @classmethod
    def bearer(cls, token: Secret[str]) -> Self:
        """RFC 6750, 2.1, and generous: APIs issue tokens with characters beyond it."""
        if " " in checked_value(token).reveal():
            raise SecretInvalid(
                "A bearer token holds no spaces.", hint='Enter what follows "Bearer ".'
            )
        return cls(headers=(("Authorization", Secret(f"Bearer {token.reveal()}")),))

    @classmethod
    def in_headers(cls, unverified: Iterable[Field]) -> Self:
        """`Authorization` among them has its scheme in its value."""
        headers = tuple(_checked_header(name, value) for name, value in unverified)
        if len({name.lower() for name, _ in headers}) < len(headers):
            raise HeaderRepeated
        total = sum(len(value.reveal()) for _, value in headers)
        if total > MAX_TOTAL_CHARACTERS:
            raise SecretInvalid(
                f"The headers hold more than {MAX_TOTAL_CHARACTERS:,} characters together.",
                hint="Send only the headers that sign in.",
            )
        return cls(headers=headers)

    @classmethod
    def in_query(cls, name: str, value: Secret[str]) -> Self:
        return cls(query=((checked_parameter_name(name), checked_value(value)),))

    def revealed(self) -> dict[str, list[list[str]]]:
        """`{"headers": [[name, value], …], "query": …}`, the form that the contract promises."""
        return {
            "headers": [[name, value.reveal()] for name, value in self.headers],
            "query": [[name, value.reveal()] for name, value in self.query],
        }

    @classmethod
    def of_revealed(cls, revealed: dict[str, Any]) -> Self:
        return cls(
            headers=tuple((name, Secret(value)) for name, value in revealed["headers"]),
            query=tuple((name, Secret(value)) for name, value in revealed["query"]),
        )

    @property
    def header_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.headers)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.query)

    @property
    def is_masked(self) -> bool:
        """Whether each secret is long enough that execution masks it in the API's answers."""
        headers = [(name, value.reveal()) for name, value in self.headers]
        query = [(name, value.reveal()) for name, value in self.query]
        secrets = secrets_of(headers, query)
        return all(len(secret) >= MIN_MASKED_CHARACTERS for secret in secrets)

    def for_release(self) -> Secret[bytes]:
        return Secret(json.dumps(self.revealed()).encode())


def _checked_header(name: str, value: Secret[str]) -> Field:
    if is_authorization(name):
        return AUTHORIZATION, checked_authorization(value)
    return checked_header_name(name), checked_value(value)
