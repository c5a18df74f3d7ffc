"""Origins as services exchange them: canonical, made by egress's parser."""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

_PORT: Final = re.compile(r":[0-9]+$")


def host_of(origin: str) -> str:
    """The host of `scheme://host[:port]`, an IPv6 literal with its brackets."""
    return _PORT.sub("", origin.partition("://")[2])


def origin_set_digest(origins: Iterable[str]) -> str:
    """SHA-256 (hex) of the JSON array of these canonical origins, sorted, each once."""
    return sha256(json.dumps(sorted(set(origins)), separators=(",", ":")).encode()).hexdigest()
