from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.client_secret import ClientSecret
from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import Credential
from auth_service.domain.errors import SecretUnreadable, about_credentials
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.reference_errors import ReferredSecretUnusable
from auth_service.domain.secret_reference import SecretReference
from auth_service.usecases.read_references import ReadReferences
from contracts.errors import Invalid
from contracts.ids import WorkspaceId
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
    """An OAuth client with its secret, where that was entered for what the settings say: as it was
    entered, or as it is now in the store that it stays in.
    """

    keys: KeyRing
    references: ReadReferences

    async def __call__(self, credentials: ActionCredentials, record: Credential) -> OpenedClient:
        """Raises `SecretUnreadable`, also where the record has no client, `KeyUnknown`, and what
        `ReadReferences` raises.
        """
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
        secret = bound.for_settings(settings, record.origins)
        if isinstance(secret, SecretReference):
            client = await self._referred(credentials.workspace_id, settings, secret)
        else:
            client = settings.with_secret(secret)
        return OpenedClient(client, bound.api_origins, bound.sealed_to)

    async def _referred(
        self, workspace_id: WorkspaceId, settings: ClientSettings, reference: SecretReference
    ) -> OAuthClient:
        text = await self.references.text(workspace_id, reference)
        try:
            return settings.with_secret(text)
        except Invalid as why:
            raise ReferredSecretUnusable(why) from None
