from dataclasses import dataclass
from functools import partial

from auth_service.domain.connection import Connection, ConnectionState, WhyEnded
from auth_service.ports import Connections, CredentialStore
from auth_service.usecases.prepare_revocation import PrepareRevocation
from contracts.facts import ConnectionRevoked
from contracts.principal import Principal, Scope
from kit.contention import repeated_on_contention
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class EndConnection:
    """Destroy a member's tokens at once; `RevokePending` revokes them at the provider."""

    connections: Connections
    credentials: CredentialStore
    prepare: PrepareRevocation

    async def __call__(self, principal: Principal, connection_id: str) -> None:
        """One's own, or with `connections:manage` anybody's of the workspace. Repeating it succeeds
        once that is in force. Raises `NothingHere`.
        """
        seen = await self.connections.read(principal.workspace_id, connection_id)
        mine = seen is not None and seen.member_id == principal.member_id
        if seen is None or not (mine or Scope.CONNECTIONS_MANAGE in principal.scopes):
            raise NothingHere
        await self.end(seen, WhyEnded.BY_MEMBER if mine else WhyEnded.BY_ADMIN)
        await self.connections.ensure_in_force(seen)

    async def end(self, seen: Connection, why: WhyEnded) -> None:
        """Nothing is done about one that is revoked already."""
        await repeated_on_contention(partial(self._end, seen, why))

    async def _end(self, seen: Connection, why: WhyEnded) -> None:
        seen = await self.connections.again(seen)
        if seen.state is ConnectionState.REVOKED:
            return
        credentials = await self.credentials.find(seen.workspace_id, seen.action_id)
        revocation = await self.prepare(credentials, seen)
        await self.connections.end(seen, seen.revoked(why), revoked_fact(seen), revocation)


def revoked_fact(seen: Connection) -> ConnectionRevoked:
    return ConnectionRevoked(
        workspace_id=seen.workspace_id,
        action_id=seen.action_id,
        member_id=seen.member_id,
        generation=seen.generation,
    )
