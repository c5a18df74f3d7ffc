from dataclasses import dataclass
from functools import partial

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.connection import Connection
from auth_service.ports import Connections
from auth_service.usecases.end_connection import revoked_fact
from auth_service.usecases.end_of_member import each_of
from auth_service.usecases.prepare_revocation import PrepareRevocation
from kit.contention import repeated_on_contention


@dataclass(frozen=True, slots=True)
class EndOfAction:
    """Nothing is left of what members signed in to an action with. Harmless when repeated."""

    connections: Connections
    prepare: PrepareRevocation

    async def __call__(self, credentials: ActionCredentials) -> None:
        """`credentials` are what can still revoke, read before they were destroyed."""
        page = partial(self.connections.of_action, credentials.workspace_id, credentials.action_id)
        async for seen in each_of(page):
            await repeated_on_contention(partial(self._delete, credentials, seen))

    async def _delete(self, credentials: ActionCredentials, seen: Connection) -> None:
        seen = await self.connections.again(seen)
        if seen.version:
            revocation = await self.prepare(credentials, seen)
            await self.connections.delete(seen, revoked_fact(seen), revocation)
