import hmac
from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.credential import ApiKey, Placement
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import ActionHasNoOrigin
from auth_service.ports import Actions, Clock, CredentialStore
from auth_service.usecases.read_credential import CurrentCredentials
from contracts.access import Verb
from contracts.errors import PlatformError
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, MemberId
from contracts.origin import origin_set_digest
from contracts.principal import Principal
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile
from kit.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class EnteredApiKey:
    placement: Placement
    material: CredentialMaterial


@dataclass(frozen=True, slots=True)
class SetCredential:
    """Set or replace how an action signs in where its draft calls; None: with nothing.

    It is bound to the origins of the draft, or of the published release where the draft has none:
    releases with other origins go on as they did. Setting what is set already succeeds, whatever
    revision was expected, once that is in force (RFC 9110, 13.1.1).
    """

    credentials: CredentialStore
    actions: Actions
    keys: KeyRing
    clock: Clock

    @repeats_on_contention
    async def __call__(
        self,
        principal: Principal,
        action_id: ActionId,
        entered: EnteredApiKey | None,
        expected_revision: int | None,
    ) -> CurrentCredentials:
        workspace_id, member_id = principal.workspace_id, principal.member_id
        hosts = await self.actions.hosts(workspace_id, action_id)
        hosts.ensure_may(principal, Verb.EDIT)
        seen = await self.credentials.find(workspace_id, action_id)
        seen.ensure_known()
        if await self._is_set(seen, member_id, entered, hosts):
            await self.credentials.ensure_in_force(workspace_id, action_id)
            return CurrentCredentials(seen, hosts, None)
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        api_key = await self._sealed(seen, entered, hosts) if entered else None
        changed = seen.entered(hosts, api_key, member_id, self.clock().replace(microsecond=0))
        fact = CredentialChanged(
            workspace_id=workspace_id, action_id=action_id, revision=changed.revision
        )
        await self.credentials.replace(seen, changed, fact)
        return CurrentCredentials(changed, hosts, None)

    async def _is_set(
        self,
        seen: ActionCredentials,
        member_id: MemberId,
        entered: EnteredApiKey | None,
        hosts: ActionHosts,
    ) -> bool:
        """Only for who entered the secret: the answer would confirm a guess to anybody else."""
        origins = hosts.entered_for
        record = seen.of_set(origin_set_digest(origins))
        if entered is None:
            nothing = record is not None and record.api_key is None and not record.deleted
            return not origins or nothing
        if record is None or record.api_key is None:
            return False
        key = record.api_key
        if (record.set_by, key.placement) != (member_id, entered.placement):
            return False
        try:
            kept = await self.keys.open(key.sealed, seen.place)
        except PlatformError:
            return False  # entering it again is what helps
        again = BoundSecret(origins, entered.material).for_storage()
        return hmac.compare_digest(kept.reveal(), again.reveal())

    async def _sealed(
        self, seen: ActionCredentials, entered: EnteredApiKey, hosts: ActionHosts
    ) -> ApiKey:
        if not hosts.entered_for:
            raise ActionHasNoOrigin
        shown = entered.material
        secret = BoundSecret(hosts.entered_for, shown).for_storage()
        return ApiKey(
            entered.placement,
            tuple(name for name, _ in shown.headers),
            tuple(name for name, _ in shown.query),
            await self.keys.seal(secret, seen.place),
        )
