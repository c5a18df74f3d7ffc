"""From a parsed head and a stream of bytes to the pieces of a decoded body."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

from egress.budget import Portion
from egress.errors import (
    EgressError,
    EncodingRefused,
    Overloaded,
    ResponseMalformed,
    ResponseTooLarge,
    ShareExceeded,
)
from egress.message import Headers
from egress.wire.body import codings_of, decoder, too_large

_FRAMING: Final = frozenset(
    {
        "connection", "keep-alive", "transfer-encoding", "proxy-connection", "te", "trailer",
        "upgrade", "content-encoding", "content-length",
    }
)  # fmt: skip
"""Headers of the connection and of the coding that was undone."""
NO_ROOM: Final = (ShareExceeded, Overloaded)
"""What a portion raises."""
_NOTHING: Final[Iterator[bytes]] = iter(())


@dataclass(slots=True)
class Bounds:
    """How much of a body is read: up to `max_bytes`, and as much as `portion` has room for. With
    `cut` the rest is left unread; without, an answer of more is refused as soon as it announces or
    sends them.
    """

    max_bytes: int
    cut: bool
    portion: Portion


@dataclass(slots=True)
class Head:
    status: int
    headers: Headers
    """Without those of framing and coding."""
    codings: list[str]


def read_head(message: RawResponseMessage, bounds: Bounds, *, is_whole: bool) -> Head:
    """Raises where it is no answer that can be read, or announces more than may be read.

    `is_whole`: whatever there is of its body is there.
    """
    if message.code == 101:  # noqa: PLR2004 - switching protocols, which nobody asked for
        raise ResponseMalformed("The API switched to another protocol.", sent=True)
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in message.raw_headers
    )
    codings = _content_codings(headers)
    announced = 0 if is_whole or bounds.cut else int(message.headers.get("content-length", 0))
    if announced > bounds.max_bytes:
        raise too_large()
    kept = tuple(pair for pair in headers if pair[0] not in _FRAMING)
    return Head(message.code, kept, codings)


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


class BodyPieces:
    """The decoded body, piece by piece, each counted in the portion before it is handed out.

    Nothing is unpacked before it is asked for, and once 64 KiB wait on the connection, nothing
    more is read from it. `is_complete` is None until the end, then whether that was the body's;
    `shortage` is the refusal of the budget where the body was cut because of that.
    """

    __slots__ = (
        "_body", "_bounds", "_decode", "_is_first", "_is_plain", "_unpacked", "is_complete",
        "shortage",
    )  # fmt: skip

    def __init__(self, body: StreamReader, codings: list[str], bounds: Bounds) -> None:
        self._body, self._bounds = body, bounds
        is_empty = body.is_eof() and not body.total_bytes  # its headers may describe another
        self._is_plain = is_empty or not codings
        self._decode = decoder([] if is_empty else codings, bounds.max_bytes)
        self._unpacked: Iterator[bytes] = _NOTHING
        self._is_first = True
        self.is_complete: bool | None = None
        self.shortage: EgressError | None = None

    @property
    def are_all_there(self) -> bool:
        """Nothing more is to come from the API."""
        return self._body.is_eof()

    def at_once(self) -> bytes | None:
        """The whole body as one piece, where nothing of it was read yet, all of it is there, within
        its bound and without a coding, as most bodies are; else None, and `next` reads it.
        """
        body = self._body
        may_be_taken = self._is_plain and self._is_first and body.is_eof()
        if not may_be_taken or body.total_bytes > self._bounds.max_bytes:
            return None
        self._is_first = False
        self.is_complete = True
        return self._counted(body.read_nowait())

    async def next(self) -> bytes:
        """Empty at the end; raises where the body may not be that long, unless it is to be cut."""
        if self.is_complete is not None:
            return b""
        try:
            piece = await self._next()
        except ResponseTooLarge:
            if not self._bounds.cut:
                raise
            self.is_complete = False
            return b""
        if piece:
            return self._counted(piece)
        self._decode.finish()
        self.is_complete = True
        return b""

    def _counted(self, piece: bytes) -> bytes:
        """As much of it as there is room for, where the body may be cut."""
        portion = self._bounds.portion
        if self._body.is_eof():
            portion.arrived()
        try:
            portion.answered(len(piece))
        except NO_ROOM as refusal:
            self.end_short(refusal)
            return portion.ends_with(piece)
        return piece

    def end_short(self, refusal: EgressError) -> None:
        """Nothing more is read of it; raises the refusal where the body may not be cut."""
        if not self._bounds.cut:
            raise refusal
        self.is_complete, self.shortage = False, refusal

    async def _next(self) -> bytes:
        if not self._is_first and not self._is_plain:
            await asyncio.sleep(0)  # other work runs between steps of unpacking
        self._is_first = False
        while True:
            for piece in self._unpacked:
                if piece:
                    return piece
            wire = await self._body.readany()
            if not wire:
                return b""
            self._unpacked = self._decode.feed(wire)
