"""One connection: aiohttp's client protocol (C parser, streams, flow control) behind our screen."""

import asyncio
from time import monotonic

from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

from egress.errors import EgressError, ResponseMalformed, ResponseTooLarge
from egress.wire.head import Fault, HeadScreen

READ_BUFFER = 32 * 1024
"""Once twice this is buffered, aiohttp pauses the socket; `budget.RESERVED` is as much."""

_TOO_LARGE = (Fault.HEAD_TOO_LARGE, Fault.BODY_TOO_LARGE)


class Connection(ResponseHandler):
    """Carries one exchange at a time. `idle_since` is monotonic seconds, set by the pool."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.idle_since = monotonic()
        self._screen: HeadScreen | None = None
        self.failure: EgressError | None = None
        """Why the exchange was broken off here; what aiohttp makes of that says less."""

    def exchange(self, wire: bytes, screen: HeadScreen, *, answer_has_body: bool) -> None:
        """Write a request; `read()` then yields its answer. Every byte back passes `screen`."""
        self._screen = screen
        self.failure = None
        self.set_response_params(
            skip_payload=not answer_has_body,
            read_until_eof=True,
            auto_decompress=False,
            read_bufsize=READ_BUFFER,
            max_line_size=screen.max_head_bytes,
            max_field_size=screen.max_head_bytes,
            max_headers=screen.max_head_lines,
        )
        transport = self.transport
        if transport is None:
            raise ConnectionResetError
        transport.write(wire)

    async def head(self) -> tuple[RawResponseMessage, StreamReader]:
        """The final answer's head and the stream of its body; interim answers are skipped."""
        while True:
            message, body = await self.read()
            if message.code >= 200 or message.code == 101:  # noqa: PLR2004 - the end of 1xx
                return message, body

    def data_received(self, data: bytes) -> None:
        screen = self._screen
        fault = screen.feed(data) if screen is not None else None
        if fault is None:
            super().data_received(data)
            return
        error: EgressError = (
            ResponseTooLarge(fault.value, sent=True)
            if fault in _TOO_LARGE
            else ResponseMalformed(fault.value, sent=True)
        )
        self.fail(error)

    def fail(self, error: EgressError) -> None:
        """Break the exchange off: whoever waits for the head or reads the body gets `error`."""
        self.failure = error
        payload = self._payload
        self.set_exception(error)
        if payload is not None and not payload.is_eof():
            payload.set_exception(error)
        if self.transport is not None:
            self.transport.abort()

    @property
    def reusable(self) -> bool:
        """Alive, the request all written, the answer all there: bytes nobody asked for end it."""
        transport = self.transport
        return (
            transport is not None
            and not transport.is_closing()
            and not transport.get_write_buffer_size()
            and not self.should_close
        )
