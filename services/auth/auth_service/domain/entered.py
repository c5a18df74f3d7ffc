"""What a builder entered, checked in its form and not yet sealed."""

from dataclasses import dataclass

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class EnteredApiKey:
    placement: Placement
    material: CredentialMaterial


@dataclass(frozen=True, slots=True)
class EnteredClient:
    settings: ClientSettings
    """Nothing is sealed in it yet."""
    secret: Secret[str] | None = None
    """None: the one that is kept goes on, or there is none."""


Entered = EnteredApiKey | EnteredClient | OwnKey
