"""The `Prefer` header (RFC 7240): how long a caller is ready to wait for an answer."""

import re
from typing import Annotated

from fastapi import Header

_WAIT = re.compile(r'(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[;,]|$)', re.IGNORECASE)
_RESPOND_ASYNC = re.compile(r"(?:^|,)\s*respond-async\s*(?=[;,]|$)", re.IGNORECASE)


def prefers_async(prefer: str) -> bool:
    """`respond-async` (RFC 7240, 4.1): 202 at once, and the answer later."""
    return _RESPOND_ASYNC.search(prefer) is not None


def wait_seconds(prefer: str) -> float | None:
    """`wait` in seconds (RFC 7240, 4.3), None without one; what cannot be read is no preference."""
    found = _WAIT.search(prefer)
    return float(found[1]) if found else None


def wait_preferred(
    prefer: Annotated[
        list[str] | None, Header(description="`wait=N`: wait up to so many seconds (RFC 7240).")
    ] = None,
) -> float | None:
    """A dependency for a route's signature; several `Prefer` headers read as one."""
    return wait_seconds(", ".join(prefer or []))
