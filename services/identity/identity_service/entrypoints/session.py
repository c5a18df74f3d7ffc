"""One's own sessions, for programs: who one is, which browsers are signed in, signing out.

Pages for people are in `session_pages`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from contracts.ids import SessionId
from contracts.principal import Principal, Scope, Via
from identity_service.domain.browser_name import browser_name
from identity_service.domain.errors import (
    LinkVoid,
    NoPublicAddress,
    NotASession,
    NotAToken,
    ScopesExceeded,
    TokenEndsNoSession,
)
from identity_service.domain.member_errors import MemberInactive, ServiceSignsInNowhere
from identity_service.domain.oidc.errors import LinkWouldNotSignIn
from identity_service.domain.session import LIVES_FOR
from identity_service.domain.whole_role import demand_may_end_sessions
from identity_service.entrypoints.http import App, Page
from identity_service.entrypoints.session_views import OwnSessionView, SessionView
from kit.browser import cookie_of, refuse_other_sites, session_secret
from kit.caller import Verifier, digest_of, requires
from kit.errors import NothingHere, NotInForce, SessionEnded
from kit.pages import CursorInvalid, PageView
from kit.problems import problems

router = APIRouter(prefix="/v1/session", tags=["session"])
Anybody = Annotated[Principal, Depends(requires(Scope.WORKSPACE_READ))]


async def ender_of_sessions(caller: Anybody) -> Principal:
    demand_may_end_sessions(caller)
    return caller


Ender = Annotated[Principal, Depends(ender_of_sessions)]
OneSession = Annotated[SessionId, Path(max_length=100)]


def set_cookie(request: Request, response: Response, secret: str) -> None:
    """Also the other way round: no secret takes the cookie away."""
    verifier: Verifier = request.app.state.verifier
    if verifier.address is not None:
        seconds = int(LIVES_FOR.total_seconds()) if secret else 0
        response.headers["set-cookie"] = cookie_of(verifier.address, secret, seconds)


def presented_secret(request: Request) -> str:
    """Of the cookie, whatever it is good for; from a page of ours. Else `SessionEnded`."""
    address = request.app.state.verifier.address
    secret = address and session_secret(request.scope, address)
    if not secret:
        raise SessionEnded
    refuse_other_sites(request.scope, address)
    return str(secret)


@router.get("")
async def read_session(caller: Anybody, app: App) -> SessionView:
    """Who you are here, and since when; with a token the members of a session are null."""
    return SessionView.of(await app.read_own_session(caller), caller)


@router.post(
    "",
    status_code=204,
    responses=problems(
        *(NotAToken, NoPublicAddress, ScopesExceeded, ServiceSignsInNowhere, MemberInactive),
        *(LinkWouldNotSignIn, LinkVoid),
    ),
)
async def sign_in_with_token(
    caller: Anybody, app: App, request: Request, response: Response
) -> None:
    """Sign this browser in as the member whose token it sends, from a page of this installation.

    A session may do all that its member's role allows, so the token must allow that, too. It ends
    where the token expires or is revoked.
    """
    address = request.app.state.verifier.address
    if address is None:
        raise NoPublicAddress
    refuse_other_sites(request.scope, address)
    replaced = session_secret(request.scope, address)
    _, drawn = await app.sign_in_by_token(
        caller,
        browser_name(request.headers.get("user-agent", "")),
        digest_of(replaced) if replaced else None,
    )
    set_cookie(request, response, drawn.text)


@router.post("/renew", status_code=204)
async def renew_session(
    secret: Annotated[str, Depends(presented_secret)],
    app: App,
    request: Request,
    response: Response,
) -> None:
    """After your role changed, exchange the session's cookie for a new one, once.

    Until then the old one is answered with `identity.session_renewal` everywhere else. Where there
    is nothing to exchange, no cookie is set.
    """
    _, drawn = await app.renew_session(digest_of(secret))
    if drawn is not None:
        set_cookie(request, response, drawn.text)


@router.delete("", status_code=204, responses=problems(NotASession, NothingHere, NotInForce))
async def sign_out(caller: Anybody, app: App, request: Request, response: Response) -> None:
    """Sign out of this browser. Once this succeeds, every service refuses the session."""
    if caller.via is not Via.SESSION:
        raise NotASession
    session_id = SessionId(caller.credential_id)
    await app.end_session(caller.workspace_id, caller.member_id, session_id)
    set_cookie(request, response, "")


@router.get("/all", responses=problems(CursorInvalid))
async def list_sessions(caller: Anybody, app: App, page: Page) -> PageView[OwnSessionView]:
    """The browsers in which you are signed in, newest first."""
    found = await app.sessions.page(caller.workspace_id, caller.member_id, page.limit, page.after)
    views = [OwnSessionView.of(session, caller) for session in found]
    return page.view_of(views, [view.id for view in views])


@router.delete("/all", status_code=204, responses=problems(TokenEndsNoSession, NotInForce))
async def sign_out_everywhere(
    caller: Ender, app: App, request: Request, response: Response
) -> None:
    """Sign out of every browser, this one included. Tokens stay as they are.

    A token must allow all that its member's role does, as for signing in with it.
    """
    await app.end_sessions_of_member(caller.workspace_id, caller.member_id)
    set_cookie(request, response, "")


@router.delete(
    "/all/{session_id}",
    status_code=204,
    responses=problems(TokenEndsNoSession, NothingHere, NotInForce),
)
async def sign_out_elsewhere(session_id: OneSession, caller: Ender, app: App) -> None:
    """Sign out of one browser of yours. Another member's session is not found.

    A token must allow all that its member's role does, as for signing in with it.
    """
    await app.end_session(caller.workspace_id, caller.member_id, session_id)
