from dataclasses import dataclass

from auth_service.domain.credential_use import Stopped, stopped_by
from auth_service.ports import Actions, Clock, CredentialStore, ServiceTokens
from contracts.access import Verb
from contracts.facts import CredentialChanged
from contracts.ids import ActionId
from contracts.principal import Principal
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class ClearCredential:
    """Destroy an action's credentials at once, or the one of a set of origins.

    The document stays, with nothing secret in it, so that no revision comes twice and calls that
    signed in are refused. Clearing what is clear succeeds, whatever revision was expected, once
    that is in force.
    """

    credentials: CredentialStore
    actions: Actions
    tokens: ServiceTokens
    clock: Clock

    @repeats_on_contention
    async def __call__(
        self,
        principal: Principal,
        action_id: ActionId,
        origin_set: str | None,
        expected_revision: int | None,
    ) -> Stopped:
        workspace_id, member_id = principal.workspace_id, principal.member_id
        hosts = await self.actions.hosts(workspace_id, action_id)
        hosts.ensure_may(principal, Verb.EDIT)
        seen = await self.credentials.find(workspace_id, action_id)
        seen.ensure_known()
        changed = seen.without(origin_set, member_id, self.clock().replace(microsecond=0))
        if changed is seen:
            await self.credentials.ensure_in_force(workspace_id, action_id)
            return Stopped()
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        fact = CredentialChanged(
            workspace_id=workspace_id, action_id=action_id, revision=changed.revision
        )
        await self.credentials.replace(seen, changed, fact)
        await self.tokens.keep_only(workspace_id, action_id, changed.revisions_of_clients)
        return stopped_by(seen, changed, hosts)
