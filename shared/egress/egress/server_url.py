"""A base URL as a document writes it, in one canonical spelling.

Syntax only, the same for whoever reads it: whether it may be called is checked by `Target`.
"""

from dataclasses import dataclass
from typing import Self

from egress.domain_name import a_labels
from egress.errors import UrlInvalid
from egress.origin import canonical_literal
from egress.uri import DEFAULT_PORTS, SplitUrl, agree, split_url


@dataclass(frozen=True, slots=True)
class ServerUrl:
    scheme: str
    host: str
    """Lower-case A-labels, or an IP literal, IPv6 in brackets."""
    port: int
    path: str
    """As it was written, without slashes at its end."""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Raises `UrlInvalid`, or another `EgressError`, for what no setting makes callable."""
        split = split_url(url)
        if split.query is not None or split.fragment is not None:
            raise UrlInvalid("A server URL must not have a query or a fragment.")
        host = _host(split)
        agree(split, host, url)
        return cls(split.scheme, host, split.port, split.path.rstrip("/"))

    @property
    def origin(self) -> str:
        """`scheme://host:port`, the port always written, as `Target.origin`."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def base(self) -> str:
        """The port only where it is not the scheme's own."""
        return _shown(self.scheme, self.host, self.port) + self.path


def canonical_origin(url: str) -> str:
    """The origin of a URL, whatever its path (RFC 6454, 6.2: the port only where it is not the
    scheme's own): how origins are stored and shown. Raises as `ServerUrl.parse`.
    """
    split = split_url(url)
    host = _host(split)
    agree(split, host, url)
    return _shown(split.scheme, host, split.port)


def _host(split: SplitUrl) -> str:
    return canonical_literal(split.written_host) or a_labels(split.written_host)


def _shown(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{host}" if DEFAULT_PORTS[scheme] == port else f"{scheme}://{host}:{port}"
