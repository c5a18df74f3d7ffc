"""The header `OpenActions-User`: for whom the bearer of a token acts."""

import re

from contracts.errors import Invalid
from kit.front import Scope
from kit.hot import headers_of

HEADER = b"openactions-user"
MAX_CHARACTERS = 254
_WHOM = re.compile(r"mem_[A-Za-z0-9]+|[^\s@:,]+@[^\s@:,]+")
"""A member's id, or what looks like an e-mail address; identity knows whether it is one."""


class OnBehalfInvalid(Invalid):
    code = "platform.on_behalf_invalid"

    def __init__(self) -> None:
        super().__init__(
            "The header `OpenActions-User` does not say for which member this request is.",
            hint="Send it once, with a member's id such as mem_01J… or their e-mail address; or "
            "leave it out.",
        )


def on_behalf_of(request: Scope) -> str | None:
    """An id, or an address in lower case; None where the request is for nobody else."""
    found = headers_of(request, HEADER)
    if not found:
        return None
    whom = found[0].strip()
    if len(found) > 1 or len(whom) > MAX_CHARACTERS or not whom.isascii():
        raise OnBehalfInvalid
    if _WHOM.fullmatch(whom) is None:
        raise OnBehalfInvalid
    return whom.lower() if "@" in whom else whom
