from dataclasses import dataclass

from auth_service.domain.errors import ActionNotFound
from auth_service.domain.tested_credential import TestedCredential
from auth_service.ports import Actions, CredentialStore, TrialCalls
from contracts.access import Verb
from contracts.ids import ActionId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class TryCredential:
    """Whether the API accepts what the action's draft signs in with. Execution makes the call, in
    the name of whoever asks: auth calls no API.
    """

    credentials: CredentialStore
    actions: Actions
    calls: TrialCalls

    async def __call__(
        self, principal: Principal, caller: str, action_id: ActionId, operation: str | None
    ) -> TestedCredential:
        """`caller` is the principal's `kit.caller.lasting_key`. Raises what refuses the call."""
        hosts = await self.actions.hosts(principal.workspace_id, action_id)
        hosts.ensure_may(principal, Verb.TRY_DRAFT)
        credentials = await self.credentials.find(principal.workspace_id, action_id)
        credentials.ensure_known()
        if hosts.gpt_id is None:
            raise ActionNotFound
        called = await self.calls.call(caller, hosts.gpt_id, action_id, operation)
        return TestedCredential.of(called)
