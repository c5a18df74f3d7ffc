"""A secret that stays in a store of the operator's, and what may be referred to."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from auth_service.domain.reference_errors import SecretReferenceInvalid

MAX_NAME_CHARACTERS = 512
"""Of AWS Secrets Manager; Vault has no limit of its own."""
MAX_KEY_CHARACTERS = 256
UP = frozenset({".", ".."})


class SecretStoreName(StrEnum):
    """As bodies and `AUTH_SECRET_REFERENCES` name them."""

    VAULT = "vault"
    AWS = "aws_secrets_manager"

    @property
    def shown(self) -> str:
        return TITLES[self]


TITLES = {SecretStoreName.VAULT: "Vault", SecretStoreName.AWS: "AWS Secrets Manager"}
SEGMENTS = {
    SecretStoreName.VAULT: re.compile(r"[A-Za-z0-9_.-]+"),
    SecretStoreName.AWS: re.compile(r"[A-Za-z0-9_+=.@-]+"),
}
"""What may stand between two slashes of a name: nothing that a URL would have to encode, or that a
store may read as another name."""


@dataclass(frozen=True, slots=True)
class SecretReference:
    store: SecretStoreName
    name: str
    """Vault: the path below `/v1/`, with `data` in it where the engine is KV version 2. AWS Secrets
    Manager: the secret's name."""
    key: str = ""
    """Of the member that is the secret; empty: all of the text."""

    @classmethod
    def checked(cls, store: SecretStoreName, name: str, key: str) -> Self:
        """Raises `SecretReferenceInvalid`."""
        segments = name.split("/")
        if len(name) > MAX_NAME_CHARACTERS or not all(is_segment(store, each) for each in segments):
            raise SecretReferenceInvalid
        return cls(store, name, key)

    def for_storage(self) -> dict[str, str]:
        return {"from": self.store.value, "name": self.name, "key": self.key}

    @classmethod
    def from_storage(cls, document: dict[str, Any]) -> Self:
        """Checked again: it says what is asked of the store."""
        return cls.checked(
            SecretStoreName(document["from"]), str(document["name"]), str(document["key"])
        )


def is_segment(store: SecretStoreName, text: str) -> bool:
    return text not in UP and SEGMENTS[store].fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class ReferredPart:
    """Which part of an API key a reference stands for, such as `token`, or a header's name."""

    part: str
    reference: SecretReference
