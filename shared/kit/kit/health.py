"""Liveness, readiness and metrics. Ready means: this replica can do its work right now."""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from kit.bus import FACTS_STREAM, Bus
from kit.mongo import Database
from kit.watch import FactWatch

CHECK_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Readiness:
    bus: Bus
    database: Database
    watch: FactWatch

    async def check(self) -> dict[str, str]:
        """Each dependency's state in a word or a reason; `ok` everywhere means ready."""
        broker, database = await asyncio.gather(self._check_broker(), self._check_database())
        hearing = "ok" if self.watch.in_sync else "not hearing facts"
        return {"nats": broker, "mongodb": database, "watch": hearing}

    async def _check_broker(self) -> str:
        if not self.bus.connected:
            return "not connected"
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                await self.bus.jetstream.stream_info(FACTS_STREAM)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is "not ready"
            return f"JetStream does not answer: {type(error).__name__}"
        return "ok"

    async def _check_database(self) -> str:
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                await self.database.command("ping")
        except Exception as error:  # noqa: BLE001 - as above
            return f"does not answer: {type(error).__name__}"
        return "ok"


def routes(readiness: Readiness) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        checks = await readiness.check()
        ready = all(state == "ok" for state in checks.values())
        body = {"status": "ok" if ready else "unavailable", "checks": checks}
        return JSONResponse(body, 200 if ready else 503, {} if ready else {"retry-after": "2"})

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
