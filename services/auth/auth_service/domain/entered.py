"""What a builder entered, checked in its form and not yet sealed."""

from dataclasses import dataclass

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.domain.referred_key import KeyMaterial, Part, ReferredKey
from auth_service.domain.secret_reference import SecretReference


@dataclass(frozen=True, slots=True)
class EnteredApiKey:
    placement: Placement
    material: KeyMaterial

    @property
    def references(self) -> tuple[SecretReference, ...]:
        key = self.material
        return (
            tuple(each.reference for each in key.references) if isinstance(key, ReferredKey) else ()
        )


@dataclass(frozen=True, slots=True)
class EnteredClient:
    settings: ClientSettings
    """Nothing is sealed in it yet."""
    secret: Part | None = None
    """None: the one that is kept goes on, or there is none."""

    @property
    def references(self) -> tuple[SecretReference, ...]:
        return (self.secret,) if isinstance(self.secret, SecretReference) else ()


Entered = EnteredApiKey | EnteredClient | OwnKey
