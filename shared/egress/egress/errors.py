"""Everything that may go wrong on the way out. Each leaf names a permanent code.

    PlatformError
    └── EgressError                     `sent`: may a byte of the request have reached the peer?
        ├── (Invalid)  the caller wrote something that cannot be called
        │   ├── UrlInvalid              egress.url_invalid
        │   ├── UrlAmbiguous            egress.url_ambiguous
        │   ├── RequestInvalid          egress.request_invalid
        │   └── DomainInvalid           egress.domain_{malformed,wildcard,public_suffix,
        │                               address,special_use}
        ├── (Denied)  policy refuses; nothing was sent
        │   ├── SchemeRefused           egress.scheme_refused
        │   ├── PortRefused             egress.port_refused
        │   ├── HostRefused             egress.host_refused
        │   ├── AddressRefused          egress.address_refused
        │   └── RedirectRefused         egress.redirect_refused
        ├── ShareExceeded (Limited)     egress.share_exceeded
        └── NetworkFailed (Unavailable)
            ├── Overloaded              egress.overloaded
            ├── NameNotResolved         egress.name_not_resolved
            ├── ConnectFailed           egress.connect_failed
            ├── Withdrawn               egress.withdrawn
            ├── TlsFailed               egress.tls_failed
            ├── TimedOut                egress.timed_out
            ├── ConnectionLost          egress.connection_lost
            ├── ResponseTooLarge        egress.response_too_large
            ├── ResponseMalformed       egress.response_malformed
            └── EncodingRefused         egress.encoding_refused

No sentence or hint ever holds a resolved address, a header, a body or a query: whoever may name a
host must not learn from a refusal what that name leads to inside.
"""

from typing import ClassVar

from contracts.errors import Denied, Invalid, Limited, PlatformError, Unavailable
from egress.special_purpose import AddressClass


class EgressError(PlatformError):
    """`sent` is False only when provably no byte of the request can have reached the peer."""

    default_hint: ClassVar[str] = ""

    def __init__(
        self, sentence: str, *, hint: str = "", code: str | None = None, sent: bool = False
    ) -> None:
        super().__init__(sentence, hint=hint or self.default_hint, code=code)
        self.sent = sent


class UrlInvalid(EgressError, Invalid):
    code = "egress.url_invalid"
    default_hint = "Use an absolute URL such as https://api.example.com/v1."


class UrlAmbiguous(EgressError, Invalid):
    """Two independent parsers read the URL differently, so no reading of it can be trusted."""

    code = "egress.url_ambiguous"
    default_hint = "Write the URL plainly: scheme, host name, path; no user, no backslash."


class RequestInvalid(EgressError, Invalid):
    """A method, header or path that HTTP/1.1 cannot carry, or that only the engine may set."""

    code = "egress.request_invalid"


class DomainInvalid(EgressError, Invalid):
    """An entry of a domain list that is refused; its `code` says which rule refused it."""

    code = "egress.domain_malformed"
    default_hint = "Enter a plain domain such as example.com; its subdomains are included."


ALLOW_IT = (
    "The operator can allow the origin of an API of your own: EGRESS_ALLOWED_ORIGINS, or"
    " `openactions up --allow-origin`."
)


class SchemeRefused(EgressError, Denied):
    code = "egress.scheme_refused"
    default_hint = f"Use an https URL. {ALLOW_IT}"


class PortRefused(EgressError, Denied):
    code = "egress.port_refused"
    default_hint = f"Use port 443. {ALLOW_IT}"


class HostRefused(EgressError, Denied):
    code = "egress.host_refused"
    default_hint = f"Use the API's public domain name. {ALLOW_IT}"


class AddressRefused(EgressError, Denied):
    code = "egress.address_refused"
    default_hint = f"Use an API on the public internet. {ALLOW_IT}"

    def __init__(self, sentence: str, *, address_class: AddressClass | None = None) -> None:
        super().__init__(sentence)
        self.address_class = address_class
        """For the operator's log and metrics; never shown to whoever named the host."""


class RedirectRefused(EgressError, Denied):
    code = "egress.redirect_refused"
    default_hint = "Use the URL that the redirect leads to."


class ShareExceeded(EgressError, Limited):
    """Exchanges of the same share key hold as many bytes as they may (`egress.budget`)."""

    code = "egress.share_exceeded"


class NetworkFailed(EgressError, Unavailable):
    code = "egress.network_trouble"
    default_hint = "Check that the API is up, then try again."


class Overloaded(NetworkFailed):
    """Every connection, or byte, that settings or the operating system allow is in use."""

    code = "egress.overloaded"
    default_hint = "Try again in a moment."


class NameNotResolved(NetworkFailed):
    code = "egress.name_not_resolved"
    default_hint = "Check the spelling of the host and its DNS records."


class ConnectFailed(NetworkFailed):
    code = "egress.connect_failed"


class Withdrawn(NetworkFailed):
    """Whoever asked for the request no longer wanted it when its first byte was about to leave."""

    code = "egress.withdrawn"
    default_hint = "Try again; what allowed the request has changed meanwhile."


class TlsFailed(NetworkFailed):
    code = "egress.tls_failed"
    default_hint = "The API needs TLS 1.2 or newer and a publicly trusted certificate for its name."


class TimedOut(NetworkFailed):
    code = "egress.timed_out"


class ConnectionLost(NetworkFailed):
    """The peer closed or reset before its answer was complete."""

    code = "egress.connection_lost"


class ResponseTooLarge(NetworkFailed):
    code = "egress.response_too_large"
    default_hint = "Ask the API for less, for example with its paging parameters."


class ResponseMalformed(NetworkFailed):
    """The answer is not well-formed HTTP/1.1; nothing of it is handed on."""

    code = "egress.response_malformed"
    default_hint = "The API's answer breaks HTTP/1.1 (RFC 9112); its operator has to fix it."


class EncodingRefused(NetworkFailed):
    """The answer is compressed in a way that was not asked for."""

    code = "egress.encoding_refused"
    default_hint = "The API must answer plainly or with a single gzip or deflate coding."
