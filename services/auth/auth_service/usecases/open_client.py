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
    """That its tokens are for."""
    sign_in_origins: tuple[str, ...]
    """That its secret and its tokens may go to beside them."""


@dataclass(frozen=True, slots=True)
class OpenClient:
    """A record's OAuth client with its secret, whose own origins are what counts. A public client
    has none: its record's origins are (RFC 6749, 2.1).
    """

    keys: KeyRing

    async def __call__(self, credentials: ActionCredentials, record: Credential) -> OpenedClient:
        """Raises `SecretUnreadable` where the secret was entered for other addresses, or is lost,
        and what the key ring raises.
        """
        settings = record.client
        if settings is None:
            raise SecretUnreadable
        if settings.sealed is None:
            if not settings.is_public:
                raise SecretUnreadable
            return OpenedClient(settings.with_secret(None), record.origins, settings.sealed_to)
        with about_credentials():
            place = credentials.place_of_client_secret
            bound = ClientSecret.from_storage(await self.keys.open(settings.sealed, place))
        client = settings.with_secret(bound.for_settings(settings, record.origins))
        return OpenedClient(client, bound.api_origins, bound.sealed_to)
