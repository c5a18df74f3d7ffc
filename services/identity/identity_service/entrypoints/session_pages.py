"""Pages around a session, which work without script. Their forms come from our own pages only."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from contracts.principal import Principal
from identity_service.app import IdentityApp
from identity_service.domain.browser_name import browser_name
from identity_service.domain.errors import NoPublicAddress
from identity_service.domain.session import LIVES_FOR
from identity_service.domain.sign_in_link import PATH
from identity_service.entrypoints.http import App
from identity_service.entrypoints.refused_pages import IdentityPage, way_out_of_company
from kit.browser import cookie_of, refuse_foreign_forms, session_secret
from kit.caller import digest_of
from kit.errors import SessionEnded
from kit.html import (
    Form,
    Link,
    Page,
    answer_of,
    mark_of,
    own_path,
    read_form,
    see_other,
    session_of,
)
from kit.html.route import WAYS_ON
from kit.html.session_of import SignInNeeded
from kit.problems import refuse_head
from kit.public_address import PublicAddress

router = APIRouter(prefix="/v1/session", route_class=IdentityPage, include_in_schema=False)
Secret = Annotated[str, Path(max_length=100)]
ReturnTo = Annotated[str | None, Query(max_length=4_000)]
SIGNED_IN, SIGNED_OUT, SIGN_OUT = (
    f"/v1/session/{name}" for name in ("signed-in", "signed-out", "sign-out")
)
USES_UP = (Depends(refuse_head),)
"""Of a page whose GET leaves a state, or a secret, that is good for once behind."""
LIFE_SECONDS = int(LIVES_FOR.total_seconds())


def address_of(request: Request) -> PublicAddress:
    address: PublicAddress | None = request.app.state.verifier.address
    if address is None:
        raise NoPublicAddress
    return address


@router.get("/link/{secret}")
async def show_sign_in_link(secret: Secret, request: Request, app: App) -> Response:
    """Whom the link signs in; looking does not use it up."""
    address_of(request)
    offered = await app.read_sign_in_link(digest_of(secret))
    values = {
        "member": offered.member.name,
        "role": offered.member.role.value,
        "workspace": offered.workspace.title,
    }
    action = PATH + secret
    form = Form(action, "sign_in", {"mark": mark_of(secret, action)})
    return answer_of(Page("sign_in", values, forms=(form,)))


@router.post("/link/{secret}")
async def follow_sign_in_link(secret: Secret, request: Request, app: App) -> Response:
    """Sign in, once; the session that this browser had before ends."""
    address = address_of(request)
    refuse_foreign_forms(request.scope, address)
    await read_form(request, secret)
    replaced = session_secret(request.scope, address)
    _, drawn = await app.follow_sign_in_link(
        digest_of(secret),
        browser_name(request.headers.get("user-agent", "")),
        digest_of(replaced) if replaced else None,
    )
    return see_other(SIGNED_IN, cookie_of(address, drawn.text, LIFE_SECONDS))


@router.get("/signed-in")
async def show_signed_in(request: Request, app: App) -> Response:
    return await _signed_in_page("signed_in", await session_of(request), request, app)


async def _signed_in_page(
    name: str, caller: Principal, request: Request, app: IdentityApp
) -> Response:
    """As whom, with a button that signs out."""
    own = await app.read_own_session(caller)
    values = {
        "member": own.member.name,
        "role": caller.role.value,
        "workspace": own.workspace.title,
    }
    secret = session_secret(request.scope, address_of(request)) or ""
    form = Form(SIGN_OUT, "sign_out", {"mark": mark_of(secret, SIGN_OUT)})
    return answer_of(Page(name, values, forms=(form,), links=(Link("/", "start"),)))


@router.post("/sign-out")
async def sign_out_by_form(request: Request, app: App) -> Response:
    """Whatever the session's cookie is still good for; without one there is nothing to end."""
    address = address_of(request)
    refuse_foreign_forms(request.scope, address)
    secret, where = session_secret(request.scope, address), SIGNED_OUT
    if secret is not None:
        await read_form(request, secret)
        session = await app.sign_out(digest_of(secret))
        if session is not None and session.at_provider is not None:
            where = f"{SIGNED_OUT}?{urlencode({'workspace': session.workspace_id})}"
    return see_other(where, cookie_of(address, "", 0))


@router.get("/signed-out")
async def show_signed_out(
    request: Request,
    app: App,
    workspace: Annotated[str | None, Query(max_length=100, pattern="^ws_[A-Za-z0-9]+$")] = None,
) -> Response:
    """`workspace` is where one signed out who had come with a company's account. Where the browser
    has a live session, the page says that it is signed in.
    """
    try:
        caller = await session_of(request)
    except SignInNeeded:
        there = (way_out_of_company(workspace, "sign_out_there"),) if workspace else ()
        return answer_of(Page("signed_out", links=(*there, *WAYS_ON)))
    return await _signed_in_page("still_signed_in", caller, request, app)


@router.get("/renew", dependencies=USES_UP)
async def renew_and_go_back(request: Request, app: App, return_to: ReturnTo = None) -> Response:
    """Where a page sends a browser whose member has another role by now."""
    address = address_of(request)
    secret = session_secret(request.scope, address)
    if secret is None:
        raise SessionEnded
    _, drawn = await app.renew_session(digest_of(secret))
    cookie = cookie_of(address, drawn.text, LIFE_SECONDS) if drawn else None
    return see_other(own_path(return_to), cookie)
