"""Where people may be sent to sign in, and where client secrets and tokens may go."""

from collections.abc import Iterable
from dataclasses import dataclass

from auth_service.domain.errors import SignInDomainNotAllowed
from contracts.origin import host_of
from egress.domain_name import is_within, registrable_domain
from egress.server_url import canonical_origin

SHIPPED = ("adobe.com", "adobelogin.com", "google.com", "googleapis.com", "microsoftonline.com")
"""Adobe, Google and Microsoft. The list is here until policy has one for each workspace."""


@dataclass(frozen=True, slots=True)
class SignInDomains:
    """`added` by the operator: domains as `normalise_domain` writes them, each with all below."""

    added: tuple[str, ...] = ()

    def ensure_allowed(self, url: str, name: str, api_origins: Iterable[str]) -> None:
        """Raises `SignInDomainNotAllowed` unless the host shares the registrable domain of one of
        the API's hosts, or is a listed domain or below one.
        """
        host = _host(url)
        own = sorted({_domain(_host(origin)) for origin in api_origins})
        if _domain(host) in own:
            return
        if not any(is_within(host, each) for each in (*SHIPPED, *self.added)):
            raise SignInDomainNotAllowed(name, _domain(host), own)


def _host(url: str) -> str:
    return host_of(canonical_origin(url))


def _domain(host: str) -> str:
    """Of a host that nobody could register, such as an address, the host itself."""
    return registrable_domain(host) or host
