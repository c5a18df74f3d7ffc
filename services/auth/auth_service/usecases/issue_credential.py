from dataclasses import dataclass
from datetime import timedelta

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.credential import ApiKey, Credential
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import SecretUnreadable, about_credentials
from auth_service.ports import Clock, CredentialStore
from contracts import requests
from contracts.requests import SealedCredential
from egress.server_url import canonical_origin
from kit.key_ring import KeyRing
from kit.sealing import SealBinding, seal


@dataclass(frozen=True, slots=True)
class IssueCredential:
    """Release a credential for one origin, readable by the replica that asked and by nobody else.

    An action without settings signs in with nothing: an empty answer, not a refusal.
    """

    credentials: CredentialStore
    keys: KeyRing
    clock: Clock
    lifetime: timedelta

    async def __call__(self, asked: requests.IssueCredential) -> SealedCredential:
        credentials = await self.credentials.find(asked.workspace_id, asked.action_id)
        found = credentials.for_call(asked.origin_set, canonical_origin(asked.origin))
        expires_at = self.clock() + self.lifetime
        revision = credentials.revision if found is None else found.revision
        if found is None or found.api_key is None:
            return SealedCredential(revision=revision, expires_at=expires_at)
        released = await self._opened(credentials, found, found.api_key, asked.origin)
        binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, expires_at)
        return SealedCredential(
            revision=revision,
            sealed=seal(released.for_release().reveal(), asked.recipient, binding),
            expires_at=expires_at,
        )

    async def _opened(
        self, credentials: ActionCredentials, found: Credential, key: ApiKey, origin: str
    ) -> CredentialMaterial:
        """What is inside the seal decides where it goes, whatever stands beside it."""
        with about_credentials():
            opened = await self.keys.open(key.sealed, credentials.place)
        secret = BoundSecret.from_storage(opened)
        released = secret.for_origin(origin)
        if not {*found.origins} <= {*secret.origins}:
            raise SecretUnreadable
        return released
