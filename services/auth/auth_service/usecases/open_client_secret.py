from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.client_secret import ClientSecret
from auth_service.domain.credential import Credential
from auth_service.domain.errors import (
    ReferredSecretUnusable,
    SecretUnreadable,
    about_credentials,
)
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.secret_reference import SecretReference
from auth_service.usecases.read_references import ReadReferences
from contracts.errors import Invalid
from kit.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class OpenedClientSecret:
    bound: ClientSecret
    """With the origins that it was entered for."""
    client: OAuthClient


@dataclass(frozen=True, slots=True)
class OpenClientSecret:
    """A client's secret, for one request to its provider: as it was entered, or as it is now in the
    store that it stays in.
    """

    keys: KeyRing
    references: ReadReferences

    async def __call__(
        self, credentials: ActionCredentials, record: Credential
    ) -> OpenedClientSecret:
        """Raises `SecretUnreadable` where there is none, or it was entered for other addresses, and
        what `ReadReferences` raises.
        """
        settings = record.client
        if settings is None or settings.sealed is None:
            raise SecretUnreadable
        with about_credentials():
            place = credentials.place_of_client_secret
            bound = ClientSecret.from_storage(await self.keys.open(settings.sealed, place))
        secret = bound.for_settings(settings, record.origins)
        if not isinstance(secret, SecretReference):
            return OpenedClientSecret(bound, settings.with_secret(secret))
        text = await self.references.text(credentials.workspace_id, secret)
        try:
            return OpenedClientSecret(bound, settings.with_secret(text))
        except Invalid as why:
            raise ReferredSecretUnusable(why) from None
