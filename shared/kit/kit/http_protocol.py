"""What the server does around a request and its answer that no application sees.

What is no HTTP is refused as everything else is: with a problem document (RFC 9457). uvicorn
answers a control character in a header, or a line that it cannot parse, in plain text and without
calling an application.

The process holds what the reader of an answer has not taken. Where that reader takes less than
64 KiB in half a minute, the connection is closed.
"""

import asyncio
from contextvars import copy_context
from time import perf_counter
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kit import access_log, logs, trace
from kit.errors import BadRequest
from kit.front import NO_STORE, NOSNIFF, UNREAD, problem_response

SENTENCE = "The request is not well-formed HTTP: a line or a header of it cannot be read."
HINT = "Header values are printable characters; a path has no spaces."
READ_SECONDS = 30.0
READ_BYTES = 64 * 1024
"""As much an answer's reader takes in `READ_SECONDS` at least, or all that is left."""

log = logs.logger("kit.http")


class ProblemProtocol(HttpToolsProtocol):
    service: ClassVar[str | None] = None
    """In the access lines of what reaches no application."""
    read_seconds: ClassVar[float] = READ_SECONDS
    _reading: asyncio.TimerHandle | None = None
    _left = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        self.transport.write(copy_context().run(_refusal, self.service))
        self.transport.close()

    def pause_writing(self) -> None:
        """More than 64 KiB of an answer wait for its reader."""
        super().pause_writing()
        self._expect_reader()

    def resume_writing(self) -> None:
        """Some 16 KiB are left: on a connection that closes nothing else ends the wait for them."""
        self._stop_expecting()
        if self.transport.is_closing():
            self._expect_reader()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_expecting()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():  # which waits until the rest of the answer is written
            self._expect_reader()

    def timeout_keep_alive_handler(self) -> None:
        """Idle since its route ended, and its answer may still be on its way to a slow reader."""
        super().timeout_keep_alive_handler()  # closes once all is written
        self._expect_reader()

    def _expect_reader(self) -> None:
        self._stop_expecting()
        self._left = self.transport.get_write_buffer_size()
        if self._left:
            self._reading = self.loop.call_later(self.read_seconds, self._look)

    def _stop_expecting(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _look(self) -> None:
        if self._left - self.transport.get_write_buffer_size() < READ_BYTES:
            self._close_unread()
        else:
            self._expect_reader()

    def _close_unread(self) -> None:
        unread = self.transport.get_write_buffer_size()
        log.info("answer_not_read", service=self.service, unread_bytes=unread)
        self.cycle.scope[UNREAD] = unread  # type: ignore[typeddict-unknown-key]
        self.transport.abort()


def protocol_of(name: str) -> type[ProblemProtocol]:
    class OfService(ProblemProtocol):
        service = name

    return OfService


def _refusal(service: str | None) -> bytes:
    """In a context of its own: the trace is this request's alone."""
    began = perf_counter()
    trace.begin(None)
    access_log.workspace.set(None)
    status, headers, body = problem_response(BadRequest(SENTENCE, hint=HINT))
    seconds = perf_counter() - began
    access_log.ACCESS.add(access_log.line(service, None, None, status, seconds))
    headers += [
        NOSNIFF,
        NO_STORE,
        (b"x-request-id", trace.trace_id().encode()),
        (b"connection", b"close"),
    ]
    lines = b"".join(b"%b: %b\r\n" % each for each in headers)
    return STATUS_LINE[status] + lines + b"\r\n" + body
