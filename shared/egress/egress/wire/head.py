"""A strict screen in front of the parser: what an answer's head may look like, and how much of it.

aiohttp's response parser is lenient on purpose (bare LF, folded lines, any number of interim
answers). The platform is not: leniency is what response splitting feeds on.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_INTERIM: Final = 5
"""Interim (1xx) answers before the final one."""
MAX_PIECES: Final = 256
"""Reads that one head may arrive in; 64 KiB in full segments takes 45."""

_END: Final = b"\r\n\r\n"
_VERSIONS: Final = (b"HTTP/1.1 ", b"HTTP/1.0 ")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Fault(StrEnum):
    HEAD_TOO_LARGE = "The headers of the API's answer are larger than allowed."
    BODY_TOO_LARGE = "The API's answer is larger than allowed."
    NOT_HTTP = "The API's answer is not HTTP/1.1."
    MALFORMED = "The headers of the API's answer are malformed."
    INTERIM_FLOOD = "The API sent interim answers without end."


@dataclass(slots=True)
class HeadScreen:
    """Fed every byte of one exchange's answer; names the fault as soon as there is one.

    After the final head it only counts; the count includes chunk framing and trailers.
    """

    max_head_bytes: int
    max_head_lines: int
    max_body_wire_bytes: int
    started: bool = False
    complete: bool = False
    _body_wire_bytes: int = 0
    _interim: int = 0
    _pieces: int = 0
    _pending: bytes = b""

    def feed(self, piece: bytes) -> Fault | None:
        self.started = True
        while not self.complete and piece:
            piece, fault = self._feed_head(piece)
            if fault:
                return fault
        self._body_wire_bytes += len(piece)
        return Fault.BODY_TOO_LARGE if self._body_wire_bytes > self.max_body_wire_bytes else None

    def _feed_head(self, piece: bytes) -> tuple[bytes, Fault | None]:
        """What follows the head in this piece, and the fault of the head."""
        text = self._pending + piece if self._pending else piece
        end = text.find(_END)
        head = text if end < 0 else text[: end + 4]
        self._pieces += 1
        if fault := self._fault(head):
            return b"", fault
        if end < 0:
            self._pending = text
            return b"", None
        self._pending, self._pieces = b"", 0
        if head[9:10] == b"1" and head[9:12] != b"101":
            self._interim += 1
            return text[end + 4 :], Fault.INTERIM_FLOOD if self._interim > MAX_INTERIM else None
        self.complete = True
        return text[end + 4 :], None

    def _fault(self, head: bytes) -> Fault | None:
        if not any(version.startswith(head[:9]) for version in _VERSIONS):
            return Fault.NOT_HTTP
        too_many_lines = head.count(b"\n") > self.max_head_lines + 2
        if too_many_lines or len(head) > self.max_head_bytes or self._pieces > MAX_PIECES:
            return Fault.HEAD_TOO_LARGE
        return Fault.MALFORMED if _is_malformed(head) else None


def _is_malformed(head: bytes) -> bool:
    """CR and LF apart from each other, folded lines (RFC 9112 5.2), control characters.

    Counting is several times faster here than one expression with alternatives.
    """
    line_ends = head.count(b"\r\n")
    cut_in_two = head.endswith(b"\r")
    return (
        head.count(b"\n") != line_ends
        or head.count(b"\r") != line_ends + cut_in_two
        or b"\n " in head
        or b"\n\t" in head
        or _CONTROL.search(head) is not None
    )
