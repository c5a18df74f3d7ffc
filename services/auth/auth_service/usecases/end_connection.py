from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.connection import Connection, ConnectionState, WhyEnded
from auth_service.ports import Connections, CredentialStore
from auth_service.usecases.prepare_revocation import PrepareRevocation
from contracts.facts import ConnectionRevoked
from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.principal import Principal, Scope
from kit.contention import repeated_on_contention
from kit.errors import NothingHere

AT_ONCE = 100
"""Connections that are read together."""
Page = Callable[[int, str | None], Awaitable[list[Connection]]]


@dataclass(frozen=True, slots=True)
class EndConnection:
    """Destroy a member's tokens at once; the provider is told in the background."""

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


@dataclass(frozen=True, slots=True)
class EndOfMember:
    """Whoever was removed or switched off has no accounts here any more. Harmless when repeated."""

    connections: Connections
    end: EndConnection

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        page = partial(self.connections.of_member, workspace_id, member_id)
        async for seen in each_of(page):
            await self.end.end(seen, WhyEnded.MEMBER_LEFT)


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
                await repeated_on_contention(partial(self._outdate, seen))

    async def _outdate(self, seen: Connection) -> None:
        """By the settings as they are now: whoever signed in just before did so by later ones."""
        seen = await self.connections.again(seen)
        credentials = await self.credentials.find(seen.workspace_id, seen.action_id)
        why = credentials.why_outdated(seen.account) if seen.is_linked else None
        if why is not None:
            await self.connections.replace(seen, seen.sign_in_again(why))


async def each_of(page: Page) -> AsyncIterator[Connection]:
    after: str | None = None
    while found := await page(AT_ONCE, after):
        for each in found[:AT_ONCE]:
            yield each
        if len(found) <= AT_ONCE:
            return
        after = found[AT_ONCE - 1].id


def revoked_fact(seen: Connection) -> ConnectionRevoked:
    return ConnectionRevoked(
        workspace_id=seen.workspace_id,
        action_id=seen.action_id,
        member_id=seen.member_id,
        generation=seen.generation,
    )
