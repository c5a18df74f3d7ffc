"""Undo a content coding without ever holding more than the cap (H57)."""

import zlib
from collections.abc import Iterator
from typing import Final

from egress.errors import EncodingRefused, ResponseMalformed, ResponseTooLarge

PIECE: Final = 256 * 1024
"""Most bytes one step of unpacking yields, so that the event loop runs other work between steps."""
_MAX_MEMBERS: Final = 16
_GZIP: Final = 16 + zlib.MAX_WBITS


def codings_of(values: list[str]) -> list[str]:
    """The codings of all Content-Encoding headers in order, `identity` and blanks left out."""
    names = [name.strip().lower() for value in values for name in value.split(",")]
    return [name for name in names if name not in ("", "identity")]


class Plain:
    """No coding: counts, and lets through."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What is beyond the cap is refused once what is within it was handed on."""
        if len(data) > self._left:
            yield data[: self._left]
            raise too_large()
        self._left -= len(data)
        yield data

    def finish(self) -> None:
        """A plain body ends where it ends."""


class Inflate:
    """gzip (several members, RFC 1952 2.2) or deflate (zlib, or raw as old servers send it)."""

    def __init__(self, coding: str, max_bytes: int) -> None:
        self._left = max_bytes
        self._members = 1
        self._gzip = coding != "deflate"
        self._stream = zlib.decompressobj(_GZIP if self._gzip else zlib.MAX_WBITS)
        self._started = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and not self._started and not self._gzip and data[0] & 0x0F != zlib.DEFLATED:
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._started = self._started or bool(data)
        full = False
        while data or full:
            piece, data = self._step(data)
            full = len(piece) == PIECE  # zlib may hold more output than it has input left
            if len(piece) > self._left:
                yield piece[: self._left]
                raise too_large()
            self._left -= len(piece)
            if piece:
                yield piece

    def finish(self) -> None:
        if self._started and not self._stream.eof:
            raise _broken()

    def _step(self, data: bytes) -> tuple[bytes, bytes]:
        if self._stream.eof and data:
            self._next_member()
        try:
            piece = self._stream.decompress(data, PIECE)
        except zlib.error:
            raise _broken() from None
        return piece, self._stream.unconsumed_tail or self._stream.unused_data

    def _next_member(self) -> None:
        self._members += 1
        if not self._gzip or self._members > _MAX_MEMBERS:
            raise _broken()
        self._stream = zlib.decompressobj(_GZIP)


def decoder(codings: list[str], max_bytes: int) -> Plain | Inflate:
    if not codings:
        return Plain(max_bytes)
    if len(codings) > 1:
        raise EncodingRefused("The answer is compressed more than once.", sent=True)
    if codings[0] not in ("gzip", "x-gzip", "deflate"):
        raise EncodingRefused(
            "The answer is compressed in a way that was not asked for.", sent=True
        )
    return Inflate(codings[0], max_bytes)


def too_large() -> ResponseTooLarge:
    return ResponseTooLarge("The API's answer is larger than allowed.", sent=True)


def _broken() -> ResponseMalformed:
    return ResponseMalformed("The API's answer is compressed but cannot be unpacked.", sent=True)
