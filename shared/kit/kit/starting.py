"""Answers while a service starts: alive, not ready, and try again for everything else.

Its broker or its database may be away for minutes. A process that answered nowhere until they are
there would look dead, and be restarted in vain: `…_HEALTH_PORT` is for whoever asks that. The
service's own port listens once it is ready, so that a proxy is refused there and asks another
replica (`kit.serve`).
"""

import asyncio
import signal
import sys
from contextlib import AbstractAsyncContextManager

from contracts.errors import Unavailable
from kit import logs
from kit.front import App, Front, Receive, Scope, Send

log = logs.logger("kit.starting")
ALIVE = ("/livez", "/healthz")
READING = ("GET", "HEAD")


class StillStarting(Unavailable):
    code = "platform.starting"

    def __init__(self) -> None:
        super().__init__("This replica is still starting.", hint="Try again in a moment.")


class ServeWhileStarting:
    """An ASGI application around `app`; it runs `lifespan` as a task of its own.

    Where the start fails for good, the cause is logged and the process gets SIGTERM. Its own
    answers have trace id, access line and shape of the application's (`kit.front`).
    """

    def __init__(
        self, app: App, lifespan: AbstractAsyncContextManager[object], *, service: str
    ) -> None:
        self._app = app
        # No body is read here, so none is too long.
        self._own = Front(_answer, service=service, max_body_bytes=sys.maxsize, long_bodies={})
        self._lifespan = lifespan
        self.started = asyncio.Event()
        self._stop = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self.started.is_set() or scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._own(scope, receive, send)

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


async def _answer(scope: Scope, _: Receive, send: Send) -> None:
    if scope["path"] not in ALIVE or scope["method"] not in READING:
        raise StillStarting
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"status":"ok"}'})
