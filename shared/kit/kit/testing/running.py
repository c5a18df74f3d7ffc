from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from kit.html import PageRoute
from kit.testing.true_answers import TrueAnswers

_documents: dict[tuple[str, ...], TrueAnswers] = {}
"""By the routes of a service: to make its document takes longer than most tests."""


@asynccontextmanager
async def running(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:  # noqa: TID251 - as below
    """The service with its lifespan, and a client that calls it without a socket.

    Add `headers=bearer("owner")` to a request to be a caller. Each answer of a service that
    `assemble` made must be as its OpenAPI document says (T18).
    """
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    hooks = {"response": [_compared_with(api)]} if hasattr(api.state, "allowed") else {}
    async with (
        api.router.lifespan_context(api),
        httpx.AsyncClient(  # noqa: TID251 - never leaves the process
            transport=transport, base_url="http://service", event_hooks=hooks
        ) as client,
    ):
        yield client


def _compared_with(api: FastAPI) -> Callable[[httpx.Response], Awaitable[None]]:
    async def compare(answer: httpx.Response) -> None:
        path = answer.request.url.path
        if not path.startswith("/v1/") or _is_a_page(api, answer.request.method, path):
            return
        body = await answer.aread()
        media_type = answer.headers.get("content-type", "")
        document = _document_of(api)
        faults = document.faults(answer.request.method, path, answer.status_code, media_type, body)
        assert not faults, f"not as the OpenAPI document says: {faults}"  # noqa: S101 - in tests

    return compare


def _is_a_page(api: FastAPI, method: str, path: str) -> bool:
    """Pages for people are in no document."""
    return any(
        method in (route.methods or ()) and route.path_regex.match(path)
        for route in api.state.allowed.routes
        if isinstance(route, PageRoute)
    )


def _document_of(api: FastAPI) -> TrueAnswers:
    allowed = api.state.allowed
    routes = sorted(f"{sorted(route.methods)} {route.path}" for route in allowed.routes)
    known = (api.title, *routes)
    if known not in _documents:
        _documents[known] = TrueAnswers(api.openapi())
    return _documents[known]
