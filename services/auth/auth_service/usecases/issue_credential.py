from dataclasses import dataclass
from datetime import timedelta

from auth_service.domain.bound_secret import BoundSecret
from auth_service.ports import Clock, CredentialStore, KeyRing
from contracts import requests
from contracts.requests import SealedCredential
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
        credential = await self.credentials.find(asked.workspace_id, asked.action_id)
        credential.ensure_known()
        expires_at = self.clock() + self.lifetime
        if credential.api_key is None:
            return SealedCredential(revision=credential.revision, expires_at=expires_at)
        opened = self.keys.open(credential.api_key.sealed, credential.place)
        released = BoundSecret.from_storage(opened).for_origin(asked.origin).for_release()
        binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, expires_at)
        return SealedCredential(
            revision=credential.revision,
            sealed=seal(released.reveal(), asked.recipient, binding),
            expires_at=expires_at,
        )
