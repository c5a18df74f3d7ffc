"""The schema service with a watch on its event loop, for `schema_requests.py`: `… PORT`.

Everything is imported only where it is served: worker processes import this module too.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from time import perf_counter
from typing import Any

LATENESS = "/bench/lateness"
"""Answers by how many milliseconds the event loop was late at worst since it was last asked."""
TICK_SECONDS = 0.001

SCHEDULED = Path("/proc/thread-self/schedstat")

Scope = MutableMapping[str, Any]
Channel = Callable[..., Awaitable[Any]]


def seconds_without_core() -> float:
    """How long this thread could have run, and others had all cores (proc(5), schedstat)."""
    return int(SCHEDULED.read_text().split()[1]) / 1e9


class Watched:
    """An application with a task beside it that notes how late it is woken."""

    def __init__(self, app: Callable[[Scope, Channel, Channel], Awaitable[None]]) -> None:
        self._app = app
        self._worst = 0.0
        self._ticking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Channel, send: Channel) -> None:
        if scope["type"] != "http" or scope["path"] != LATENESS:
            await self._app(scope, receive, send)
            return
        self._ticking = self._ticking or asyncio.create_task(self._tick())
        body, self._worst = str(self._worst * 1000).encode(), 0.0
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _tick(self) -> None:
        while True:
            slept, unserved = perf_counter(), seconds_without_core()
            await asyncio.sleep(TICK_SECONDS)
            late = perf_counter() - slept - TICK_SECONDS
            self._worst = max(self._worst, late - (seconds_without_core() - unserved))


def serve(port: int) -> None:
    """Settings come from the environment."""
    import uvicorn  # noqa: PLC0415 - see above

    from egress import EgressSettings  # noqa: PLC0415 - see above
    from schema_service.main import build  # noqa: PLC0415 - see above
    from schema_service.settings import SchemaSettings  # noqa: PLC0415 - see above

    app = Watched(build(SchemaSettings(), EgressSettings()))
    uvicorn.run(app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_config=None)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
