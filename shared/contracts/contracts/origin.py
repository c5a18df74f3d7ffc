"""Origins as services exchange them: canonical, made by egress's parser."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Final

_PORT: Final = re.compile(r":[0-9]+$")
_DEFAULT_PORT: Final = re.compile(r"^(https://.+):443$|^(http://.+):80$")


def host_of(origin: str) -> str:
    """The host of `scheme://host[:port]`, an IPv6 literal with its brackets."""
    return _PORT.sub("", origin.partition("://")[2])


def origin_set_digest(origins: Iterable[str]) -> str:
    """What a set of canonical origins is called: credentials are kept by it, releases name it.

    SHA-256, in hex, of the distinct origins, sorted by code points, as a JSON array in ASCII
    without spaces. The scheme's own port counts as left out.
    """
    distinct = sorted({_DEFAULT_PORT.sub(r"\1\2", origin) for origin in origins})
    return hashlib.sha256(json.dumps(distinct, separators=(",", ":")).encode()).hexdigest()
