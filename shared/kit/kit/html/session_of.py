"""Who looks at a page: asked here once, for all pages about a member."""

from urllib.parse import quote

from fastapi import Request

from contracts.ids import MemberId
from contracts.principal import Principal
from kit.caller import Verifier
from kit.errors import SessionEnded, SessionRenewal
from kit.html.own_path import own_path

SIGN_IN, RENEW = "/v1/session/sign-in", "/v1/session/renew"


class SignInNeeded(Exception):
    """The page is answered with how to sign in, and a way back to it."""

    def __init__(self, page: str, *, as_another: bool = False) -> None:
        super().__init__(page)
        self.page = page
        self.as_another = as_another


class RenewalNeeded(Exception):
    """The browser is sent for a new cookie, and back to the page."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.renew = f"{RENEW}?return_to={quote(page, safe='/')}"


async def session_of(request: Request, member_id: MemberId | None = None) -> Principal:
    """Whose session this request for a page, or of a form on one, came with.

    A page about a member (an approval, a connection) names the member, and is shown to nobody else.
    In a `PageRoute` all others get the page that says how to sign in.
    """
    verifier: Verifier = request.app.state.verifier
    page = _way_back(request)
    try:
        principal = await verifier.of_page(request.scope)
    except SessionRenewal:
        raise RenewalNeeded(page) from None
    except SessionEnded:
        raise SignInNeeded(page) from None
    if member_id is not None and principal.member_id != member_id:
        raise SignInNeeded(page, as_another=True)
    return principal


def _way_back(request: Request) -> str:
    """To the page that was asked for; a form is not repeated by going back to where it went."""
    if request.method != "GET":
        return own_path(None)
    query = request.url.query
    return own_path(f"{request.url.path}?{query}" if query else request.url.path)
