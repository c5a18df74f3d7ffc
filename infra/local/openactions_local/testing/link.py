"""A TCP proxy before one server, whose faults are switched while connections run.

All links run in one thread of their own: a test whose event loop is busy delays no byte. Switches
may be thrown from any thread.
"""

import asyncio
import socket  # noqa: TID251 - listens on loopback, and resets connections as a network would
import struct
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import Any, TypeVar

from openactions_local.servers import LOOPBACK

T = TypeVar("T")
READ_BYTES = 65_536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass
class Direction:
    """What happens to the bytes that go one way. Their order is always kept."""

    _from: float = 0.0
    _to: float = 0.0
    _growing_seconds: float = 0.0
    _since: float = 0.0
    flowing: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        self.flowing.set()

    def delay(self, seconds: float, *, growing_to: float | None = None, within: float = 0) -> None:
        """Deliver bytes `seconds` late; or ever later, up to `growing_to` seconds after `within`.

        A byte keeps the delay of the moment at which it came.
        """
        self._since, self._growing_seconds = monotonic(), within
        self._from, self._to = seconds, seconds if growing_to is None else growing_to

    def stop(self) -> None:
        """Hold every byte; the connections stay open, and new ones are accepted."""
        _in_the_links_thread(_call(self.flowing.clear))

    def restore(self) -> None:
        """Deliver what was held, in order, and everything that follows at once."""
        self.delay(0)
        _in_the_links_thread(_call(self.flowing.set))

    @property
    def delay_now(self) -> float:
        """Seconds by which a byte that comes now is late."""
        if self._growing_seconds <= 0:
            return self._to
        grown = min(1.0, (monotonic() - self._since) / self._growing_seconds)
        return self._from + (self._to - self._from) * grown


@dataclass
class Link:
    """`127.0.0.1:port` is a way to `127.0.0.1:upstream_port`."""

    upstream_port: int
    to_server: Direction = field(default_factory=Direction)
    to_client: Direction = field(default_factory=Direction)
    port: int = field(default=0, init=False)
    _is_cut: bool = field(default=False, init=False)
    _lost: bytes = field(default=b"", init=False)
    _server: asyncio.Server | None = field(default=None, init=False)
    _connections: set[asyncio.StreamWriter] = field(default_factory=set, init=False)
    _serving: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    def start(self) -> None:
        """Listen on a free port, which stays the same until `close`."""
        _in_the_links_thread(self._listen())

    def close(self) -> None:
        _in_the_links_thread(self._close())

    def cut(self) -> None:
        """Reset every connection, and each new one at once."""
        self._is_cut = True
        _in_the_links_thread(self._reset())

    def stop(self) -> None:
        """Hold the bytes of both directions."""
        self.to_server.stop()
        self.to_client.stop()

    def restore(self) -> None:
        """No fault any more, in no direction."""
        self._is_cut = False
        self.to_server.restore()
        self.to_client.restore()

    def lose_answer_to(self, word: bytes) -> None:
        """Once: the server gets the message that has the word in it, and whoever sent it gets a
        reset connection for an answer.
        """
        self._lost = word

    @property
    def lost_answer(self) -> bool:
        """Whether there is none (any more) to be lost."""
        return not self._lost

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._reset()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _reset(self) -> None:
        for writer in list(self._connections):
            _reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio starts one for each connection
        self._serving.add(task)
        try:
            await self._connect(reader, writer)
        except (OSError, asyncio.CancelledError):
            _reset(writer)
        finally:
            writer.close()
            self._serving.discard(task)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            _reset(writer)
            return
        server_reader, server_writer = await asyncio.open_connection(LOOPBACK, self.upstream_port)
        both = {writer, server_writer}
        self._connections |= both
        try:
            async with asyncio.TaskGroup() as ways:
                answers = _Answers(self, writer)
                ways.create_task(_carry(reader, server_writer, self.to_server, answers.asked))
                ways.create_task(_carry(server_reader, writer, self.to_client, answers.answered))
        except* OSError:
            _reset(writer)
            _reset(server_writer)
        finally:
            self._connections -= both
            server_writer.close()


@dataclass
class _Answers:
    """Of one connection, whose client asks one thing after the other."""

    link: Link
    client: asyncio.StreamWriter
    _loses: bool = False

    def asked(self, data: bytes) -> None:
        if self.link._lost and self.link._lost in data:  # noqa: SLF001 - of one module
            self.link._lost, self._loses = b"", True  # noqa: SLF001

    def answered(self, _: bytes) -> None:
        if self._loses:
            _reset(self.client)
            raise ConnectionResetError


async def _carry(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    way: Direction,
    seen: Callable[[bytes], None],
) -> None:
    """Until the sender ends its half; the receiver's half ends after the last byte."""
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    delivering = asyncio.create_task(_deliver(waiting, writer, way))
    due = 0.0
    try:
        while data := await reader.read(READ_BYTES):
            seen(data)
            due = max(due, monotonic() + way.delay_now)
            waiting.put_nowait((due, data))
        waiting.put_nowait((due, b""))
        await delivering
    finally:
        delivering.cancel()


async def _deliver(
    waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, way: Direction
) -> None:
    while True:
        due, data = await waiting.get()
        await asyncio.sleep(due - monotonic())
        await way.flowing.wait()
        if not data:
            return writer.write_eof()
        writer.write(data)
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """As a broken network would end it: with RST, not with what is still to be written."""
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    writer.transport.abort()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="links", daemon=True).start()
    return loop


def _in_the_links_thread(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, _loop()).result()


async def _call(switch: Callable[[], None]) -> None:
    switch()
