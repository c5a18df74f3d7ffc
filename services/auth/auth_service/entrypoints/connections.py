"""Members' own accounts and keys. No route shows what they hold."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from auth_service.domain import errors
from auth_service.entrypoints.connection_views import (
    ActionCountsView,
    ConnectionView,
    MemberConnectionView,
    OwnKeyFormView,
    OwnKeyValuesBody,
)
from auth_service.entrypoints.http import Action, App
from contracts.principal import Principal, Scope
from kit.caller import requires
from kit.documents import Overtaken
from kit.errors import NothingHere, NotInForce
from kit.pages import PageRequest, PageView, cursor_after, page_request
from kit.problems import problems

router = APIRouter(prefix="/v1/connections", tags=["connections"])
Member = Annotated[Principal, Depends(requires(Scope.CONNECTIONS_WRITE))]
Admin = Annotated[Principal, Depends(requires(Scope.CONNECTIONS_MANAGE))]
Page = Annotated[PageRequest, Depends(page_request)]
ConnectionId = Annotated[str, Path(max_length=100)]
OF_KEYS = (
    errors.ActionNotFound,
    errors.ActionNotYours,
    errors.SignInUnknown,
    errors.NoOwnKey,
)


@router.get("")
async def list_connections(page: Page, member: Member, app: App) -> PageView[ConnectionView]:
    """The caller's own accounts and keys, also those that ended in the last 90 days."""
    mine = (member.workspace_id, member.member_id)
    found = await app.connections.of_member(*mine, page.limit, page.after)
    views = [ConnectionView.of(each, await app.sign_in_page(each.action_id)) for each in found]
    return page.view_of(views, [each.id for each in found])


@router.get("/actions")
async def count_connections(page: Page, admin: Admin, app: App) -> PageView[ActionCountsView]:
    """The actions that members sign in to on their own, and how many did. A page may have fewer
    items than `limit`, or none; the last one has no `next_cursor`.
    """
    counted, last = await app.count_connections(admin, page.limit, page.after)
    items = [ActionCountsView.of(each) for each in counted]
    return PageView(items=items, next_cursor=cursor_after(last))


@router.get("/actions/{action_id}")
async def list_connections_of_action(
    action_id: Action, page: Page, admin: Admin, app: App
) -> PageView[MemberConnectionView]:
    """Who is signed in to an action, and who was in the last 90 days."""
    whose = (admin.workspace_id, action_id)
    found = await app.connections.of_action(*whose, page.limit, page.after)
    sign_in = await app.sign_in_page(action_id)
    views = [MemberConnectionView.of(each, sign_in) for each in found]
    return page.view_of(views, [each.id for each in found])


@router.get("/keys/{action_id}", responses=problems(*OF_KEYS))
async def read_own_key(action_id: Action, member: Member, app: App) -> OwnKeyFormView:
    """What the caller's own key for an action consists of. Never the key."""
    return OwnKeyFormView.of(await app.read_own_key(member, action_id))


@router.put(
    "/keys/{action_id}",
    responses=problems(
        *OF_KEYS,
        errors.OwnKeyValues,
        errors.SecretInvalid,
        errors.HeaderReserved,
        errors.SchemeHasPlacement,
        errors.ConnectionsFull,
        errors.SettingsChanged,
        Overtaken,
        NotInForce,
    ),
)
async def set_own_key(
    action_id: Action, body: OwnKeyValuesBody, member: Member, app: App
) -> ConnectionView:
    """Enter a key of one's own for an action, or replace it. It is sent to the API's hosts alone,
    in the caller's own calls.
    """
    kept = await app.set_own_key(member, action_id, body.secrets(), body.version)
    return ConnectionView.of(kept, await app.sign_in_page(action_id))


@router.delete(
    "/{connection_id}", status_code=204, responses=problems(NothingHere, Overtaken, NotInForce)
)
async def end_connection(connection_id: ConnectionId, member: Member, app: App) -> Response:
    """Destroy an account's tokens, or a key, at once; the provider revokes them later (RFC 7009).

    One's own, or with the scope `connections:manage` anybody's of the workspace.
    """
    await app.end_connection(member, connection_id)
    return Response(status_code=204)
