"""From a parsed head and a stream of bytes to an answer that callers may hold."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Final

from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

from egress.budget import Portion
from egress.errors import EncodingRefused, ResponseMalformed, ResponseTooLarge
from egress.message import Headers, OutboundResponse
from egress.wire.body import codings_of, decoder, too_large

_FRAMING: Final = frozenset(
    {
        "connection", "keep-alive", "transfer-encoding", "proxy-connection", "te", "trailer",
        "upgrade", "content-encoding", "content-length",
    }
)  # fmt: skip
"""Headers of the connection and of the coding that was undone."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a body is read: up to `max_bytes`, out of `portion`. With `cut` the rest is left
    unread; without, an answer of more is refused as soon as it announces or sends them.
    """

    max_bytes: int
    cut: bool
    portion: Portion


async def read_answer(
    message: RawResponseMessage, body: StreamReader, bounds: Bounds
) -> OutboundResponse:
    if message.code == 101:  # noqa: PLR2004 - switching protocols, which nobody asked for
        raise ResponseMalformed("The API switched to another protocol.", sent=True)
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in message.raw_headers
    )
    codings = _content_codings(headers)
    content, complete = await _content(message, body, codings, bounds)
    kept = tuple(pair for pair in headers if pair[0] not in _FRAMING)
    return OutboundResponse(message.code, kept, content, 0.0, complete)


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
    message: RawResponseMessage, body: StreamReader, codings: list[str], bounds: Bounds
) -> tuple[bytes, bool]:
    """The body, and whether that is all of it."""
    if body.is_eof():
        whole = body.read_nowait()
        if len(whole) <= bounds.max_bytes and not (whole and codings):
            bounds.portion.answered(len(whole))
            return whole, True
        return await _decoded(_once(whole), codings, bounds)
    if int(message.headers.get("content-length", 0)) > bounds.max_bytes and not bounds.cut:
        raise too_large()
    return await _decoded(body.iter_any(), codings, bounds)


async def _decoded(
    pieces: AsyncIterable[bytes], codings: list[str], bounds: Bounds
) -> tuple[bytes, bool]:
    decode = decoder(codings, bounds.max_bytes)
    decoded: list[bytes] = []
    try:
        async for wire in pieces:
            for piece in decode.feed(wire):
                if decoded:
                    await asyncio.sleep(0)  # unpacking must not starve the event loop
                bounds.portion.answered(len(piece))
                decoded.append(piece)
        decode.finish()
    except ResponseTooLarge:
        if not bounds.cut:
            raise
        return b"".join(decoded), False
    return b"".join(decoded), True


async def _once(whole: bytes) -> AsyncIterator[bytes]:
    yield whole
