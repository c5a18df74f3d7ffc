"""E-mail addresses by which members are known: one spelling each, so that equal ones are equal."""

import re

from egress.domain_name import a_labels
from egress.errors import DomainInvalid
from identity_service.domain.member_errors import EmailInvalid

MAX_CHARACTERS = 254
"""Of a whole address (RFC 5321, 4.5.3.1.3, without the angle brackets)."""
MAX_LOCAL = 64
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
"""What stands before the `@`: a dot-atom (RFC 5322, 3.2.3), in lower case."""


def read_email(text: str) -> str:
    """In lower case, the domain in A-labels; `EmailInvalid` where it is no address."""
    local, _, domain = text.strip().rpartition("@")
    local = local.lower()
    if len(local) > MAX_LOCAL or _LOCAL.fullmatch(local) is None:
        raise EmailInvalid
    try:
        address = f"{local}@{a_labels(domain)}"
    except DomainInvalid:
        raise EmailInvalid from None
    if len(address) > MAX_CHARACTERS:
        raise EmailInvalid
    return address


def known_email(unverified: object) -> str | None:
    """As members' addresses are kept; None where it is none that a member could have."""
    if not isinstance(unverified, str):
        return None
    try:
        return read_email(unverified)
    except EmailInvalid:
        return None
