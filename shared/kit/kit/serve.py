"""The HTTP server of a process: it starts and stops without an error for anyone behind a proxy.

It listens once the service is ready: who is refused a connection asks another replica, also with a
POST, of which nothing was sent yet. Only its health port answers before.

A proxy that keeps connections may send a request in the very moment in which one is closed, and it
must not send a POST twice. So a stopping server first takes what is already connected, refuses new
connections, answers on the old ones with `Connection: close`, and closes idle ones only after the
proxy has (its idle time is shorter). Only then does it wait for what is under way.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import Any

import uvicorn

from kit import logs
from kit.watchdog import watched

log = logs.logger("kit.serve")
CLOSE = (b"connection", b"close")
LOOK_EVERY_SECONDS = 0.05


class DrainingServer(uvicorn.Server):
    """`on_stop` is called first when it stops, and makes the service say that it is not ready."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        ready: asyncio.Event,
        on_stop: Callable[[], None],
        linger_seconds: float,
        health_port: int = 0,
        watchdog_seconds: float = 0,
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._on_stop = on_stop
        self._health_port = health_port
        self._health: asyncio.Server | None = None
        self._linger_seconds = linger_seconds
        self._watchdog_seconds = watchdog_seconds

    async def serve(self, sockets: Any = None) -> None:
        with watched(self._watchdog_seconds):
            await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        """A stop by signal is no failure: exit with 0, not with the signal raised again."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets=[])
        if self._health_port:
            self._health = await asyncio.get_running_loop().create_server(
                self._protocol, self.config.host, self._health_port
            )
        self._listening = asyncio.create_task(self._listen_when_ready(sockets or []))
        self._listening.add_done_callback(self._end_where_it_failed)

    def _end_where_it_failed(self, listening: asyncio.Task[None]) -> None:
        if not listening.cancelled() and (error := listening.exception()) is not None:
            log.critical("not_listening", error=repr(error))
            self.should_exit = True

    async def _listen_when_ready(self, sockets: list[Any]) -> None:
        await self._ready.wait()
        loop = asyncio.get_running_loop()
        for listener in sockets:
            server = await loop.create_server(
                self._protocol, sock=listener, backlog=self.config.backlog
            )
            self.servers.append(server)

    async def shutdown(self, sockets: Any = None) -> None:
        self._listening.cancel()
        log.info("draining", connections=len(self.server_state.connections))
        self._on_stop()
        self.server_state.default_headers = [*self.server_state.default_headers, CLOSE]
        for connection in self._connections(idle=False):
            connection.shutdown()  # closes once it has answered
        await self._refuse_new(sockets or [])
        await self._until_idle_connections_are_gone()
        await super().shutdown(sockets)
        if self._health is not None:
            self._health.close()

    async def _refuse_new(self, sockets: list[Any]) -> None:
        """Closing a listener resets what waits to be accepted, so that is accepted first."""
        listening = sockets if self.servers else []
        accepted = [connection for listener in listening for connection in _pending(listener)]
        for server in self.servers:
            server.close()
        for connection in accepted:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    async def _until_idle_connections_are_gone(self) -> None:
        until = monotonic() + self._linger_seconds
        while self._connections(idle=True) and not self.force_exit and monotonic() < until:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _connections(self, *, idle: bool) -> list[Any]:
        return [
            connection
            for connection in self.server_state.connections
            if idle is _is_idle(connection)
        ]


def _is_idle(connection: Any) -> bool:
    return connection.cycle is None or connection.cycle.response_complete


def _pending(listener: Any) -> list[Any]:
    """Connections that the kernel has made and nobody has accepted."""
    accepted: list[Any] = []
    while True:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return accepted
        connection.settimeout(0)
        accepted.append(connection)
