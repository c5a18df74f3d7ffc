from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.credential import Credential
from auth_service.ports import Actions, CredentialStore
from contracts.access import Verb
from contracts.errors import PlatformError
from contracts.ids import ActionId
from contracts.origin import origin_set_digest
from contracts.principal import Principal
from kit.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class CurrentCredentials:
    """An action's credentials, and what it calls now."""

    credentials: ActionCredentials
    hosts: ActionHosts
    unusable_because: PlatformError | None
    """Why calls of the draft would not sign in; None: they would."""

    @property
    def of_draft(self) -> Credential | None:
        """What the draft signs in with; where it calls other hosts, the newest there is."""
        origins = self.hosts.entered_for
        serving = self.credentials.serving(origin_set_digest(origins), origins)
        return next(iter((*serving, *self.credentials.records)), None)


@dataclass(frozen=True, slots=True)
class ReadCredential:
    credentials: CredentialStore
    actions: Actions
    keys: KeyRing

    async def __call__(self, principal: Principal, action_id: ActionId) -> CurrentCredentials:
        workspace_id = principal.workspace_id
        hosts = await self.actions.hosts(workspace_id, action_id)
        hosts.ensure_may(principal, Verb.VIEW_SETTINGS)
        credentials = await self.credentials.find(workspace_id, action_id)
        credentials.ensure_known()
        origins, keys = hosts.entered_for, self.keys.known_keys
        refusal = credentials.refusal_of(origin_set_digest(origins), origins, keys)
        return CurrentCredentials(credentials, hosts, refusal)
