"""One line a request: trace id, method, route, status, milliseconds, workspace.

The path and the query are not in it, for they may hold anything; the route is its template. A line
does not go through structlog, which would cost a call a tenth of its time: all of its values are
ours. Lines of 50 ms are written together, so a process that is killed loses that much.
"""

import asyncio
import atexit
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from random import random
from typing import Any, Literal

import orjson

from kit import trace

FLUSH_SECONDS = 0.05
MAX_LINES = 500
"""As many are written at once, however soon."""
REFUSED = 400
PROBES = frozenset({"/livez", "/healthz", "/readyz", "/metrics"})
"""Asked every few seconds for ever; readiness and liveness have metrics and lines of their own."""
workspace: ContextVar[str | None] = ContextVar("workspace", default=None)
"""Whose request this is, from when its token is verified."""

Format = Literal["json", "console"]


class AccessLog:
    """Lines that are added before `open` are dropped, as in tests of single services."""

    def __init__(self) -> None:
        self._handler: logging.Handler | None = None
        self._format: Format = "json"
        self._lines: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._flush_seconds = FLUSH_SECONDS

    def open(
        self, handler: logging.Handler, log_format: Format, flush_seconds: float = FLUSH_SECONDS
    ) -> None:
        """Where lines go from now on; the handler is closed by whoever made it."""
        self.flush()
        self._flush_seconds = flush_seconds
        handler.setFormatter(logging.Formatter("%(message)s"))
        self._handler, self._format = handler, log_format

    def close(self) -> None:
        self.flush()
        self._handler = None

    def add(self, request: dict[str, Any]) -> None:
        if self._handler is None:
            return
        self._lines.append(_json(request) if self._format == "json" else _console(request))
        if len(self._lines) >= MAX_LINES:
            self.flush()
            return
        loop = asyncio.get_running_loop()
        if len(self._lines) == 1 or loop is not self._loop:
            self._loop = loop
            loop.call_later(self._flush_seconds, self.flush)

    def flush(self) -> None:
        """At the end of a service, and once more when the process exits: where its output is closed
        by then, there is nowhere to write to.
        """
        lines, self._lines = self._lines, []
        if lines and self._handler is not None and not _is_closed(self._handler):
            self._handler.handle(logging.makeLogRecord({"msg": "\n".join(lines)}))


def _is_closed(handler: logging.Handler) -> bool:
    return bool(getattr(getattr(handler, "stream", None), "closed", False))


ACCESS = AccessLog()
"""The process' own, like the root logger: services of one process share it."""
atexit.register(ACCESS.flush)


def is_logged(path: str, status: int, share: float) -> bool:
    """Refusals always: their trace ids are quoted. Of other answers the share that is configured;
    of probes none.
    """
    if path in PROBES:
        return False
    return status >= REFUSED or share >= 1 or random() < share  # noqa: S311 - no secret


def line(
    service: str | None, method: str | None, route: str | None, status: int, seconds: float
) -> dict[str, Any]:
    """What every line has, for `AccessLog.add`; of the trace and workspace that are current."""
    return {
        "service": service,
        "trace_id": trace.trace_id(),
        "method": method,
        "route": route,
        "status": status or None,  # none where the caller went away first
        "ms": round(seconds * 1_000, 2),
        "workspace_id": workspace.get(),
    }


def _json(request: dict[str, Any]) -> str:
    line = {"event": "request", "level": "info", "timestamp": datetime.now(UTC), **request}
    return orjson.dumps(line, option=orjson.OPT_UTC_Z).decode()


def _console(request: dict[str, Any]) -> str:
    members = " ".join(f"{name}={value}" for name, value in request.items() if value is not None)
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ} [info] request {members}"
