"""A service that has neither database nor broker: HTTP, health, metrics and logs alone."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from kit import access_log, health, problems
from kit.front import Front
from kit.settings import ProcessSettings


@dataclass(slots=True)
class AlwaysReady:
    """Ready until it stops: there is nothing that it could wait for."""

    stopping: bool = False

    def stop(self) -> None:
        """From now on nothing new should come here."""
        self.stopping = True

    async def check(self) -> dict[str, str]:
        return {"process": "stopping" if self.stopping else "ok"}


def assemble_plain(
    service: str,
    settings: ProcessSettings,
    app: object,
    routes: Sequence[APIRouter],
    *,
    description: str | None,
) -> FastAPI:
    """The ASGI application; its health routes go before `routes`, which may take any path."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        access_log.ACCESS.flush()

    api = FastAPI(
        title=f"OpenActions {service}",
        description=description or "",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.app, api.state.service = app, service
    problems.install(api)
    api.state.readiness, api.state.liveness = AlwaysReady(), AlwaysReady()
    api.include_router(health.routes(api.state.liveness, api.state.readiness))
    for router in routes:
        api.include_router(router)
    api.state.allowed = problems.Allowed(
        [route for router in routes for route in router.routes if isinstance(route, APIRoute)], ()
    )
    api.add_middleware(
        Front,
        service=service,
        max_body_bytes=settings.max_body_bytes,
        long_bodies={},
        log_share=settings.access_log_share,
    )
    return api
