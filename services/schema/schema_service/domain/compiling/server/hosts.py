"""What a host's name says about it, before anybody asks where it leads."""

import re

from contracts.errors import PlatformError
from contracts.wire import template_leads_elsewhere
from egress.domain_name import canonical_host, registrable_domain
from egress.errors import PortRefused, SchemeRefused, UrlInvalid
from egress.server_url import ServerUrl
from schema_service.domain.errors import PlaceholderHost

HTTPS_PORT = 443

_YOURS = (
    "account|api|app|application|backend|company|domain|endpoint|host|hostname|instance|ip|name"
    "|org|organi[sz]ation|project|server|service|site|subdomain|tenant|url|username|website"
    "|workspace"
)
_YOURS_APART = (
    f"{_YOURS}|actual|aws|azure|base|bucket|cloud|custom|deployed|deployment|firm|function|gateway"
    "|heroku|hosted|id|netlify|ngrok|own|plugin|portal|prod|production|proxy|public|railway|real"
    "|region|render|repl|replit|resource|shop|space|store|sub|team|tunnel|user|vercel|web|webapp"
    "|worker"
)
"""What follows a `your-`; without the sign between them some are names of firms."""
_PLACEHOLDER_LABEL = re.compile(
    # your-domain, yourdomain, your-vercel-project, insert-host-here, change-me, xxxx-xx-xx
    rf"your|your(?:{_YOURS})(?:[-_].*|here|url|name|domain)?|your[-_](?:{_YOURS_APART})(?:[-_].*)?"
    r"|your[-_].*[-_]here|(?:insert|replace|enter|put)[-_](?:me|this|with|your|here|host|domain).*"
    r"|change[-_]?me|placeholder|x{3,}(?:-x+)*|x+(?:-x+){2,}|todo|tbd"
)
_PLACEHOLDER_TEXT = re.compile(
    # YOUR_API, <your-domain>, [host], %HOST%, MY_HOST_NAME, {{host}}
    r"<[^<>]*>|\[[A-Za-z_ -]+\]|%[A-Za-z_]+%|\{\{[^{}]*\}\}|\bYOUR[\w-]*|\b[A-Z]+(?:_[A-Z0-9]+)+\b"
)
_EXAMPLES = frozenset({"example.com", "example.net", "example.org", "example.edu"})


def placeholder_in(url: str) -> str | None:
    """The part of a URL's authority, as it is written, that stands for a host to be put there."""
    authority = url.partition("://")[2].partition("/")[0]
    found = _PLACEHOLDER_TEXT.search(authority)
    if found is not None:
        return found[0]
    return _placeholder_label(authority.partition(":")[0].lower())


def refusal_of_placeholder(host: str) -> PlatformError | None:
    """For a host that is a valid name, and one that documents write in place of the real one."""
    label = _placeholder_label(host)
    return None if label is None else PlaceholderHost(label)


def is_example(host: str) -> bool:
    """Names that are kept for examples (RFC 2606, 3) and lead to no API."""
    return registrable_domain(host) in _EXAMPLES


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
        return UrlInvalid("The URL's path holds a dot segment or a control character.")
    return refusal_of_placeholder(server.host)


def _placeholder_label(host: str) -> str | None:
    labels = host.removesuffix(".").split(".")
    return next((label for label in labels[:-1] if _PLACEHOLDER_LABEL.fullmatch(label)), None)
