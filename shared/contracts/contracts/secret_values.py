"""Which texts of a credential are secret: auth warns about short ones, execution masks the others.

`headers` and `query` are the pairs that are sent.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from itertools import chain

MIN_MASKED_CHARACTERS = 8
"""Shorter texts are in many answers that have nothing to do with the credential."""

_PARAMETER = re.compile(r"""(?:^|[\s,;])[\w.-]+=["']?([^\s,;"']+)""")
"""`token=…` in a header's value (RFC 9110, 5.6.6): what APIs call a key and echo."""

Pairs = Iterable[tuple[str, str]]


def secrets_of(headers: Pairs, query: Pairs) -> list[str]:
    """Each key, token and password by itself, without what says how it is sent."""
    of_headers = chain.from_iterable(_secrets(name, value) for name, value in headers)
    return [secret for secret in (*(value for _, value in query), *of_headers) if secret]


def masked_values(headers: Pairs, query: Pairs) -> tuple[str, ...]:
    """The secrets, user names and whole values of headers that are long enough to be masked.

    Of user names and whole values, one that contains another of these is left out: it is masked
    with that one. A secret is always there: what only begins as another value would remain.
    """
    headers = list(headers)
    parameters = chain.from_iterable(_PARAMETER.findall(value) for _, value in headers)
    secrets = _long((*secrets_of(headers, query), *parameters))
    others = _long(chain.from_iterable(_others(value) for _, value in headers))
    known = (*secrets, *others)
    more = [
        value
        for value in others
        if value not in secrets and not any(each in value and each != value for each in known)
    ]
    return (*secrets, *more)


def _long(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if len(value) >= MIN_MASKED_CHARACTERS]


def _secrets(name: str, value: str) -> Iterator[str]:
    scheme, _, rest = value.partition(" ")
    if name.lower() == "cookie":
        yield from (cookie.partition("=")[2].strip() for cookie in value.split(";"))
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
