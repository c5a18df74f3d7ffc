import hmac
from dataclasses import dataclass

from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.credential import ApiKey, Credential, Placement
from auth_service.domain.errors import ActionHasNoOrigin
from auth_service.domain.presentation import Presentation
from auth_service.ports import Actions, Clock, CredentialStore, KeyRing
from contracts.errors import PlatformError
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
    nothing secret in it, so that no revision comes twice. Setting what is set already succeeds,
    whatever revision was expected, once that is in force (RFC 9110, 13.1.1).
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
        seen.ensure_known()
        if self._is_set(seen, member_id, entered, origins):
            await self.credentials.ensure_in_force(workspace_id, action_id)
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        api_key = self._sealed(seen, entered, origins) if entered else None
        changed = seen.replaced(api_key, member_id, self.clock().replace(microsecond=0))
        fact = CredentialChanged(
            workspace_id=workspace_id, action_id=action_id, revision=changed.revision
        )
        await self.credentials.replace(seen, changed, fact)
        return changed

    def _is_set(
        self,
        seen: Credential,
        member_id: MemberId,
        entered: EnteredApiKey | None,
        origins: tuple[str, ...],
    ) -> bool:
        """Only who entered a secret may ask: anybody else would learn whether they guessed it."""
        key = seen.api_key
        if entered is None or key is None:
            return entered is None and key is None
        if (seen.set_by, key.placement, key.origins) != (member_id, entered.placement, origins):
            return False
        try:
            kept = self.keys.open(key.sealed, seen.place)
        except PlatformError:
            return False  # entering it again is what helps
        again = BoundSecret(origins, entered.presentation).for_storage()
        return hmac.compare_digest(kept.reveal(), again.reveal())

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
