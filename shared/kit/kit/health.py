"""Liveness, readiness and metrics.

Ready means: this replica can do its work right now. Alive means: a restart would mend nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from contracts.errors import PlatformError
from kit import metrics
from kit.bus import Bus
from kit.mongo import Database
from kit.streams import StreamsMissing, usage
from kit.supervise import Supervisor
from kit.watch import FactWatch

CHECK_TIMEOUT_SECONDS = 2.0
STUCK_SECONDS = 60.0
"""A connection that is lost for longer, though the broker accepts others, is stuck."""
NEARLY_FULL = 0.999
MEASURE_EVERY_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Liveness:
    bus: Bus
    supervisor: Supervisor

    async def check(self) -> dict[str, str]:
        """What a restart would mend; nothing while the broker or the database are away."""
        dead = self.supervisor.dead
        tasks = f"not running: {', '.join(dead)}" if dead else "ok"
        stuck = self.bus.disconnected_seconds > STUCK_SECONDS and await self.bus.accepts_others()
        return {"tasks": tasks, "nats": "the connection is not re-established" if stuck else "ok"}


@dataclass(slots=True)
class Readiness:
    bus: Bus
    database: Database
    watch: FactWatch
    stopping: bool = False

    def stop(self) -> None:
        """From now on nothing new should come here."""
        self.stopping = True

    async def check(self) -> dict[str, str]:
        """The state or the fault of each dependency; ready where all are `ok`."""
        if self.stopping:
            return {"process": "stopping"}
        broker, database = await asyncio.gather(self._check_broker(), self._check_database())
        in_sync = "ok" if self.watch.in_sync else "not in sync with the facts"
        return {"nats": broker, "mongodb": database, "watch": in_sync}

    async def _check_broker(self) -> str:
        if not self.bus.connected:
            return "not connected"
        if not self.bus.storing:
            return "JetStream did not store the latest fact"
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                shares = await usage(self.bus.jetstream, self.bus.published_streams)
        except StreamsMissing as missing:
            return f"{missing.sentence} {missing.hint}"
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is "not ready"
            return f"JetStream does not answer: {type(error).__name__}"
        full = [name for name, share in shares.items() if share >= NEARLY_FULL]
        return f"full: {', '.join(full)}" if full else "ok"

    async def _check_database(self) -> str:
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                await self.database.command("ping")
        except Exception as error:  # noqa: BLE001 - as above
            return f"does not answer: {type(error).__name__}"
        return "ok"


async def measure_streams(bus: Bus) -> None:
    """Report for ever how full the streams are; alarms start at 0.8."""
    names = [str(config.name) for config in bus.streams]
    while True:
        try:
            for name, share in (await usage(bus.jetstream, names)).items():
                metrics.stream_used.labels(bus.service, name).set(share)
        except PlatformError:
            pass  # readiness says so
        await asyncio.sleep(MEASURE_EVERY_SECONDS)


Check = Callable[[], Awaitable[dict[str, str]]]


class Checked(Protocol):
    """`Liveness`, `Readiness`, or what a service without servers has instead."""

    async def check(self) -> dict[str, str]: ...


def routes(liveness: Checked, readiness: Checked) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    @router.get("/healthz")
    async def livez() -> JSONResponse:
        return await _checked(liveness.check)

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        return await _checked(readiness.check)

    @router.get("/metrics")
    async def read_metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _checked(check: Check) -> JSONResponse:
    checks = await check()
    good = all(state == "ok" for state in checks.values())
    body = {"status": "ok" if good else "unavailable", "checks": checks}
    return JSONResponse(body, 200 if good else 503, {} if good else {"retry-after": "2"})
