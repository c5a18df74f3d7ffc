from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.client_secret import ClientSecret
from auth_service.domain.credential import Credential
from auth_service.domain.errors import SecretUnreadable, about_credentials
from auth_service.domain.oauth.client import OAuthClient
from kit.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class OpenedClient:
    client: OAuthClient
    api_origins: tuple[str, ...]
    """Those that the secret was entered for, which may be more than the record's."""
    sealed_to: tuple[str, ...]
    """Of the provider's addresses, likewise."""


@dataclass(frozen=True, slots=True)
class OpenClient:
    """An OAuth client with its secret, where that was entered for what the settings say."""

    keys: KeyRing

    async def __call__(self, credentials: ActionCredentials, record: Credential) -> OpenedClient:
        """Raises `SecretUnreadable`, also where the record has no client, and `KeyUnknown`."""
        settings = record.client
        if settings is None:
            raise SecretUnreadable
        if settings.is_public:
            return OpenedClient(settings.with_secret(None), record.origins, settings.sealed_to)
        if settings.sealed is None:
            raise SecretUnreadable
        with about_credentials():
            opened = await self.keys.open(settings.sealed, credentials.place_of_client_secret)
        bound = ClientSecret.from_storage(opened)
        client = settings.with_secret(bound.for_settings(settings, record.origins))
        return OpenedClient(client, bound.api_origins, bound.sealed_to)
