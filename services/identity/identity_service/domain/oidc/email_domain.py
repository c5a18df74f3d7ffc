"""Domains of people's e-mail addresses, in one spelling."""

from egress.domain_name import a_labels, normalise_domain
from egress.errors import DomainInvalid
from identity_service.domain.oidc.errors import DomainUnusable


def domain_of(email: str) -> str:
    """Of an address as `read_email` answers it."""
    return email.rpartition("@")[2]


def email_domain(unverified: str) -> str:
    """Lower-case A-labels; `DomainUnusable` for what is no public name."""
    try:
        return a_labels(normalise_domain(unverified.removeprefix("@")))
    except DomainInvalid as error:
        raise DomainUnusable(unverified, error.sentence) from None
