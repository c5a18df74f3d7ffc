"""Send one request and bring back one answer, within every limit. The platform's only way out."""

import asyncio
from dataclasses import dataclass, field
from typing import Final, Self

from aiohttp import ClientError
from aiohttp.http_exceptions import HttpProcessingError

from egress.budget import Budget, Portion
from egress.domain_name import registrable_domain
from egress.errors import (
    ConnectionLost,
    EgressError,
    Overloaded,
    ResponseMalformed,
    TimedOut,
    Withdrawn,
)
from egress.message import OutboundRequest, OutboundResponse, request_bytes
from egress.resolver import CaresResolver, Resolver
from egress.settings import KIB, MIB, EgressSettings
from egress.wire.answer import Bounds, read_answer
from egress.wire.connection import Connection
from egress.wire.dialler import Connect, Dialler, connect_fastest
from egress.wire.head import HeadScreen
from egress.wire.pool import Pool

REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Safe methods (RFC 9110 9.2.1). A call that changes something is never repeated here, idempotent
or not: a second DELETE that answers 404 would hide that the first one worked."""

_BROKEN = (OSError, ClientError, HttpProcessingError)


@dataclass(slots=True)
class _Exchange:
    """One request under way, and what has to be known about it when it breaks off."""

    request: OutboundRequest
    wire: bytes
    bounds: Bounds
    deadline: float
    timer: asyncio.Timeout
    screen: HeadScreen = field(init=False)
    sent: bool = False
    waiting_for: str = "The API could not be reached in time."

    def ensure_wanted(self) -> None:
        """Raises `Withdrawn` where the request's own check says no."""
        still_wanted = self.request.still_wanted
        if still_wanted is not None and not still_wanted():
            raise Withdrawn("The request was withdrawn before it was sent.")

    @property
    def silent(self) -> bool:
        """Nothing came back: a connection that had been idle may have been dead already."""
        return not self.screen.started


class Egress:
    """One per process: it holds the connections. Use `async with`, or start and close it.

    `budget` bounds the bytes of all exchanges together; without, each is bounded by itself only.
    """

    def __init__(
        self,
        settings: EgressSettings,
        resolver: Resolver | None = None,
        connect: Connect = connect_fastest,
        *,
        budget: Budget | None = None,
    ) -> None:
        self.settings = settings
        self._budget = budget
        self._connect = connect
        self._given_resolver = resolver
        self._resolver: Resolver | None = None
        self._dialler: Dialler | None = None
        self._pool = Pool(
            max_open=settings.max_connections,
            max_idle=settings.max_idle_connections,
            idle_seconds=settings.idle_seconds,
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Read the certificate authorities and the public suffix list before the first request."""
        registrable_domain("example.com")
        self._resolver = self._given_resolver or CaresResolver(self.settings)
        self._dialler = Dialler(self.settings, self._resolver, self._connect)

    async def close(self) -> None:
        """Drop the idle connections. Exchanges under way end by themselves, within their time."""
        self._dialler = None
        self._pool.close()
        await asyncio.sleep(0)  # lets the aborted connections go before the loop may end
        if self._resolver is not None:
            await self._resolver.close()
            self._resolver = None

    async def send(self, request: OutboundRequest) -> OutboundResponse:
        """The API's final answer, be it a redirect or an error.

        Raises an `EgressError` when there is none; its `sent` says whether the peer may have seen
        any of the request.
        """
        wire = request_bytes(request)
        portion = Portion(self._budget, request.share_key)
        try:
            portion.reserve(len(wire))
            return await self._exchange(request, wire, portion)
        finally:
            portion.end()

    async def _exchange(
        self, request: OutboundRequest, wire: bytes, portion: Portion
    ) -> OutboundResponse:
        now = asyncio.get_running_loop().time()
        deadline = now + (request.timeout_seconds or self.settings.total_seconds)
        first_byte_by = min(deadline, now + self.settings.first_byte_seconds)
        timer = asyncio.timeout_at(first_byte_by)
        bounds = Bounds(request.max_bytes or self.settings.max_bytes, request.cut, portion)
        exchange = _Exchange(request, wire, bounds, deadline, timer)
        try:
            async with timer:
                response = await self._carry(exchange)
        except TimeoutError:
            raise TimedOut(exchange.waiting_for, sent=exchange.sent) from None
        except EgressError as error:
            error.sent = error.sent or exchange.sent
            raise
        except _BROKEN as error:
            raise _network_error(error, exchange) from None
        response.elapsed_seconds = asyncio.get_running_loop().time() - now
        return response

    async def _carry(self, exchange: _Exchange) -> OutboundResponse:
        """Repeat a safe request, once, if an idle connection proves dead (RFC 9112 9.3.1).

        Nothing is awaited between the last check of `still_wanted` and the first byte.
        """
        repeatable = exchange.request.repeatable and exchange.request.method in REPEATABLE
        settings = self.settings
        max_idle = settings.idle_seconds if repeatable else settings.idle_seconds_unrepeatable
        key = (exchange.request.pool_key, exchange.request.target.origin)
        exchange.ensure_wanted()  # before one is taken: what is put back would count as fresh
        idle = self._pool.take(key, max_idle)
        if idle is not None:
            try:
                return await self._converse(exchange, idle, key)
            except (OSError, ClientError):
                if not (repeatable and exchange.silent):
                    raise
                exchange.ensure_wanted()
        fresh = await self._dial(exchange)
        try:
            exchange.ensure_wanted()
        except Withdrawn:
            self._pool.give_back(key, fresh)
            raise
        return await self._converse(exchange, fresh, key)

    async def _dial(self, exchange: _Exchange) -> Connection:
        if self._dialler is None:
            raise Overloaded("The way out is closed: the service is stopping.")
        if not self._pool.make_room():
            raise Overloaded("The platform has no connection to spare.")
        try:
            connection = await self._dialler.dial(exchange.request.target)
        except BaseException:
            self._pool.give_up(None)
            raise
        now = asyncio.get_running_loop().time()
        exchange.timer.reschedule(min(exchange.deadline, now + self.settings.first_byte_seconds))
        return connection

    async def _converse(
        self, exchange: _Exchange, connection: Connection, key: tuple[str, str]
    ) -> OutboundResponse:
        max_bytes = exchange.bounds.max_bytes
        unread = MIB if exchange.bounds.cut else 64 * KIB
        exchange.screen = HeadScreen(
            self.settings.max_head_bytes,
            self.settings.max_head_lines,
            max_bytes + max_bytes // 16 + unread,  # the cap, and room for chunk framing
        )
        exchange.waiting_for = "The API did not answer in time."
        exchange.sent = True
        try:
            answer_has_body = exchange.request.method != "HEAD"
            connection.exchange(exchange.wire, exchange.screen, answer_has_body=answer_has_body)
            message, body = await connection.head()
            if not body.is_eof():
                exchange.waiting_for = "The API did not finish its answer in time."
                exchange.timer.reschedule(exchange.deadline)
            response = await read_answer(message, body, exchange.bounds)
        except BaseException:
            self._pool.give_up(connection)
            raise
        self._pool.give_back(key, connection)
        return response


def _network_error(error: Exception, exchange: _Exchange) -> EgressError:
    if isinstance(error, HttpProcessingError):
        return ResponseMalformed("The API's answer is not well-formed HTTP/1.1.", sent=True)
    return ConnectionLost(
        "The API closed the connection before its answer was complete.", sent=exchange.sent
    )
