"""When a token is renewed: before it expires, and not all at once."""

import math
from datetime import datetime, timedelta

MARGIN = timedelta(seconds=60)
MARGIN_OF_LIFE = 0.1
MOST_OF_LIFE = 0.5
JITTER = 0.1
MAX_LIFETIME = timedelta(days=3_652)
"""Ten years."""
_MAX_SECONDS = MAX_LIFETIME.total_seconds()


def expires_at(obtained_at: datetime, seconds: float | None) -> datetime | None:
    """None where nothing says when: such a token is used until the API answers 401."""
    if seconds is None:
        return None
    return obtained_at + timedelta(seconds=min(max(seconds, 0), _MAX_SECONDS))


def refresh_at(obtained_at: datetime, expires: datetime, jitter: float) -> datetime:
    """60 s or 10 % of its life before it expires, whichever is more, and never before half of it.

    `jitter`, from -1 to 1, moves that by up to a tenth. A token without a life is due at once.
    """
    life = max(expires - obtained_at, timedelta())
    margin = max(MARGIN, life * MARGIN_OF_LIFE) * (1 + JITTER * min(max(jitter, -1.0), 1.0))
    return max(obtained_at, expires - min(margin, life * MOST_OF_LIFE))


def seconds_of(unverified: object) -> float | None:
    """`expires_in` of an answer (RFC 6749, 5.1), within 0 and ten years; None where it is none. A
    text is read as a number.
    """
    number = _number(unverified)
    return None if number is None else min(max(number, 0.0), _MAX_SECONDS)


def seconds_until(unverified: object, now: datetime) -> float | None:
    """`expires` of an answer: seconds too or, beyond ten years, a time since 1970 in seconds or,
    where that would be after the year 5138, milliseconds.
    """
    number = _number(unverified)
    if number is None or number <= _MAX_SECONDS:
        return seconds_of(number)
    since_1970 = number / 1_000 if number > 1e11 else number  # noqa: PLR2004 - the year 5138
    return seconds_of(since_1970 - now.timestamp())


def _number(unverified: object) -> float | None:
    if isinstance(unverified, bool) or not isinstance(unverified, int | float | str):
        return None
    try:
        number = float(unverified)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
