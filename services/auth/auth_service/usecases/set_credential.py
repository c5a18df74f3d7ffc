from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import ApiKey
from auth_service.domain.entered import Entered, EnteredApiKey, EnteredClient
from auth_service.domain.own_key import OwnKey
from auth_service.domain.reference_rules import ReferenceRules
from auth_service.ports import Actions, Clock, CredentialStore, ServiceTokens
from auth_service.usecases.check_client import CheckClient
from auth_service.usecases.read_credential import CurrentCredentials
from auth_service.usecases.seal_way import SealWay
from contracts.access import Verb
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, MemberId
from contracts.origin import origin_set_digest
from contracts.principal import Principal
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class SetCredential:
    """Set or replace how an action signs in where its draft calls; None: with nothing.

    It is bound to the origins of the draft, or of the published release where the draft has none:
    releases with other origins go on as they did. Setting what is set already succeeds, whatever
    revision was expected, once that is in force (RFC 9110, 13.1.1).
    """

    credentials: CredentialStore
    actions: Actions
    seal: SealWay
    check_client: CheckClient
    tokens: ServiceTokens
    clock: Clock
    rules: ReferenceRules

    @repeats_on_contention
    async def __call__(
        self,
        principal: Principal,
        action_id: ActionId,
        entered: Entered | None,
        expected_revision: int | None,
    ) -> CurrentCredentials:
        workspace_id, member_id = principal.workspace_id, principal.member_id
        hosts = await self.actions.hosts(workspace_id, action_id)
        hosts.ensure_may(principal, Verb.EDIT)
        seen = await self.credentials.find(workspace_id, action_id)
        seen.ensure_known()
        if isinstance(entered, (EnteredApiKey, EnteredClient)):
            self.rules.ensure_allowed(workspace_id, entered.references)
        if isinstance(entered, EnteredClient):
            await self.check_client(entered, hosts.entered_for)
        if await self._is_set(seen, member_id, entered, hosts):
            await self.credentials.ensure_in_force(workspace_id, action_id)
            return CurrentCredentials(seen, hosts, None)
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        way = await self.seal(seen, entered, hosts.entered_for) if entered else None
        changed = seen.entered(hosts, way, member_id, self.clock().replace(microsecond=0))
        fact = CredentialChanged(
            workspace_id=workspace_id, action_id=action_id, revision=changed.revision
        )
        await self.credentials.replace(seen, changed, fact)
        await self.tokens.keep_only(workspace_id, action_id, changed.revisions_of_clients)
        return CurrentCredentials(changed, hosts, None)

    async def _is_set(
        self,
        seen: ActionCredentials,
        member_id: MemberId,
        entered: Entered | None,
        hosts: ActionHosts,
    ) -> bool:
        """With a secret, only for who entered it: the answer would confirm a guess to anybody
        else.
        """
        origins = hosts.entered_for
        record = seen.of_set(origin_set_digest(origins))
        if entered is None:
            nothing = record is not None and record.way is None and not record.deleted
            return not origins or nothing
        if record is None:
            return False
        by_them = record.set_by == member_id
        match record.way, entered:
            case OwnKey(), OwnKey():
                return record.way == entered
            case ClientSettings() as kept, EnteredClient(settings=settings, secret=None):
                return settings.is_set_like(kept) and (
                    kept.sealed is not None or settings.is_public
                )
            case ((ApiKey() | ClientSettings()), (EnteredApiKey() | EnteredClient() as again)):
                return by_them and await self.seal.is_sealed(seen, record, again)
        return False
