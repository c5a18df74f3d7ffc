"""The only way out of the platform: parse once, resolve once, dial only checked addresses."""

from egress.address import refusal
from egress.domain_name import is_within, normalise_domain, registrable_domain
from egress.errors import (
    AddressRefused,
    ConnectFailed,
    ConnectionLost,
    DomainInvalid,
    EgressError,
    EncodingRefused,
    HostRefused,
    NameNotResolved,
    NetworkTrouble,
    Overloaded,
    PortRefused,
    RedirectRefused,
    RequestInvalid,
    ResponseMalformed,
    ResponseTooLarge,
    SchemeRefused,
    TimedOut,
    TlsFailed,
    UrlAmbiguous,
    UrlInvalid,
)
from egress.httpx_transport import EgressTransport
from egress.message import ENGINE_HEADERS, OutboundRequest, OutboundResponse
from egress.redirects import Followed, follow
from egress.resolver import Resolver, ScriptedResolver
from egress.settings import EgressSettings
from egress.special_purpose import AddressClass
from egress.target import Target, parse_server_url
from egress.transport import Egress

__all__ = [
    "ENGINE_HEADERS",
    "AddressClass",
    "AddressRefused",
    "ConnectFailed",
    "ConnectionLost",
    "DomainInvalid",
    "Egress",
    "EgressError",
    "EgressSettings",
    "EgressTransport",
    "EncodingRefused",
    "Followed",
    "HostRefused",
    "NameNotResolved",
    "NetworkTrouble",
    "OutboundRequest",
    "OutboundResponse",
    "Overloaded",
    "PortRefused",
    "RedirectRefused",
    "RequestInvalid",
    "Resolver",
    "ResponseMalformed",
    "ResponseTooLarge",
    "SchemeRefused",
    "ScriptedResolver",
    "Target",
    "TimedOut",
    "TlsFailed",
    "UrlAmbiguous",
    "UrlInvalid",
    "follow",
    "is_within",
    "normalise_domain",
    "parse_server_url",
    "refusal",
    "registrable_domain",
]
