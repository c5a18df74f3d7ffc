import json
from dataclasses import dataclass
from typing import Any, Self

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.errors import SecretUnreadable
from auth_service.domain.referred_key import Part
from auth_service.domain.secret_reference import SecretReference
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """What is encrypted at rest: a client secret, with the origins that it was entered for. They
    are inside, so that whoever can write to the database cannot have it sent elsewhere.
    """

    api_origins: tuple[str, ...]
    """Canonical, as all origins."""
    sealed_to: tuple[str, ...]
    """`ClientSettings.sealed_to`."""
    secret: Part

    def for_settings(self, settings: ClientSettings, api_origins: tuple[str, ...]) -> Part:
        """Raises `SecretUnreadable` where it was entered for other addresses, or another API."""
        bound = {*settings.sealed_to} <= {*self.sealed_to}
        if not bound or not {*api_origins} <= {*self.api_origins}:
            raise SecretUnreadable
        return self.secret

    def for_storage(self) -> Secret[bytes]:
        document: dict[str, Any] = {
            "api_origins": list(self.api_origins),
            "sealed_to": list(self.sealed_to),
        }
        if isinstance(self.secret, SecretReference):
            document["reference"] = self.secret.for_storage()
        else:
            document["client_secret"] = self.secret.reveal()
        return Secret(json.dumps(document).encode())

    @classmethod
    def from_storage(cls, opened: Secret[bytes]) -> Self:
        document = json.loads(opened.reveal())
        reference = document.get("reference")
        return cls(
            tuple(document["api_origins"]),
            tuple(document["sealed_to"]),
            SecretReference.from_storage(reference)
            if reference is not None
            else Secret(document["client_secret"]),
        )
