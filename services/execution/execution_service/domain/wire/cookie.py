"""Values of `style: cookie` (OAS 3.2, 4.12.3): as they are, since nothing is percent-encoded."""

import re
from collections.abc import Callable

from execution_service.domain.errors import HeaderRefused

_OCTETS = re.compile(r"[!#-+\--:<-\[\]-~]*")
"""RFC 6265, 4.1.1."""


def cookie_octets(name: str) -> Callable[[str], str]:
    """The text itself; refuses what a cookie cannot hold without being escaped."""

    def checked(text: str) -> str:
        if not _OCTETS.fullmatch(text):
            raise HeaderRefused(
                f"The value for the cookie {name} holds a space, a quote, a comma, a semicolon, a "
                "backslash or a character outside ASCII.",
                hint="Percent-encode it in the argument: this API takes cookies as they are.",
            )
        return text

    return checked
