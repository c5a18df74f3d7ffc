"""From a parsed head and a stream of bytes to an answer that callers may hold."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

from egress.errors import EncodingRefused, ResponseMalformed
from egress.message import Headers, OutboundResponse
from egress.wire.body import codings_of, decoder, too_large

_FRAMING: Final = frozenset(
    {
        "connection", "keep-alive", "transfer-encoding", "proxy-connection", "te", "trailer",
        "upgrade", "content-encoding", "content-length",
    }
)  # fmt: skip
"""Headers of the connection and of the coding that was undone."""


async def read_answer(
    message: RawResponseMessage, body: StreamReader, max_bytes: int
) -> OutboundResponse:
    """Refuses an answer of more than `max_bytes` as soon as it announces or sends them."""
    if message.code == 101:  # noqa: PLR2004 - switching protocols, which nobody asked for
        raise ResponseMalformed("The API switched to another protocol.", sent=True)
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in message.raw_headers
    )
    codings = _content_codings(headers)
    content = await _content(message, body, codings, max_bytes)
    kept = tuple(pair for pair in headers if pair[0] not in _FRAMING)
    return OutboundResponse(message.code, kept, content, 0.0)


def _content_codings(headers: Headers) -> list[str]:
    content, transfer = [], []
    for name, value in headers:
        if name == "content-encoding":
            content.append(value)
        elif name == "transfer-encoding":
            transfer.append(value)
    if codings_of(transfer) not in ([], ["chunked"]):
        raise EncodingRefused("The answer is compressed in transfer, uninvited.", sent=True)
    return codings_of(content)


async def _content(
    message: RawResponseMessage, body: StreamReader, codings: list[str], max_bytes: int
) -> bytes:
    if body.is_eof():
        whole = body.read_nowait()
        if len(whole) > max_bytes:
            raise too_large()
        if not (whole and codings):
            return whole
        return await _decoded(_once(whole), codings, max_bytes)
    if int(message.headers.get("content-length", 0)) > max_bytes:
        raise too_large()
    return await _decoded(body.iter_any(), codings, max_bytes)


async def _decoded(pieces: AsyncIterable[bytes], codings: list[str], max_bytes: int) -> bytes:
    decode = decoder(codings, max_bytes)
    decoded: list[bytes] = []
    async for wire in pieces:
        for piece in decode.feed(wire):
            if decoded:
                await asyncio.sleep(0)  # unpacking must not starve the event loop
            decoded.append(piece)
    decode.finish()
    return b"".join(decoded)


async def _once(whole: bytes) -> AsyncIterator[bytes]:
    yield whole
