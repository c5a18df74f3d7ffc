"""The only way out of the platform: parse once, resolve once, dial only checked addresses.

Names load when they are used: a service that only compares domains need not hold an HTTP engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from egress.address import refusal
    from egress.budget import Budget
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
        NetworkFailed,
        Overloaded,
        PortRefused,
        RedirectRefused,
        RequestInvalid,
        ResponseMalformed,
        ResponseTooLarge,
        SchemeRefused,
        ShareExceeded,
        TimedOut,
        TlsFailed,
        UrlAmbiguous,
        UrlInvalid,
        Withdrawn,
    )
    from egress.httpx_transport import EgressTransport
    from egress.message import OutboundRequest, OutboundResponse
    from egress.operator import OperatorEgress
    from egress.redirects import Followed, follow
    from egress.resolver import Resolver, ScriptedResolver
    from egress.settings import EgressSettings
    from egress.special_purpose import AddressClass
    from egress.streamed import StreamedAnswer
    from egress.target import Target, parse_server_url
    from egress.transport import Egress

__all__ = [
    "AddressClass",
    "AddressRefused",
    "Budget",
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
    "NetworkFailed",
    "OperatorEgress",
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
    "ShareExceeded",
    "StreamedAnswer",
    "Target",
    "TimedOut",
    "TlsFailed",
    "UrlAmbiguous",
    "UrlInvalid",
    "Withdrawn",
    "follow",
    "is_within",
    "normalise_domain",
    "parse_server_url",
    "refusal",
    "registrable_domain",
]

_HOMES = {
    "AddressClass": "egress.special_purpose",
    "AddressRefused": "egress.errors",
    "Budget": "egress.budget",
    "ConnectFailed": "egress.errors",
    "ConnectionLost": "egress.errors",
    "DomainInvalid": "egress.errors",
    "Egress": "egress.transport",
    "EgressError": "egress.errors",
    "EgressSettings": "egress.settings",
    "EgressTransport": "egress.httpx_transport",
    "EncodingRefused": "egress.errors",
    "Followed": "egress.redirects",
    "HostRefused": "egress.errors",
    "NameNotResolved": "egress.errors",
    "NetworkFailed": "egress.errors",
    "OperatorEgress": "egress.operator",
    "OutboundRequest": "egress.message",
    "OutboundResponse": "egress.message",
    "Overloaded": "egress.errors",
    "PortRefused": "egress.errors",
    "RedirectRefused": "egress.errors",
    "RequestInvalid": "egress.errors",
    "Resolver": "egress.resolver",
    "ResponseMalformed": "egress.errors",
    "ResponseTooLarge": "egress.errors",
    "SchemeRefused": "egress.errors",
    "ShareExceeded": "egress.errors",
    "ScriptedResolver": "egress.resolver",
    "StreamedAnswer": "egress.streamed",
    "Target": "egress.target",
    "TimedOut": "egress.errors",
    "TlsFailed": "egress.errors",
    "UrlAmbiguous": "egress.errors",
    "UrlInvalid": "egress.errors",
    "Withdrawn": "egress.errors",
    "follow": "egress.redirects",
    "is_within": "egress.domain_name",
    "normalise_domain": "egress.domain_name",
    "parse_server_url": "egress.target",
    "refusal": "egress.address",
    "registrable_domain": "egress.domain_name",
}


def __getattr__(name: str) -> Any:
    """PEP 562."""
    if name not in _HOMES:
        raise AttributeError(f"egress has no {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
