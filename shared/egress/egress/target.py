"""A target: proof that a URL was parsed twice, read alike, and names something we may try to call.

Made in exactly one function. Whether its host leads to a public address is decided later, at each
new connection, because only that moment's answer counts.
"""

from dataclasses import dataclass
from typing import Final, Self

from egress.domain_name import a_labels, canonical_host, registrable_domain
from egress.errors import (
    AddressRefused,
    DomainInvalid,
    HostRefused,
    PortRefused,
    RequestInvalid,
    SchemeRefused,
    UrlInvalid,
)
from egress.origin import canonical_literal
from egress.settings import EgressSettings
from egress.uri import DEFAULT_PORTS, SplitUrl, agree, is_request_target, split_url

MAX_REQUEST_TARGET: Final = 64 * 1024
"""Bytes of path and query on the wire; `uri.MAX_URL_BYTES` bounds what people write down."""


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str
    """Lower-case A-labels, or an IP literal that the operator allowed."""
    port: int
    path_and_query: str
    """Exactly the bytes that follow the method on the wire."""
    origin: str
    """`scheme://host:port`, the port always written: what secrets are bound to."""
    registrable_domain: str
    """`example.co.uk` for `api.example.co.uk`; the host itself where it has none."""

    @classmethod
    def parse(cls, url: str, settings: EgressSettings | None = None) -> Self:
        """Refuse whatever is ambiguous, not public by its name, or not https on an allowed port.

        Without settings only what is public is allowed.
        """
        rules = settings or STRICT
        split = split_url(url)
        if split.fragment is not None:
            raise UrlInvalid("A URL to call must not have a fragment.")
        host = _host(split, rules)
        agree(split, host, url)
        origin = f"{split.scheme}://{host}:{split.port}"
        if not rules.allows_origin(origin):
            _check_policy(split, host, rules)
        domain = registrable_domain(host) or host
        return cls(split.scheme, host, split.port, split.path_and_query, origin, domain)

    @property
    def path(self) -> str:
        return self.path_and_query.partition("?")[0]

    @property
    def query(self) -> str | None:
        _, mark, query = self.path_and_query.partition("?")
        return query if mark else None

    @property
    def authority(self) -> str:
        """What the Host header says: the port only where it is not the scheme's own."""
        return self.host if self.port == DEFAULT_PORTS[self.scheme] else f"{self.host}:{self.port}"

    def at(self, path_and_query: str) -> "Target":
        """The same origin with another request target, sent byte for byte as given.

        Cheap: the origin is not parsed again. The text must start with `/`, be visible ASCII and
        hold no fragment; nothing in it can change where the request goes (RFC 9112 3.2.1).
        """
        if len(path_and_query) > MAX_REQUEST_TARGET or not is_request_target(path_and_query):
            raise RequestInvalid(
                "The path is too long, or is not visible ASCII that starts with a slash.",
                hint="Percent-encode the path and the query.",
            )
        return Target(
            self.scheme,
            self.host,
            self.port,
            path_and_query,
            self.origin,
            self.registrable_domain,
        )


STRICT: Final = EgressSettings.model_construct()
"""The defaults, whatever the environment says."""


def parse_server_url(url: str, settings: EgressSettings | None = None) -> Target:
    """A base URL that paths are appended to: it has neither query nor fragment."""
    split = split_url(url)
    if split.query is not None or split.fragment is not None:
        raise UrlInvalid("A server URL must not have a query or a fragment.")
    return Target.parse(url, settings)


def _host(split: SplitUrl, rules: EgressSettings) -> str:
    literal = canonical_literal(split.written_host)
    named = literal or _allowed_name(split, rules)
    if named is not None and rules.allows_origin(f"{split.scheme}://{named}:{split.port}"):
        return named
    if literal is not None:
        raise AddressRefused("An IP address cannot be called; a domain name is needed.")
    return canonical_host(split.written_host)


def _allowed_name(split: SplitUrl, rules: EgressSettings) -> str | None:
    """Names that only the operator can make callable, such as `localhost`, need syntax only."""
    if not rules.allowed_origins:
        return None
    try:
        return a_labels(split.written_host)
    except DomainInvalid:
        return None


def _check_policy(split: SplitUrl, host: str, rules: EgressSettings) -> None:
    if split.scheme != "https":
        raise SchemeRefused("Only https can be called.")
    if split.port not in rules.allowed_ports:
        raise PortRefused(f"Port {split.port} cannot be called.")
    if rules.is_own(host):
        raise HostRefused("The platform does not call itself.")
