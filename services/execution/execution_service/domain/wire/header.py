"""Request headers that a caller may set, and values that cannot become a second header."""

import re
from collections.abc import Callable
from typing import Any

from contracts.headers import is_reserved, is_token
from execution_service.domain.errors import HeaderRefused, OperationUnusable

MAX_HEADER_CHARACTERS = 8 * 1024

_VALUE = re.compile(r"[\t\x20-\x7e]*")


def checked_name(name: str) -> str:
    if not is_token(name):
        raise OperationUnusable(
            f"{name[:80]!r} is not a header name.", hint="Correct the parameter in the schema."
        )
    return name


def header_writer(
    name: str, argument: str, write: Callable[[Any], str | None]
) -> Callable[[Any], str | None]:
    """Wrap `write` so that it refuses what must not leave as a header."""
    checked_name(name)
    if is_reserved(name):
        return _refuser(name, argument)

    def guarded(value: Any) -> str | None:
        text = write(value)
        if text is not None and (len(text) > MAX_HEADER_CHARACTERS or not _VALUE.fullmatch(text)):
            raise _refused_value(name, argument, text)
        return text

    return guarded


def _refuser(name: str, argument: str) -> Callable[[Any], str | None]:
    def refuse(_value: Any) -> str | None:
        raise HeaderRefused(
            f"The header {name} is set by the platform, never by an argument.",
            hint=f"Call again without the argument {argument!r}.",
        )

    return refuse


def _refused_value(name: str, argument: str, text: str) -> HeaderRefused:
    if len(text) > MAX_HEADER_CHARACTERS:
        reason = f"is longer than {MAX_HEADER_CHARACTERS} characters"
    else:
        reason = "holds line breaks, control characters or characters outside ASCII"
    return HeaderRefused(
        f"The value for the header {name} {reason}.", hint=f"Correct the argument {argument!r}."
    )
