"""Answers while a service starts: alive, not ready, and try again for everything else.

Its broker or its database may be away for minutes. A process that answered nowhere until they are
there would look dead, and be restarted in vain: `…_HEALTH_PORT` is for whoever asks that. The
service's own port listens once it is ready, so that a proxy is refused there and asks another
replica (`kit.serve`).
"""

import asyncio
import signal
from contextlib import AbstractAsyncContextManager

from contracts.errors import Unavailable
from kit import logs
from kit.front import App, Receive, Scope, Send, problem_response

log = logs.logger("kit.starting")
ALIVE = (b"/livez", b"/healthz")


class StillStarting(Unavailable):
    code = "platform.starting"

    def __init__(self) -> None:
        super().__init__("This replica is still starting.", hint="Try again in a moment.")


class ServeWhileStarting:
    """An ASGI application around `app`; it runs `lifespan` as a task of its own.

    Where the start fails for good, the cause is logged and the process gets SIGTERM.
    """

    def __init__(self, app: App, lifespan: AbstractAsyncContextManager[object]) -> None:
        self._app = app
        self._lifespan = lifespan
        self.started = asyncio.Event()
        self._stop = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self.started.is_set() or scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].encode() in ALIVE:
            await _answer(send, 200, [(b"content-type", b"application/json")], b'{"status":"ok"}')
        else:
            await _answer(send, *problem_response(StillStarting()))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        running = asyncio.create_task(self._run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stop.set()
        if not self.started.is_set():
            running.cancel()
        await asyncio.wait([running])
        await send({"type": "lifespan.shutdown.complete"})

    async def _run(self) -> None:
        try:
            async with self._lifespan:
                self.started.set()
                await self._stop.wait()
        except Exception:
            log.exception("service_failed")
            signal.raise_signal(signal.SIGTERM)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
