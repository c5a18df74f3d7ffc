"""What a browser sends by itself: the cookie of a session, and where a request comes from.

A cookie comes with each request that any page makes. So a request with one is refused unless the
browser says that a page of ours made it (Fetch Metadata, `Origin`) in a way no form can.
"""

import re
from collections.abc import Collection

from contracts.errors import Denied
from kit.front import Scope
from kit.hot import header_of, headers_of
from kit.public_address import PublicAddress
from kit.strict import is_json

SESSION = re.compile(r"oas_[A-Za-z0-9_-]{43}")
"""Every session's secret that identity ever drew: 256 random bits in base64url (RFC 4648, 5)."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that change nothing (RFC 9110, 9.2.1)."""
FRAMED = frozenset({"iframe", "frame", "fencedframe", "embed", "object"})
"""Destinations of what another page shows within itself (Fetch, 2.2.5)."""
OWN_SITES = ("same-origin", "none")
"""From a page of ours, or from the address bar."""
HINT = "Open the page in a window of its own, at the address of this installation, and try again."
PROGRAMS_HINT = f"{HINT} Programs send `Authorization: Bearer <token>` instead of a cookie."


class CrossSite(Denied):
    """A request with a session's cookie that another site's page may have made."""

    code = "platform.cross_site"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This request came with the cookie of a session, but {why}.", hint=PROGRAMS_HINT
        )


def session_secret(scope: Scope, address: PublicAddress) -> str | None:
    """Of the one well-formed cookie of that name. With several, nobody knows whose is whose."""
    return named_cookie(scope, address.cookie, SESSION)


def named_cookie(scope: Scope, cookie: str, well_formed: re.Pattern[str]) -> str | None:
    """The same of a cookie of another name."""
    found = _values(scope, cookie)
    if len(found) != 1 or well_formed.fullmatch(found[0]) is None:
        return None
    return found[0]


def has_cookies(scope: Scope, cookie: str) -> bool:
    """Of that name, whatever they are."""
    return bool(_values(scope, cookie))


def _values(scope: Scope, cookie: str) -> list[str]:
    return [
        value.strip()
        for header in headers_of(scope, b"cookie")
        for name, _, value in (each.partition("=") for each in header.split(";"))
        if name.strip() == cookie
    ]


def refuse_other_sites(scope: Scope, address: PublicAddress) -> None:
    """For routes of the API: what changes something is JSON that a page of ours sent."""
    _refuse_frames(scope)
    sites = headers_of(scope, b"sec-fetch-site")
    if scope["method"] in SAFE_METHODS:
        if not _are(sites, OWN_SITES):
            raise CrossSite("another site asked for it")
        return
    if sites != ["same-origin"]:
        raise CrossSite(
            "the browser does not say that a page of this installation sent it "
            "(`Sec-Fetch-Site: same-origin`)"
        )
    if headers_of(scope, b"origin") != [address.origin]:
        raise CrossSite(f"its `Origin` is not {address.origin}")
    if _has_a_body(scope) and not is_json(header_of(scope, b"content-type") or ""):
        raise CrossSite("its body is not JSON (`Content-Type: application/json`)")


def refuse_other_sites_on_pages(scope: Scope) -> None:
    """For pages that are read: also whoever follows a link from another site, in a whole window."""
    _refuse_frames(scope)
    if not came_from_another_site(scope):
        return
    mode, destination = (headers_of(scope, name) for name in (b"sec-fetch-mode", b"sec-fetch-dest"))
    if mode != ["navigate"] or destination != ["document"]:
        raise CrossSite("another site asked for it")


def came_from_another_site(scope: Scope) -> bool:
    """Whether the browser says so of a page that may be asked for from anywhere."""
    return not _are(headers_of(scope, b"sec-fetch-site"), OWN_SITES)


def refuse_foreign_forms(scope: Scope, address: PublicAddress) -> None:
    """For the forms of our own pages, which work without script.

    Their `Origin` is null, since our pages send no referrer (Fetch, 3.2: "append a request Origin
    header"). A browser that sends no `Sec-Fetch-Site` must send our `Origin`.
    """
    _refuse_frames(scope)
    sites, origins = headers_of(scope, b"sec-fetch-site"), headers_of(scope, b"origin")
    if sites == ["same-origin"] and origins in ([], ["null"], [address.origin]):
        return
    if not sites and origins == [address.origin]:
        return
    raise CrossSite("a form of another site sent it, or a browser that is too old to tell")


def _refuse_frames(scope: Scope) -> None:
    if FRAMED & {*headers_of(scope, b"sec-fetch-dest")}:
        raise CrossSite("it is for a frame within another page")


def _are(values: list[str], allowed: Collection[str]) -> bool:
    return len(values) <= 1 and all(value in allowed for value in values)


def _has_a_body(scope: Scope) -> bool:
    """Or says what it would be: a form without fields has a type and no bytes."""
    if header_of(scope, b"content-type") is not None:
        return True
    chunked = header_of(scope, b"transfer-encoding") is not None
    return chunked or (header_of(scope, b"content-length") or "0").strip() != "0"


def cookie_of(address: PublicAddress, secret: str, max_age_seconds: int) -> str:
    """The `Set-Cookie` of a session; 0 seconds take it away."""
    return named_cookie_of(address, address.cookie, secret, max_age_seconds)


def named_cookie_of(address: PublicAddress, cookie: str, secret: str, max_age_seconds: int) -> str:
    """The same of a cookie of another name."""
    secure = "; Secure" if address.is_secure else ""
    return f"{cookie}={secret}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}"
