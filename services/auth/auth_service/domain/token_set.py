"""The tokens of one signed-in account, as they are encrypted at rest."""

import json
from dataclasses import dataclass, replace
from typing import Self

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import CredentialBoundElsewhere, SecretUnreadable
from auth_service.domain.oauth.token_answer import TokenAnswer
from egress.server_url import canonical_origin
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class TokenSet:
    """The origins of token URL, revocation URL and API, the member and the action are inside, so
    that whoever can write to the database sends the tokens to nobody else, and for nobody else.
    """

    member_id: str
    """Empty for client credentials, which are of no member."""
    action_id: str
    api_origins: tuple[str, ...]
    """Canonical, as all origins."""
    sign_in_origins: tuple[str, ...]
    access_token: Secret[str]
    refresh_token: Secret[str] | None = None

    def renewed(self, answer: TokenAnswer) -> Self:
        """An answer without a refresh token leaves the one that there is (RFC 6749, 6)."""
        return replace(
            self,
            access_token=answer.access_token,
            refresh_token=answer.refresh_token or self.refresh_token,
        )

    def for_origin(self, unverified_origin: str) -> CredentialMaterial:
        """Of a call to the API; `CredentialBoundElsewhere` for any other origin."""
        self._ensure_bound(unverified_origin, self.api_origins)
        return CredentialMaterial.bearer(self.access_token)

    def ensure_sign_in_at(self, unverified_url: str) -> None:
        """Raises `CredentialBoundElsewhere` where that is no URL that these tokens may go to."""
        self._ensure_bound(unverified_url, self.sign_in_origins)

    def is_of(self, action_id: str, member_id: str) -> bool:
        return (self.action_id, self.member_id) == (action_id, member_id)

    def for_storage(self) -> Secret[bytes]:
        document = {
            "member_id": self.member_id,
            "action_id": self.action_id,
            "api_origins": list(self.api_origins),
            "sign_in_origins": list(self.sign_in_origins),
            "access_token": self.access_token.reveal(),
            "refresh_token": self.refresh_token.reveal() if self.refresh_token else None,
        }
        return Secret(json.dumps(document).encode())

    @classmethod
    def from_storage(cls, opened: Secret[bytes]) -> Self:
        """Raises `SecretUnreadable` for what is no tokens, such as a member's key."""
        document = json.loads(opened.reveal())
        if "access_token" not in document:
            raise SecretUnreadable
        refresh_token = document["refresh_token"]
        return cls(
            document["member_id"],
            document["action_id"],
            tuple(document["api_origins"]),
            tuple(document["sign_in_origins"]),
            Secret(document["access_token"]),
            Secret(refresh_token) if refresh_token is not None else None,
        )

    @staticmethod
    def _ensure_bound(unverified_url: str, origins: tuple[str, ...]) -> None:
        origin = canonical_origin(unverified_url)
        if origin not in origins:
            raise CredentialBoundElsewhere(origins, origin)
