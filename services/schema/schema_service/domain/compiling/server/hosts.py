"""What a host's name says about it, before anybody asks where it leads."""

from contracts.errors import PlatformError
from contracts.wire import template_leads_elsewhere
from egress.domain_name import canonical_host, registrable_domain
from egress.errors import DomainInvalid, PortRefused, SchemeRefused, UrlInvalid
from egress.server_url import ServerUrl
from schema_service.domain.compiling.server.placeholders import (
    placeholder_in_host,
    shouted_placeholder,
)
from schema_service.domain.errors import PlaceholderHost

HTTPS_PORT = 443

_WRITE_IT = "Write the URL of your API: https://, its host's name, and the path if there is one."
_LEADS_ELSEWHERE = "The URL's path holds a dot segment or a control character."
_EXAMPLES = frozenset({"example.com", "example.net", "example.org", "example.edu"})


def refusal_of_placeholder(host: str) -> PlatformError | None:
    """For a host that is a valid name, and one that documents write in place of the real one."""
    label = placeholder_in_host(host)
    return None if label is None else PlaceholderHost(label)


def is_example(host: str) -> bool:
    """Names that are kept for examples (RFC 2606, 3) and lead to no API."""
    return registrable_domain(host) in _EXAMPLES


def checked_base_url(url: str) -> ServerUrl:
    """What a builder says. Raises where no call could be sent there, whatever the operator allows;
    `OriginRules.refusal` of its origin says what the operator does not.
    """
    try:
        server = ServerUrl.parse(url)
    except DomainInvalid as why:
        raise DomainInvalid(why.sentence, hint=_WRITE_IT, code=why.code) from None
    shouted = shouted_placeholder(url)
    if shouted is not None:
        raise PlaceholderHost(shouted)
    if template_leads_elsewhere(server.path):
        raise UrlInvalid(_LEADS_ELSEWHERE)
    return server


def host_refused(server: ServerUrl) -> PlatformError | None:
    """Why its host cannot be called, by whatever scheme."""
    try:
        canonical_host(server.host)
    except PlatformError as refusal:
        return refusal
    return refusal_of_placeholder(server.host)


def obstacle(server: ServerUrl) -> PlatformError | None:
    """Why a server cannot be called unless an operator allows it; None for any that is public.

    It follows from the URL alone, and decides between several servers only.
    """
    if server.scheme != "https":
        return SchemeRefused("Only https can be called.")
    try:
        canonical_host(server.host)
    except PlatformError as refusal:
        return refusal
    if server.port != HTTPS_PORT:
        return PortRefused(f"Port {server.port} cannot be called.")
    if template_leads_elsewhere(server.path):
        return UrlInvalid(_LEADS_ELSEWHERE)
    return refusal_of_placeholder(server.host)
