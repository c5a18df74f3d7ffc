from dataclasses import dataclass

from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.credential import ApiKey, Credential, Placement
from auth_service.domain.errors import ActionHasNoOrigin
from auth_service.domain.presentation import Presentation
from auth_service.ports import Actions, Clock, CredentialStore, KeyRing
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, MemberId, WorkspaceId
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class EnteredApiKey:
    placement: Placement
    presentation: Presentation


@dataclass(frozen=True, slots=True)
class SetCredential:
    """Set, replace or (with None) clear how an action signs in.

    A key is bound to the origins that the action calls at this moment. A cleared record stays, with
    nothing secret in it, so that no revision is ever handed out twice.
    """

    credentials: CredentialStore
    actions: Actions
    keys: KeyRing
    clock: Clock

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        action_id: ActionId,
        member_id: MemberId,
        entered: EnteredApiKey | None,
        expected_revision: int | None,
    ) -> Credential:
        origins = await self.actions.origins(workspace_id, action_id)
        seen = await self.credentials.find(workspace_id, action_id)
        if expected_revision is not None and expected_revision != seen.revision:
            raise ChangedMeanwhile
        if entered is None and seen.api_key is None:
            return seen
        api_key = self._sealed(seen, entered, origins) if entered else None
        changed = seen.replaced(api_key, member_id, self.clock().replace(microsecond=0))
        fact = CredentialChanged(
            workspace_id=workspace_id, action_id=action_id, revision=changed.revision
        )
        await self.credentials.replace(seen, changed, fact)
        return changed

    def _sealed(self, seen: Credential, entered: EnteredApiKey, origins: tuple[str, ...]) -> ApiKey:
        if not origins:
            raise ActionHasNoOrigin
        shown = entered.presentation
        secret = BoundSecret(origins, shown).for_storage()
        return ApiKey(
            entered.placement,
            tuple(name for name, _ in shown.headers),
            tuple(name for name, _ in shown.query),
            origins,
            self.keys.seal(secret, seen.place),
        )
