import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import OwnKeyValues
from auth_service.domain.placement import Placement
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class OwnKey:
    """Where each member's own API key stands. The keys are theirs, not the action's."""

    placement: Placement
    header_names: tuple[str, ...] = ()
    parameter_names: tuple[str, ...] = ()
    scheme: str = ""
    """In `Authorization`, before what a member enters; empty: what the placement has."""
    labels: tuple[str, ...] = ()
    """What the form calls each value: user name and password of `basic`, else one a name."""

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of all that says where a member's key stands."""
        stands = [self.placement.value, self.header_names, self.parameter_names, self.scheme]
        return hashlib.sha256(json.dumps(stands, separators=(",", ":")).encode()).hexdigest()

    def material(self, values: Sequence[Secret[str]]) -> CredentialMaterial:
        """Of what a member enters, a value for each label; raises `OwnKeyValues`, and
        `SecretInvalid` for one that cannot stand there.
        """
        if len(values) != len(self.labels):
            raise OwnKeyValues(self.labels)
        match self.placement:
            case Placement.BASIC:
                return CredentialMaterial.basic(values[0], values[1])
            case Placement.BEARER:
                return CredentialMaterial.bearer(values[0])
            case Placement.QUERY:
                return CredentialMaterial.in_query(self.parameter_names[0], values[0])
        scheme = f"{self.scheme} " if self.scheme else ""
        written = (Secret(scheme + each.reveal()) for each in values)
        return CredentialMaterial.in_headers(zip(self.header_names, written, strict=True))
