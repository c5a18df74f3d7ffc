"""Cookies as RFC 6265, 4.1.1 and 4.2.1 has them: pairs with semicolons between, split at nothing
else.

`style: form` is percent-encoded (RFC 6570, 3.2.8); `style: cookie` of OAS 3.2 (4.12.3) is sent as
it is, and what would need to be escaped is refused.
"""

from collections.abc import Callable
from functools import partial

from contracts.headers import is_cookie_value, is_token
from contracts.operation import Parameter
from execution_service.domain.errors import HeaderRefused
from execution_service.domain.wire.percent import encode_name, encode_reserved_in_cookie
from execution_service.domain.wire.style import ENCODED, Encoding


def cookie_encoding(parameter: Parameter) -> Encoding:
    if not parameter.is_encoded:
        name = parameter.name
        return Encoding(cookie_octets(name), partial(_cookie_name, name), _own_name)
    return Encoding(encode_reserved_in_cookie) if parameter.allow_reserved else ENCODED


def cookie_octets(name: str) -> Callable[[str], str]:
    """The text itself; refuses what a cookie cannot hold without being escaped."""

    def checked(text: str) -> str:
        if not is_cookie_value(text):
            raise HeaderRefused(
                f"The value for the cookie {name} holds a space, a quote, a comma, a semicolon, a "
                "backslash or a character outside ASCII.",
                hint="Percent-encode it in the argument: this API takes cookies as they are.",
            )
        return text

    return checked


def _cookie_name(parameter: str, member: str) -> str:
    """A member of an object that becomes a cookie of its own."""
    if not is_token(member):
        raise HeaderRefused(
            f"A member of {parameter[:80]!r} would be sent as the cookie {member[:80]!r}, and that "
            "is no name of a cookie.",
            hint="Name its members with letters, digits, dots, hyphens and underscores.",
        )
    return member


def _own_name(name: str) -> str:
    """As the document has it; what is no token is escaped, since it could be sent in no other way
    (RFC 6265, 4.1.1, cookie-name).
    """
    return name if is_token(name) else encode_name(name)
