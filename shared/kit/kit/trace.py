"""W3C Trace Context, carried from request to fact to request by the kit alone."""

import re
import secrets
from contextvars import ContextVar

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def begin(unverified_traceparent: str | None) -> str:
    """Continue the caller's trace where its header is well-formed, else start one."""
    random = secrets.token_hex(24)
    trace_id = random[:32]
    if unverified_traceparent and (match := _TRACEPARENT.fullmatch(unverified_traceparent)):
        trace_id = match[1]
    traceparent = f"00-{trace_id}-{random[32:]}-01"
    _current.set(traceparent)
    return traceparent


def current() -> str | None:
    return _current.get()


def trace_id() -> str:
    """The 32 hex digits that a person quotes to an operator; empty outside of any trace."""
    traceparent = _current.get()
    return traceparent[3:35] if traceparent else ""
