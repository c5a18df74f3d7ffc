"""Which texts of a credential are secret: auth warns about short ones, execution masks the others.

`headers` and `query` are the pairs that are sent.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from itertools import chain

MIN_MASKED_CHARACTERS = 8
"""Shorter texts are in many answers that have nothing to do with the credential."""

Pairs = Iterable[tuple[str, str]]


def secrets_of(headers: Pairs, query: Pairs) -> list[str]:
    """Each key, token and password by itself, without what says how it is sent."""
    of_headers = chain.from_iterable(_secrets(name, value) for name, value in headers)
    return [secret for secret in (*(value for _, value in query), *of_headers) if secret]


def masked_values(headers: Pairs, query: Pairs) -> tuple[str, ...]:
    """The secrets, user names and whole values of headers that are long enough to be masked.

    One that contains another is left out: it is masked with that one.
    """
    headers = list(headers)
    found = [
        *secrets_of(headers, query),
        *chain.from_iterable(_others(value) for _, value in headers),
    ]
    long = [value for value in dict.fromkeys(found) if len(value) >= MIN_MASKED_CHARACTERS]
    return tuple(
        value for value in long if not any(other in value and other != value for other in long)
    )


def _secrets(name: str, value: str) -> Iterator[str]:
    scheme, _, rest = value.partition(" ")
    if name.lower() == "cookie":
        yield from (crumb.partition("=")[2].strip() for crumb in value.split(";"))
    elif not rest or " " in rest:
        yield value
    else:
        pair = _pair(rest) if scheme.lower() == "basic" else None
        yield pair.partition(":")[2] if pair else rest


def _others(value: str) -> Iterator[str]:
    yield value
    scheme, _, rest = value.partition(" ")
    if scheme.lower() == "basic" and (pair := _pair(rest)):
        yield from (rest, pair, pair.partition(":")[0])


def _pair(encoded: str) -> str | None:
    """User and password (RFC 7617), if it is them."""
    try:
        pair = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return pair if ":" in pair else None
