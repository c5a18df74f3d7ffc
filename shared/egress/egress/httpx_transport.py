"""The same way out for code that uses httpx: `httpx.AsyncClient(transport=EgressTransport(…))`.

Redirects stay off unless the client sets `follow_redirects`; then each hop passes here like a first
request. Failures are `EgressError`s, not `httpx.TransportError`s: they have the platform's codes.
"""

from collections.abc import AsyncIterator

import httpx

from contracts.headers import FRAMING
from egress.message import OutboundRequest
from egress.streamed import StreamedAnswer
from egress.target import Target
from egress.transport import Egress, Streaming


class EgressTransport(httpx.AsyncBaseTransport):
    """Borrows an `Egress`; closing the transport leaves it open.

    httpx's own timeouts are ignored: `timeout_seconds` bounds the whole exchange.
    """

    def __init__(
        self,
        egress: Egress,
        *,
        pool_key: str,
        timeout_seconds: float | None = None,
        max_bytes: int | None = None,
        share_key: str = "",
    ) -> None:
        self._egress = egress
        self._pool_key = pool_key
        self._share_key = share_key
        self._timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        origin = Target.parse(
            str(url.copy_with(raw_path=b"/", fragment=None)), self._egress.settings
        )
        body = await request.aread()
        exchange = self._egress.stream(
            OutboundRequest(
                request.method,
                origin.at(url.raw_path.decode("ascii")),
                tuple(
                    (name.decode("ascii"), value.decode("latin-1"))
                    for name, value in request.headers.raw
                    if name.lower().decode("ascii") not in FRAMING
                ),
                body or None,
                self._timeout_seconds,
                self._max_bytes,
                pool_key=self._pool_key,
                share_key=self._share_key,
            )
        )
        answer = await exchange.__aenter__()
        headers = [
            (name.encode("ascii"), value.encode("latin-1")) for name, value in answer.headers
        ]
        stream = _Body(exchange, answer)
        return httpx.Response(answer.status, headers=headers, stream=stream, request=request)


class _Body(httpx.AsyncByteStream):
    """httpx closes it when it was read, or is no longer wanted."""

    def __init__(self, exchange: Streaming, answer: StreamedAnswer) -> None:
        self._exchange, self._answer = exchange, answer
        self._is_open = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer

    async def aclose(self) -> None:
        if self._is_open:
            self._is_open = False
            await self._exchange.__aexit__()
