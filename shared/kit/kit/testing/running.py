from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def running(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:  # noqa: TID251 - as below
    """The service with its lifespan, and a client that speaks to it without a socket.

    Add `headers=bearer("owner")` to a request to be a caller.
    """
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with (
        api.router.lifespan_context(api),
        httpx.AsyncClient(transport=transport, base_url="http://service") as client,  # noqa: TID251 - never leaves the process
    ):
        yield client
