from dataclasses import dataclass

from auth_service.domain.credential import Credential
from auth_service.ports import Actions, CredentialStore, KeyRing
from contracts.errors import PlatformError
from contracts.ids import ActionId, WorkspaceId


@dataclass(frozen=True, slots=True)
class CurrentCredential:
    """Settings, and why they cannot be used for what the action calls now; None: they can."""

    credential: Credential
    unusable_because: PlatformError | None


@dataclass(frozen=True, slots=True)
class ReadCredential:
    credentials: CredentialStore
    actions: Actions
    keys: KeyRing

    async def __call__(self, workspace_id: WorkspaceId, action_id: ActionId) -> CurrentCredential:
        origins = await self.actions.origins(workspace_id, action_id)
        credential = await self.credentials.find(workspace_id, action_id)
        credential.ensure_known()
        reason = credential.unusable_because(origins, self.keys.known_keys)
        return CurrentCredential(credential, reason)
