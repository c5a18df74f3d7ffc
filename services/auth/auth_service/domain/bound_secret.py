import json
from dataclasses import dataclass
from typing import Self

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import CredentialBoundElsewhere
from egress.server_url import canonical_origin
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class BoundSecret:
    """What is encrypted at rest: an API key together with the origins it was entered for.

    The origins are inside, so that whoever can write to the database cannot send it elsewhere.
    """

    origins: tuple[str, ...]
    material: CredentialMaterial

    def for_origin(self, unverified_origin: str) -> CredentialMaterial:
        """The key, for this origin only; `CredentialBoundElsewhere` for any other."""
        origin = canonical_origin(unverified_origin)
        if origin not in self.origins:
            raise CredentialBoundElsewhere(self.origins, origin)
        return self.material

    def for_storage(self) -> Secret[bytes]:
        document = {"origins": list(self.origins), **self.material.revealed()}
        return Secret(json.dumps(document).encode())

    @classmethod
    def from_storage(cls, opened: Secret[bytes]) -> Self:
        document = json.loads(opened.reveal())
        return cls(tuple(document["origins"]), CredentialMaterial.of_revealed(document))
