"""Addresses of people, as far as domains are concerned (RFC 5321, 4.1.2)."""

from dataclasses import dataclass

from egress.domain_name import normalise_domain
from egress.errors import DomainInvalid
from identity_service.domain.oidc.errors import DomainUnusable

MAX_CHARACTERS = 320


@dataclass(frozen=True, slots=True)
class EmailAddress:
    text: str
    """In lower case, as members' addresses are kept."""
    domain: str
    """Lower-case A-labels."""

    @classmethod
    def of(cls, unverified: object) -> "EmailAddress | None":
        """None where it is none that anybody here could have."""
        if not isinstance(unverified, str) or len(unverified) > MAX_CHARACTERS:
            return None
        local, _, domain = unverified.strip().lower().rpartition("@")
        if not local or not local.isprintable() or set(local) & set(' "@<>,;:\\()[]'):
            return None
        try:
            return cls(f"{local}@{domain}", email_domain(domain))
        except DomainUnusable:
            return None


def email_domain(unverified: str) -> str:
    """In one spelling; `DomainUnusable` for what is no public name."""
    try:
        return str(normalise_domain(unverified))
    except DomainInvalid as error:
        raise DomainUnusable(unverified, error.sentence) from None
