from dataclasses import dataclass
from functools import partial

from auth_service.domain.connection import Connection
from auth_service.ports import Connections, CredentialStore
from auth_service.usecases.end_of_member import each_of
from contracts.ids import ActionId, WorkspaceId
from kit.contention import repeated_on_contention


@dataclass(frozen=True, slots=True)
class OutdateConnections:
    """How an action signs in has changed: members sign in again where no record takes what they
    have. Harmless when repeated; each call checks that too.
    """

    connections: Connections
    credentials: CredentialStore

    async def __call__(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        page = partial(self.connections.of_action, workspace_id, action_id)
        async for seen in each_of(page):
            if seen.is_linked:
                await repeated_on_contention(partial(self.one, seen))

    async def one(self, seen: Connection) -> None:
        """By the settings as they are now: whoever signed in just before did so by later ones."""
        seen = await self.connections.again(seen)
        credentials = await self.credentials.find(seen.workspace_id, seen.action_id)
        why = credentials.why_outdated(seen.account) if seen.is_linked else None
        if why is not None:
            await self.connections.replace(seen, seen.sign_in_again(why))
