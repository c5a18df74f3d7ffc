"""One port for all services: the first path segment decides, as at the edge. Not a proxy."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import TYPE_CHECKING, Any

import orjson

from kit import problems
from kit.errors import NOTHING_HERE, MethodNotAllowed
from kit.front import Front
from openactions_local.child import SAY_SECONDS, Say
from openactions_local.errors import StartFailed
from openactions_local.owners import CONSOLE, OWNED_BEGINNINGS, OWNED_SEGMENTS
from openactions_local.pages import read_pages

if TYPE_CHECKING:
    from fastapi import FastAPI

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


CHECKS = {"/livez": "liveness", "/healthz": "liveness", "/readyz": "readiness"}
READING = ("GET", "HEAD")


class ServiceFailed(StartFailed):
    """A service ended while it started; the sentence says which and why."""

    def __init__(self, service: str, error: BaseException | None) -> None:
        why = getattr(error, "sentence", None) or f"{type(error).__name__}: {error}"
        super().__init__(f"The {service} service did not start. {why}")


class Dispatcher:
    """`/v1/<segment>…` goes to the segment's owner, `/scim/…` to identity, `/aip/…` to auth, `/`
    and pages such as `/gpts/…` to the console, `/-/<service>/…` to that service's own pages
    (`openapi.json`, `readyz`), and `/readyz` asks all of them. `/docs` and `/openapi.json` are the
    edge's files.
    """

    def __init__(self, services: "dict[str, FastAPI]", say_seconds: float = SAY_SECONDS) -> None:
        self._services = services
        self._say_seconds = say_seconds
        self._owners = {
            segment: services[service]
            for service, segments in OWNED_SEGMENTS.items()
            for segment in segments
        }
        self._pages = read_pages()
        # No body is read here, so none is too long.
        self._own = Front(self._answer, service="up", max_body_bytes=sys.maxsize, long_bodies={})
        self._stopping = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []
        self._started: list[asyncio.Event] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, _, path = scope["path"].partition("/")
        first, _, rest = path.partition("/")
        if first == "v1":
            app = self._owners.get(rest.partition("/")[0])
            await (app or self._own)(scope, receive, send)
        elif first in OWNED_BEGINNINGS:
            await self._services[OWNED_BEGINNINGS[first]](scope, receive, send)
        elif first == "-" and rest.partition("/")[0] in self._services:
            service, _, inner = rest.partition("/")
            inside = {**scope, "root_path": f"/-/{service}", "path": f"/-/{service}/{inner}"}
            await self._services[service](inside, receive, send)
        elif scope["path"] == "/":
            await self._services[CONSOLE](scope, receive, send)
        else:
            await self._own(scope, receive, send)

    async def _answer(self, scope: Scope, _: Receive, send: Send) -> None:
        path = scope["path"]
        check = CHECKS.get(path)
        page = self._pages.get(path)
        if check is None and page is None:
            raise problems.PathNotFound(NOTHING_HERE, hint=problems.PATHS_HINT)
        if scope["method"] not in READING:
            raise MethodNotAllowed(READING)
        scope["route"] = path
        if check is not None:
            await _send_json(send, *_summary(await self._checked(check)))
        elif page is not None:
            await send({"type": "http.response.start", "status": 200, "headers": page.headers})
            await send({"type": "http.response.body", "body": page.body})

    async def readiness(self) -> dict[str, dict[str, str]]:
        """Each service's dependencies and their states."""
        return await self._checked("readiness")

    async def _checked(self, check: str) -> dict[str, dict[str, str]]:
        names = list(self._services)
        checks = [getattr(self._services[name].state, check).check() for name in names]
        return dict(zip(names, await asyncio.gather(*checks), strict=True))

    async def start(self, say: Say | None = None) -> None:
        """All side by side, each in a task of its own; raises `ServiceFailed` for the first that
        fails. `say` gets a line at times that names those that are not ready.
        """
        started = self._started = [asyncio.Event() for _ in self._services]
        self._running = [
            asyncio.create_task(self._run(app, event), name=service)
            for (service, app), event in zip(self._services.items(), started, strict=True)
        ]
        waiting = asyncio.create_task(_all_set(started))
        began = monotonic()
        try:
            while not (done := await self._first_done(waiting)):
                if say is not None:
                    say(f"Not ready after {monotonic() - began:.0f} s: {self._not_started()}")
            if waiting in done:
                return
        finally:
            waiting.cancel()
        failed = next(task for task in self._running if task.done())
        await self.stop()
        raise ServiceFailed(failed.get_name(), failed.exception()) from failed.exception()

    async def _first_done(self, waiting: asyncio.Task[None]) -> set[asyncio.Task[None]]:
        done, _ = await asyncio.wait(
            [waiting, *self._running],
            timeout=self._say_seconds,
            return_when=asyncio.FIRST_COMPLETED,
        )
        return done

    def _not_started(self) -> str:
        pairs = zip(self._running, self._started, strict=True)
        return ", ".join(task.get_name() for task, started in pairs if not started.is_set())

    async def stop(self) -> None:
        """Those that are still starting are cancelled: they may wait for servers that are away."""
        self._stopping.set()
        for task, started in zip(self._running, self._started, strict=True):
            if not started.is_set():
                task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, app: "FastAPI", started: asyncio.Event) -> None:
        async with app.router.lifespan_context(app):
            started.set()
            await self._stopping.wait()


async def _all_set(events: list[asyncio.Event]) -> None:
    for event in events:
        await event.wait()


def _summary(services: dict[str, dict[str, str]]) -> tuple[int, dict[str, Any]]:
    good = all(state == "ok" for checks in services.values() for state in checks.values())
    status = "ok" if good else "unavailable"
    return 200 if good else 503, {"status": status, "services": services}


async def _send_json(send: Send, status: int, body: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(body)})
