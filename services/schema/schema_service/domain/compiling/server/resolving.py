"""Relative URLs of servers (OAS 3.1, 4.8.5)."""

from urllib.parse import urljoin, urlsplit

from contracts.wire import template_leads_elsewhere
from egress.errors import EgressError
from egress.server_url import ServerUrl
from egress.uri import check_text
from schema_service.domain.compiling.server.beginnings import lacks_scheme, misspelt_scheme
from schema_service.domain.compiling.server.placeholders import another_tools, path_placeholder
from schema_service.domain.compiling.server.query import WrittenUrl
from schema_service.domain.compiling.server.values import MAX_LENGTH
from schema_service.domain.compiling.server.whole_placeholders import whole_placeholder

_ANY_BASE = "https://host.invalid"
"""To find out whether a relative URL could be resolved."""


def absolute(url: str, source_url: str | None) -> str | None:
    """Relative ones are resolved against where the document came from (RFC 3986, 5.2).

    One that begins with a host lacks nothing but its scheme. None where there is nothing to
    resolve it against.
    """
    try:
        if url.startswith("//"):
            return f"https:{url}"
        whole = urljoin(source_url or "", url)
        return whole if urlsplit(whole).scheme else None
    except ValueError:
        return url


def behind(base_url: str, reference: str) -> str:
    """Where a server is called once a builder gave a base URL, wherever it was given: behind it if
    its URL, with the values of its variables, is relative; else the base URL takes its place.
    """
    return below(base_url, reference) if can_stand_behind(reference) else base_url


def referring(url: str, template: str) -> str:
    """What of a server stands behind a base URL, its query included; empty where nothing could.
    `template` is its URL as it is written, `url` the same with values and without a query.
    """
    reference = url + template.partition("#")[0].removeprefix(WrittenUrl.of(template).plain)
    return reference if can_stand_behind(reference) else ""


def can_stand_behind(reference: str) -> bool:
    """Whether it is a relative URL to call: no host without its scheme, no text that stands for a
    URL, no braces. Behind a long base URL it may be too long nevertheless.
    """
    written = WrittenUrl.of(reference)
    plain = written.plain
    if not plain or len(reference) > MAX_LENGTH or written.is_open or _means_another(plain):
        return False
    try:
        check_text(plain)  # `urljoin` drops control characters
        if urlsplit(plain).scheme or urlsplit(plain).netloc:
            return False
        whole = ServerUrl.parse(below(_ANY_BASE, plain))
    except (EgressError, ValueError):
        return False
    return not template_leads_elsewhere(whole.path)


def _means_another(plain: str) -> bool:
    if lacks_scheme(plain) or misspelt_scheme(plain):
        return True
    return bool(another_tools(plain) or whole_placeholder(plain) or path_placeholder(plain))


def below(base_url: str, reference: str) -> str:
    """Where a server at a relative URL is, behind the base URL that a builder gave.

    `/v2` behind `https://h` is `https://h/v2`. The base URL's own path stays, which RFC 3986, 5.2
    would drop: whoever gives `https://h/api` means below it. Dot segments climb no higher, as they
    do at a root (RFC 3986, 5.2.4). Steps that both have stand once: the builder may have given the
    whole.
    """
    end = next((n for n, each in enumerate(reference) if each in "?#"), len(reference))
    path, rest = _within(reference[:end]), reference[end:]
    base = base_url.rstrip("/")
    own = urlsplit(base).path.split("/")[1:]
    steps = path.strip("/").split("/") if path.strip("/") else []
    shared = next(
        n for n in range(min(len(own), len(steps)), -1, -1) if own[len(own) - n :] == steps[:n]
    )
    more = "/".join(steps[shared:])
    if not more:
        return base + rest
    slash = "/" if path.endswith("/") else ""
    return urljoin(f"{base}/", f"./{more}{slash}{rest}")


def _within(path: str) -> str:
    """Without dot segments, as if it stood at a root."""
    return urlsplit(urljoin(f"{_ANY_BASE}/", f"./{path.lstrip('/')}")).path
