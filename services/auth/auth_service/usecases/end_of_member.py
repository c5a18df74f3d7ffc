from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from auth_service.domain.connection import Connection, WhyEnded
from auth_service.ports import Connections
from auth_service.usecases.end_connection import EndConnection
from contracts.ids import MemberId, WorkspaceId

AT_ONCE = 100
"""Connections that are read together."""
Page = Callable[[int, str | None], Awaitable[list[Connection]]]


@dataclass(frozen=True, slots=True)
class EndOfMember:
    """Whoever was removed or switched off has no accounts here any more. Harmless when repeated."""

    connections: Connections
    end: EndConnection

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        page = partial(self.connections.of_member, workspace_id, member_id)
        async for seen in each_of(page):
            await self.end.end(seen, WhyEnded.MEMBER_LEFT)


async def each_of(page: Page) -> AsyncIterator[Connection]:
    after: str | None = None
    while found := await page(AT_ONCE, after):
        for each in found[:AT_ONCE]:
            yield each
        if len(found) <= AT_ONCE:
            return
        after = found[AT_ONCE - 1].id
