import json
from dataclasses import dataclass
from typing import Any, Self

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import CredentialBoundElsewhere
from auth_service.domain.referred_key import KeyMaterial, ReferredKey
from egress.server_url import canonical_origin
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class BoundSecret:
    """What is encrypted at rest: an API key together with the origins it was entered for.

    The origins are inside, so that whoever can write to the database cannot send it elsewhere.
    """

    origins: tuple[str, ...]
    material: KeyMaterial

    def for_origin(self, unverified_origin: str) -> KeyMaterial:
        """The key, for this origin only; `CredentialBoundElsewhere` for any other."""
        origin = canonical_origin(unverified_origin)
        if origin not in self.origins:
            raise CredentialBoundElsewhere(self.origins, origin)
        return self.material

    def for_storage(self) -> Secret[bytes]:
        if isinstance(self.material, ReferredKey):
            key: dict[str, Any] = {"referred": self.material.for_storage()}
        else:
            key = {**self.material.revealed()}
        return Secret(json.dumps({"origins": list(self.origins), **key}).encode())

    @classmethod
    def from_storage(cls, opened: Secret[bytes]) -> Self:
        document = json.loads(opened.reveal())
        referred = document.get("referred")
        if referred is not None:
            return cls(tuple(document["origins"]), ReferredKey.from_storage(referred))
        return cls(tuple(document["origins"]), CredentialMaterial.of_revealed(document))
