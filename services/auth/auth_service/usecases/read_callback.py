from dataclasses import dataclass

from auth_service.domain.errors import PublicUrlUnset
from auth_service.ports import Actions
from contracts.access import Verb
from contracts.ids import ActionId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class ReadCallback:
    """The redirect URI of an action (RFC 6749, 3.1.2), which a provider wants to know before the
    client is entered here.
    """

    actions: Actions
    origin: str
    """Of the installation's pages; empty where it is not known."""

    async def __call__(self, principal: Principal, action_id: ActionId) -> str:
        hosts = await self.actions.hosts(principal.workspace_id, action_id)
        hosts.ensure_may(principal, Verb.VIEW_SETTINGS)
        if not self.origin:
            raise PublicUrlUnset
        return callback_url(self.origin, action_id)


def callback_url(origin: str, action_id: ActionId) -> str:
    return f"{origin}/aip/{action_id}/oauth/callback"
