"""Hot routes: plain ASGI right behind `Front`, without the layers of FastAPI between.

Those cost a call a quarter of its CPU (`tests/bench`); the one path that every call of every model
takes goes without them. Its entry in the OpenAPI document is then written by hand.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from contracts.errors import Invalid
from kit.front import App, Receive, Scope, Send
from kit.strict import refuse_other_media, refuse_unknown_parameters

JSON = b"application/json"


class BodyIncomplete(Invalid):
    code = "platform.body_incomplete"


class ServiceApi(FastAPI):
    """FastAPI, and in front of it the hot routes by method and path."""

    def __init__(self, *, hot: Mapping[tuple[str, str], App], **options: Any) -> None:
        super().__init__(**options)
        self._hot = hot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            route = self._hot.get((scope["method"], scope["path"]))
            if route is not None:
                scope["route"] = scope["path"]
                await route(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


def strict(route: App) -> App:
    """A hot route takes a JSON body and no query parameters; all else is refused before it."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            refuse_unknown_parameters(scope["query_string"], ())
        refuse_other_media(header_of(scope, b"content-type") or "")
        await route(scope, receive, send)

    return checked


def header_of(scope: Scope, name: bytes) -> str | None:
    """A request's header by its lower-case name."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def headers_of(scope: Scope, name: bytes) -> list[str]:
    """All values of a header that may come several times."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def body_bytes(scope: Scope, most: int) -> int:
    """What a request's body will take; `most` where it does not say."""
    declared = header_of(scope, b"content-length")
    return int(declared) if declared is not None and declared.isdecimal() else most


async def read_body(receive: Receive) -> bytes:
    """The whole body; `Front` bounds it."""
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyIncomplete("The connection ended before the body did.")
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


AT_ONCE = 64 * 1024
"""As much as the server takes of an answer before it waits for its reader."""


async def send_json(send: Send, body: bytes, *more: tuple[bytes, bytes], status: int = 200) -> None:
    """Returns once the reader took all but 64 KiB: until then the process holds it."""
    headers = [(b"content-type", JSON), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if len(body) <= AT_ONCE:
        await send({"type": "http.response.body", "body": body})
        return
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b""})  # once most of it is gone
