"""A member's own API key, as it is encrypted at rest."""

import json
from dataclasses import dataclass
from typing import Self

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import CredentialBoundElsewhere, SecretUnreadable
from egress.server_url import canonical_origin
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class MemberKey:
    """The member, the action and the API's origins are inside, so that whoever can write to the
    database sends the key to nobody else, and for nobody else.
    """

    member_id: str
    action_id: str
    api_origins: tuple[str, ...]
    """Canonical."""
    material: CredentialMaterial

    def for_origin(self, unverified_origin: str) -> CredentialMaterial:
        """`CredentialBoundElsewhere` for an origin that it was not entered for."""
        origin = canonical_origin(unverified_origin)
        if origin not in self.api_origins:
            raise CredentialBoundElsewhere(self.api_origins, origin)
        return self.material

    def is_of(self, action_id: str, member_id: str) -> bool:
        return (self.action_id, self.member_id) == (action_id, member_id)

    def for_storage(self) -> Secret[bytes]:
        document = {
            "member_id": self.member_id,
            "action_id": self.action_id,
            "api_origins": list(self.api_origins),
            "key": self.material.revealed(),
        }
        return Secret(json.dumps(document).encode())

    @classmethod
    def from_storage(cls, opened: Secret[bytes]) -> Self:
        """Raises `SecretUnreadable` for what is no key, such as tokens."""
        document = json.loads(opened.reveal())
        if "key" not in document:
            raise SecretUnreadable
        return cls(
            document["member_id"],
            document["action_id"],
            tuple(document["api_origins"]),
            CredentialMaterial.of_revealed(document["key"]),
        )
