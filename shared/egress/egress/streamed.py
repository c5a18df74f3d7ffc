"""An answer whose head is there and whose body is read as it is asked for."""

import asyncio
import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

from egress.errors import EgressError, TimedOut
from egress.exchange import BROKEN, Exchange, network_error
from egress.message import OutboundResponse
from egress.wire.answer import NO_ROOM, BodyPieces, Head
from egress.wire.connection import Connection
from egress.wire.pool import Pool


@dataclass(slots=True)
class HeldConnection:
    """A connection of the pool while it carries an exchange."""

    pool: Pool
    key: Hashable
    connection: Connection

    def release(self, *, is_fit: bool) -> None:
        if is_fit:
            self.pool.give_back(self.key, self.connection)
        else:
            self.pool.give_up(self.connection)


class StreamedAnswer:
    """`async for piece in answer` yields the decoded body; `read` is all of it.

    Header names are lower-case, values ISO-8859-1 (RFC 9110 5.5); those of coding and framing are
    left out. Each piece is counted in the budget until the exchange ends, unless `holds` says that
    fewer bytes are. Who leaves before the end, leaves the rest unread, and the connection ends.
    """

    __slots__ = (
        "_began", "_held", "_is_broken", "_pieces", "_portion", "_timer", "headers", "status",
    )  # fmt: skip

    def __init__(
        self,
        head: Head,
        pieces: BodyPieces,
        held: HeldConnection,
        exchange: Exchange,
    ) -> None:
        self.status, self.headers = head.status, head.headers
        self._pieces, self._held = pieces, held
        self._portion, self._began = exchange.bounds.portion, exchange.began
        self._is_broken = False
        self._timer: asyncio.TimerHandle | None = None
        if not pieces.are_all_there:
            self._timer = asyncio.get_running_loop().call_at(exchange.deadline, self._expire)

    @property
    def is_complete(self) -> bool | None:
        """Whether the body ended where it was last read; None before that. False where it goes on
        beyond what was asked for, or beyond what there was room for.
        """
        return self._pieces.is_complete

    @property
    def shortage(self) -> EgressError | None:
        """The budget's refusal, where the body was cut because there was no room for more."""
        return self._pieces.shortage

    def header(self, name: str) -> str | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            piece = await self._pieces.next()
        except (EgressError, *BROKEN) as error:
            raise self._why(error) from None
        if not piece:
            raise StopAsyncIteration
        return piece

    def at_once(self) -> bytes | None:
        """The whole body where all of it is there already and it has no coding; else None, and it
        is read piece by piece.
        """
        try:
            return self._pieces.at_once()
        except (EgressError, *BROKEN) as error:
            raise self._why(error) from None

    async def read(self) -> bytes:
        body = self.at_once()
        return b"".join([piece async for piece in self]) if body is None else body

    async def response(self) -> OutboundResponse:
        """With the whole body."""
        body = await self.read()
        elapsed = time.monotonic() - self._began
        return OutboundResponse(
            self.status, self.headers, body, elapsed, self.is_complete is not False
        )

    def holds(self, count: int) -> None:
        """So many bytes are held of what was read so far. Where there is no room for them the body
        ends here, or with a request that does not cut, the refusal is raised.
        """
        try:
            self._portion.holds(count)
        except NO_ROOM as refusal:
            self._pieces.end_short(refusal)

    def close(self) -> None:
        """The connection may carry another exchange where nothing of this one is to come."""
        if self._timer is not None:
            self._timer.cancel()
        self._held.release(is_fit=not self._is_broken)

    def _expire(self) -> None:
        """At the deadline, whoever reads or not."""
        error = TimedOut("The API did not finish its answer in time.", sent=True)
        self._held.connection.fail(error)

    def _why(self, error: Exception) -> EgressError:
        self._is_broken = True
        failure = self._held.connection.failure
        if failure is not None:
            return failure
        if isinstance(error, EgressError):
            error.sent = True
            return error
        return network_error(error, sent=True)
