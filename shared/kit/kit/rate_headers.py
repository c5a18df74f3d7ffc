"""`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): each limit that a
request is under, what is left of it, and when there is more.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil

from kit.quota import Limit
from kit.rate_limits import RateLimited

Headers = Sequence[tuple[bytes, bytes]]


def rate_limit_headers(
    left: Iterable[tuple[Limit, int, float]], refused: RateLimited | None = None
) -> Headers:
    """Of what `RateLimits.remaining` says: `q` calls in `w` seconds, those of a window and not of
    a minute, over which a quota is spread (`Quota.promise`); `r` calls may be made at once,
    and `t` seconds from now as many as ever. Of a limit that refuses, `t` is its Retry-After.
    """
    policies, states = [], []
    for limit, calls, seconds in left:
        after = seconds
        if refused is not None and refused.limit is limit:
            after = refused.retry_after_seconds or 1
        policies.append(_policy(limit.name, *limit.quota.promise))
        states.append(f'"{limit.name}";r={calls};t={ceil(after) or 1}')
    if not policies:
        return ()
    return (
        (b"ratelimit-policy", ", ".join(policies).encode()),
        (b"ratelimit", ", ".join(states).encode()),
    )


@lru_cache(maxsize=1_000)
def _policy(name: str, calls: int, seconds: int) -> str:
    return f'"{name}";q={calls};w={seconds}'
