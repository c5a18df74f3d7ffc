"""Origins as services exchange them: canonical, made by egress's parser."""

import re
from typing import Final

_PORT: Final = re.compile(r":[0-9]+$")


def host_of(origin: str) -> str:
    """The host of `scheme://host[:port]`, an IPv6 literal with its brackets."""
    return _PORT.sub("", origin.partition("://")[2])
