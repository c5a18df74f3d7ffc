"""The ASGI front of every service: trace and request ids, the body limit, security headers, timing,
the access line, and a problem document for whatever went wrong behind it. HEAD is answered as GET
is, without the body.

One pass, plain ASGI: it also stands before the hot route.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any, Final

import orjson

from contracts.errors import PlatformError
from kit import access_log, logs, metrics, trace
from kit.errors import BodyTooLarge, Unexpected, headers_of, problem_of, status_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logs.logger("kit.front")
PROBLEM_JSON = "application/problem+json"
UNREAD: Final = "unread_bytes"
"""In a request's scope, and then in its line: `kit.http_protocol` closed the connection, since its
caller did not read the answer."""
AS_HEAD: Final = "as_head"
"""In the scope of a request that is answered as GET is, though HEAD was asked."""
ANSWER_HEADERS: Final = "answer_headers"
"""In a request's scope: headers, as ASGI has them, of whatever answer it gets, a refusal too."""
NO_CONTENT = 204
NOSNIFF = (b"x-content-type-options", b"nosniff")
NO_STORE = (b"cache-control", b"no-store")


def problem_response(error: PlatformError) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body (RFC 9457)."""
    body = orjson.dumps(problem_of(error))
    extra = [(name.encode(), value.encode()) for name, value in headers_of(error).items()]
    headers = [
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", b"%d" % len(body)),
        *extra,
    ]
    return status_of(error), headers, body


class Front:
    """`long_bodies` names the paths whose routes set a larger limit than `max_body_bytes`;
    `log_share` is the share of successful requests that get an access line.
    """

    def __init__(
        self,
        app: App,
        *,
        service: str,
        max_body_bytes: int,
        long_bodies: dict[str, int],
        log_share: float = 1,
    ) -> None:
        self._app = app
        self._service = service
        self._max_body_bytes = max_body_bytes
        self._long_bodies = long_bodies
        self._log_share = log_share
        self._timers: dict[tuple[str, int], Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        unverified_trace = next((v for k, v in headers if k == b"traceparent"), b"")
        trace.begin(unverified_trace.decode("latin-1"))
        access_log.workspace.set(None)
        asked = {**scope, "method": "GET", AS_HEAD: True} if scope["method"] == "HEAD" else scope
        reply = _Reply(_without_body(send) if asked is not scope else send, asked)
        limit = self._long_bodies.get(scope["path"], self._max_body_bytes)
        try:
            await self._app(asked, _limited(receive, headers, limit), reply)
        except PlatformError as error:
            await reply.refuse(error)
        except Exception:
            log.exception("route_failed")
            await reply.refuse(Unexpected())
        finally:
            seconds = perf_counter() - started
            self._observe(scope["method"], reply.status, seconds)
            if access_log.is_logged(scope["path"], reply.status, self._log_share):
                self._log(scope, asked, reply.status, seconds)

    def _log(self, scope: Scope, asked: Scope, status: int, seconds: float) -> None:
        route = asked.get("route")
        path = route if isinstance(route, str) else getattr(route, "path", None)
        line = access_log.line(self._service, scope["method"], path, status, seconds)
        if UNREAD in scope:
            line[UNREAD] = scope[UNREAD]
        access_log.ACCESS.add(line)

    def _observe(self, method: str, status: int, seconds: float) -> None:
        timer = self._timers.get((method, status))
        if timer is None:
            timer = metrics.http_requests.labels(self._service, method, str(status))
            self._timers[(method, status)] = timer
        timer.observe(seconds)


def _without_body(send: Send) -> Send:
    """What GET would answer, and nothing of its body (HEAD: RFC 9110, 9.3.2). It ends with the
    body's begin: nobody waits for a stream's end.
    """
    ended = False

    async def send_head(message: Message) -> None:
        nonlocal ended
        if message["type"] != "http.response.body":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_head


class _Reply:
    """Passes an answer on, with the headers that every answer has."""

    __slots__ = ("_scope", "_send", "status")

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send = send
        self._scope = scope
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            if self.status == NO_CONTENT:  # FastAPI names the type of a body that there is not
                headers = [each for each in headers if each[0] != b"content-type"]
            headers.append(NOSNIFF)
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append(NO_STORE)
            headers += self._scope.get(ANSWER_HEADERS, ())
            headers.append((b"x-request-id", trace.trace_id().encode()))
            message["headers"] = headers
        await self._send(message)

    async def refuse(self, error: PlatformError) -> None:
        if self.status:  # the answer has begun; the connection ends with it
            log.error("refused_too_late", code=error.code)
            raise error
        status, headers, body = problem_response(error)
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})


def _limited(receive: Receive, headers: list[tuple[bytes, bytes]], limit: int) -> Receive:
    declared = next((value for name, value in headers if name == b"content-length"), None)
    if declared is not None and declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge(limit)
    if declared is not None:
        return receive  # the server holds the sender to what it declared
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLarge(limit)
        return message

    return receive_limited
