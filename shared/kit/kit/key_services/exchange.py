"""The way to a key service, and what goes wrong on it."""

from collections.abc import Callable
from typing import Any, Protocol

import orjson

from contracts.errors import PlatformError
from kit.clock import elapsed_seconds
from kit.key_ring import KeyServiceUnavailable
from kit.outage import Outage

Headers = tuple[tuple[str, str], ...]
PAUSE_SECONDS = 1.0
"""For so long after a failure nobody else waits for the same one."""


class Answer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def body(self) -> bytes: ...


class Exchange(Protocol):
    """Egress to the operator's own servers (`egress.operator.OperatorEgress`)."""

    async def post(self, url: str, headers: Headers, body: bytes) -> Answer:
        """Raises `PlatformError` where there is no answer."""
        ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class Asking:
    """Asks one key service. Without a usable answer: `KeyServiceUnavailable`, and at once for
    whoever asks within the next second.
    """

    def __init__(
        self, service: str, exchange: Exchange, now: Callable[[], float] = elapsed_seconds
    ) -> None:
        self._exchange = exchange
        self._now = now
        self._outage = Outage(service, "key_service_answers_again")
        self._paused_until = 0.0

    async def ask(self, url: str, headers: Headers, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status, below 500, and the object that the body holds."""
        if self._now() < self._paused_until:
            raise KeyServiceUnavailable
        try:
            answer = await self._exchange.post(url, headers, body)
        except PlatformError as error:
            raise self.unavailable(error.code) from None
        try:
            read = orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            read = None
        if answer.status >= 500 or not isinstance(read, dict):  # noqa: PLR2004 - RFC 9110, 15.6
            raise self.unavailable(f"status {answer.status}")
        return answer.status, read

    def unavailable(self, reason: str) -> KeyServiceUnavailable:
        """To be raised; the log says why."""
        self._outage.report("key_service_unavailable", reason=reason)
        self._paused_until = self._now() + PAUSE_SECONDS
        return KeyServiceUnavailable()

    def answered(self) -> None:
        self._outage.over()
