import hashlib
import json
from dataclasses import dataclass

from auth_service.domain.placement import Placement


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
