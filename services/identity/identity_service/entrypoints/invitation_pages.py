"""The page of an invitation, which works without script, as a sign-in link's does."""

from fastapi import APIRouter, Request, Response

from identity_service.domain.browser_name import browser_name
from identity_service.domain.invitation import PATH, Invitation
from identity_service.domain.oidc.admission import may_change_by_groups
from identity_service.entrypoints.http import App
from identity_service.entrypoints.refused_pages import IdentityPage, way_to_company
from identity_service.entrypoints.session_pages import (
    LIFE_SECONDS,
    SIGNED_IN,
    Secret,
    address_of,
)
from identity_service.usecases.accept_invitation import Joined
from kit.browser import cookie_of, refuse_foreign_forms, session_secret
from kit.caller import digest_of
from kit.html import Form, Page, answer_of, mark_of, read_form, see_other

router = APIRouter(prefix="/v1/session", route_class=IdentityPage, include_in_schema=False)


@router.get("/invitation/{secret}")
async def show_invitation(secret: Secret, request: Request, app: App) -> Response:
    """Who is invited to what; looking does not use it up."""
    address_of(request)
    offered = await app.read_invitation(digest_of(secret))
    values = {
        "inviter": offered.inviter.name,
        "workspace": offered.workspace.title,
        "email": offered.invitation.email,
        "role": offered.invitation.role.value,
    }
    action = PATH + secret
    page, label = (
        ("invitation_at_company", "join_only") if offered.at_company else ("invitation", "join")
    )
    form = Form(action, label, {"mark": mark_of(secret, action)})
    notes = await _notes(app, offered.invitation)
    return answer_of(Page(page, values, forms=(form,), notes=notes))


async def _notes(app: App, invitation: Invitation) -> tuple[str, ...]:
    """What is to be known of the role before one becomes a member."""
    within = invitation.workspace_id
    settings = await app.sign_in_settings.find(within)
    if settings is None:
        return ()
    roles = await app.group_roles.read(within)
    return ("role_by_groups",) if may_change_by_groups(settings, roles, invitation.role) else ()


@router.post("/invitation/{secret}")
async def accept_invitation(secret: Secret, request: Request, app: App) -> Response:
    """Become a member and sign in, once; the session that this browser had before ends. Where
    sign-on is enforced, the page leads to the company's sign-in.
    """
    address = address_of(request)
    refuse_foreign_forms(request.scope, address)
    await read_form(request, secret)
    replaced = session_secret(request.scope, address)
    joined = await app.accept_invitation(
        digest_of(secret),
        browser_name(request.headers.get("user-agent", "")),
        digest_of(replaced) if replaced else None,
    )
    if joined.secret is None:
        return answer_of(_joined(joined))
    return see_other(SIGNED_IN, cookie_of(address, joined.secret.text, LIFE_SECONDS))


def _joined(joined: Joined) -> Page:
    values = {
        "workspace": joined.workspace.title,
        "email": joined.member.email,
        "role": joined.member.role.value,
    }
    return Page("joined", values, links=(way_to_company(joined.workspace.id),))
