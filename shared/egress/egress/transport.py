"""Send one request and bring back one answer, within every limit. The platform's only way out."""

import asyncio
import time
from typing import Final, Self

from aiohttp import ClientError

from egress.budget import Budget, Portion
from egress.domain_name import registrable_domain
from egress.errors import EgressError, Overloaded, TimedOut, Withdrawn
from egress.exchange import BROKEN, Exchange, network_error
from egress.message import OutboundRequest, OutboundResponse, request_bytes
from egress.resolver import CaresResolver, Resolver
from egress.settings import KIB, MIB, EgressSettings
from egress.streamed import HeldConnection, StreamedAnswer
from egress.wire.answer import BodyPieces, Bounds, read_head
from egress.wire.connection import Connection
from egress.wire.dialler import Connect, Dialler, connect_fastest
from egress.wire.head import HeadScreen
from egress.wire.pool import Pool

REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Safe methods (RFC 9110 9.2.1). A call that changes something is never repeated here, idempotent
or not: a second DELETE that answers 404 would hide that the first one worked."""


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
        self.budget = budget
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

    def stream(self, request: OutboundRequest) -> "Streaming":
        """`async with egress.stream(request) as answer`: the API's final answer, be it a redirect
        or an error, as soon as its head is there; its body is read as it is asked for.

        Raises an `EgressError` where there is none, and while the body is read where that breaks
        off; its `sent` says whether the peer may have seen any of the request.
        """
        return Streaming(self, request)

    async def send(self, request: OutboundRequest) -> OutboundResponse:
        """The same with the whole body."""
        async with Streaming(self, request) as answer:
            return await answer.response()

    async def open(self, request: OutboundRequest, portion: Portion) -> StreamedAnswer:
        """The answer's head; whoever gets it closes it and ends the portion."""
        wire = request_bytes(request)
        portion.reserve(len(wire))
        now = asyncio.get_running_loop().time()
        deadline = now + (request.timeout_seconds or self.settings.total_seconds)
        timer = asyncio.timeout_at(min(deadline, now + self.settings.first_byte_seconds))
        bounds = Bounds(request.max_bytes or self.settings.max_bytes, request.cut, portion)
        # not the loop's clock: uvloop's stands still within a turn of the loop
        exchange = Exchange(request, wire, bounds, time.monotonic(), deadline, timer)
        try:
            async with timer:
                return await self._carry(exchange)
        except TimeoutError:
            raise TimedOut(exchange.waiting_for, sent=exchange.sent) from None
        except EgressError as error:
            error.sent = error.sent or exchange.sent
            raise
        except BROKEN as error:
            raise network_error(error, sent=exchange.sent) from None

    async def _carry(self, exchange: Exchange) -> StreamedAnswer:
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

    async def _dial(self, exchange: Exchange) -> Connection:
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
        self, exchange: Exchange, connection: Connection, key: tuple[str, str]
    ) -> StreamedAnswer:
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
            head = read_head(message, exchange.bounds, is_whole=body.is_eof())
            pieces = BodyPieces(body, head.codings, exchange.bounds)
        except BaseException:
            self._pool.give_up(connection)
            raise
        held = HeldConnection(self._pool, key, connection)
        return StreamedAnswer(head, pieces, held, exchange)


class Streaming:
    """One exchange as a context manager: on leaving it, the connection and the bytes are given
    back.
    """

    __slots__ = ("_answer", "_egress", "_portion", "_request")

    def __init__(self, egress: Egress, request: OutboundRequest) -> None:
        self._egress, self._request = egress, request
        self._portion = Portion(egress.budget, request.share_key)
        self._answer: StreamedAnswer | None = None

    async def __aenter__(self) -> StreamedAnswer:
        try:
            self._answer = await self._egress.open(self._request, self._portion)
        except BaseException:
            self._portion.end()
            raise
        return self._answer

    async def __aexit__(self, *_: object) -> None:
        if self._answer is not None:
            self._answer.close()
        self._portion.end()
