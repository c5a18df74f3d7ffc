"""Neighbour services, reduced to the answers that a test needs, on the real bus."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from nats.aio.msg import Msg

from contracts.errors import PlatformError
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE
from contracts.request import REQUESTS, Reply, Request
from contracts.requests import Authenticate, AuthenticatedCaller, Role
from kit.bus import Bus
from kit.caller import digest_of
from kit.consume import refusal_of, reply_of
from kit.errors import Unauthenticated

Answerer = Callable[[Any], Awaitable[Reply]]


@dataclass
class Neighbours:
    """`bus` may also be used to ask the service under test, and to publish facts to it."""

    bus: Bus
    asked: list[Request[Any]] = field(default_factory=list)

    async def answer(self, request: type[Request[Any]], answerer: Answerer) -> None:
        async def reply(msg: Msg) -> None:
            question = REQUESTS[msg.subject].model_validate_json(msg.data)
            self.asked.append(question)
            try:
                await msg.respond(reply_of(await answerer(question)))
            except PlatformError as error:
                await msg.respond(refusal_of(error))

        await self.bus.client.subscribe(request.subject, cb=reply)
        for _ in range(2):  # nats-py's PING overtakes what is still to be written
            await self.bus.client.flush()


def token_of(name: str) -> str:
    """A token that looks like identity's, from a name of at most 43 URL-safe characters."""
    return f"oat_{name:_<43}"


def session_of_name(name: str) -> str:
    """A secret that looks like a session's, from such a name."""
    return f"oas_{name:_<43}"


def bearer(name: str) -> dict[str, str]:
    """The headers of whoever holds that token."""
    return {"authorization": f"Bearer {token_of(name)}"}


def known_callers(*named: tuple[str, str, Role]) -> Answerer:
    """Answers `identity.authenticate` for the tokens of (name, workspace id, role), no others."""
    callers = {
        digest_of(token_of(name)): AuthenticatedCaller(
            workspace_id=WorkspaceId(workspace_id),
            member_id=MemberId(f"mem_{name}"),
            token_id=TokenId(f"tok_{name}"),
            role=role,
            scopes=SCOPES_OF_ROLE[role],
        )
        for name, workspace_id, role in named
    }

    async def authenticate(asked: Authenticate) -> AuthenticatedCaller:
        if asked.token_digest not in callers:
            raise Unauthenticated
        return callers[asked.token_digest]

    return authenticate


@asynccontextmanager
async def neighbours(nats_url: str) -> AsyncIterator[Neighbours]:
    bus = Bus("neighbours", nats_url, stream_replicas=1)
    await bus.connect()
    try:
        yield Neighbours(bus)
    finally:
        await bus.stop()
