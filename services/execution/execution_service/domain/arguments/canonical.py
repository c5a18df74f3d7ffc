"""One spelling for equal arguments: what an approval is bound to and an audit record names.

The canonical form is RFC 8785's in effect: sorted members, no white space, shortest numbers, UTF-8.
It differs where RFC 8785 would make two different requests equal or needs a slower encoder:
numbers keep all their digits instead of being rounded to a double, `1.0` is neither `1` nor `1.00`
(they are sent differently), and members are sorted by code point, not by UTF-16 unit. It is
compared only with itself, never with another implementation's.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from execution_service.domain.arguments.exact_json import write_json


def canonical_arguments(arguments: Mapping[str, Any]) -> bytes:
    """Raises TypeError for what JSON cannot carry: see `json_value.flaws`."""
    return write_json(arguments, orjson.OPT_SORT_KEYS)


def arguments_hash(canonical: bytes) -> str:
    """SHA-256 in hexadecimal of canonical arguments."""
    return sha256(canonical).hexdigest()
