"""One exchange as callers see it, and the request's exact bytes (RFC 9112)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contracts.headers import FRAMING, is_token
from egress.errors import RequestInvalid
from egress.target import Target

Headers = tuple[tuple[str, str], ...]

MAX_REQUEST_HEAD: Final = 128 * 1024
_VALUE: Final = re.compile(r"(?:[!-~\x80-\xff](?:[\t !-~\x80-\xff]*[!-~\x80-\xff])?)?")
_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_METHODS_REFUSED: Final = frozenset({"CONNECT", "TRACE"})


@dataclass(slots=True)
class OutboundRequest:
    """`body` None and empty differ: only the latter is announced with a length.

    Requests with different `pool_key`s (a workspace and a credential) never share a socket.
    Those with the same `share_key` share one part of the budget of bytes; so do all that name none.
    `timeout_seconds` bounds the whole exchange and `max_bytes` the decoded body, each replacing
    the default of the settings. A longer body is refused, or with `cut` ends there.
    """

    method: str
    target: Target
    headers: Headers = ()
    body: bytes | None = None
    pool_key: str = field(kw_only=True)
    timeout_seconds: float | None = None
    max_bytes: int | None = None
    still_wanted: Callable[[], bool] | None = None
    """Asked right before the first byte leaves, each time one does: False, and none does."""
    share_key: str = field(default="", kw_only=True)
    cut: bool = field(default=False, kw_only=True)
    repeatable: bool = field(default=True, kw_only=True)
    """False: it is not sent a second time on a broken connection, though its method is safe."""


@dataclass(slots=True)
class OutboundResponse:
    """A final answer, 3xx included. Header names are lower-case, values ISO-8859-1 (RFC 9110 5.5).

    `body` is decoded; the headers that described its coding and framing are gone with it.
    """

    status: int
    headers: Headers
    body: bytes
    elapsed_seconds: float
    complete: bool = True
    """False where the body went on beyond what was asked for."""

    def header(self, name: str) -> str | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


def request_bytes(request: OutboundRequest) -> bytes:
    """Head and body as they go on the wire: the target unchanged, one Host, one length."""
    method, body = request.method, request.body
    if not is_token(method) or method in _METHODS_REFUSED:
        raise RequestInvalid("This HTTP method cannot be sent.")
    target = request.target
    lines = [f"{method} {target.path_and_query} HTTP/1.1\r\nhost: {target.authority}\r\n"]
    lines.append("accept-encoding: gzip\r\n")
    for name, value in request.headers:
        if not is_token(name) or _VALUE.fullmatch(value) is None:
            raise RequestInvalid(f"The header {name[:64]!r} cannot be sent as it is.")
        if name.lower() in FRAMING:
            raise RequestInvalid(f"The header {name[:64]!r} is set by the platform only.")
        lines.append(f"{name}: {value}\r\n")
    if body is not None or method in _METHODS_WITH_BODY:
        lines.append(f"content-length: {len(body or b'')}\r\n")
    lines.append("\r\n")
    head = "".join(lines).encode("latin-1")
    if len(head) > MAX_REQUEST_HEAD:
        raise RequestInvalid(f"The request's headers are longer than {MAX_REQUEST_HEAD} bytes.")
    return head + body if body else head
