"""`/v1/members`: who belongs to a workspace, who is invited, and how they get in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from contracts.ids import MemberId
from contracts.principal import Principal, Role, Scope
from identity_service.domain.errors import (
    LastOwner,
    LastOwnerToken,
    LentTooOften,
    NoPublicAddress,
    OwnersRestOnMember,
    RoleAboveOwn,
    ScopesExceeded,
    TooManyMembers,
)
from identity_service.domain.member import MemberKind, WantedMembers
from identity_service.domain.member_errors import (
    EmailInvalid,
    EmailTaken,
    MemberInactive,
    ServiceSignsInNowhere,
    TooManyInvitations,
)
from identity_service.domain.oidc.errors import LinkWouldNotSignIn
from identity_service.entrypoints.http import App, IfMatch, Page
from identity_service.entrypoints.member_views import (
    InvitationBody,
    InvitationView,
    MemberBody,
    MemberEditBody,
    MemberSignInLinkView,
    MemberView,
    NewInvitationView,
)
from identity_service.entrypoints.session_pages import address_of
from kit.caller import requires
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NothingHere, NotInForce
from kit.etags import etag_of, revision_of
from kit.pages import CursorInvalid, PageView, PartOfText
from kit.problems import problems

router = APIRouter(prefix="/v1/members", tags=["members"])
MemberReader = Annotated[Principal, Depends(requires(Scope.MEMBERS_READ))]
MemberManager = Annotated[Principal, Depends(requires(Scope.MEMBERS_WRITE))]
OneMember = Annotated[MemberId, Path(max_length=100)]
OneInvitation = Annotated[str, Path(max_length=100)]


def wanted_members(
    role: Annotated[Role | None, Query(description="Only those with this role.")] = None,
    kind: Annotated[MemberKind | None, Query(description="Only people, or programs.")] = None,
    active: Annotated[
        bool | None, Query(description="Only those who are switched on, or off.")
    ] = None,
    q: Annotated[
        PartOfText, Query(description="Part of a name or an e-mail address, in either case.")
    ] = "",
) -> WantedMembers:
    return WantedMembers(role, kind, active, q)


@router.post(
    "/invitations",
    status_code=201,
    responses=problems(
        *(RoleAboveOwn, ScopesExceeded, TooManyInvitations, EmailInvalid),
        *(EmailTaken, NoPublicAddress, LentTooOften, Overtaken),
    ),
)
async def create_invitation(
    body: InvitationBody, caller: MemberManager, app: App, request: Request
) -> NewInvitationView:
    """Invite a person with a role no higher than your own, by a link that works once, for 7 days.

    It is shown in this answer and never again.
    """
    origin = address_of(request).origin
    invitation, path = await app.create_invitation(caller, body.wanted())
    shown = InvitationView.of(invitation).model_dump()
    return NewInvitationView(**shown, url=origin + path)


@router.get("/invitations", responses=problems(CursorInvalid))
async def list_invitations(caller: MemberReader, app: App, page: Page) -> PageView[InvitationView]:
    """Invitations that nobody has used yet, newest first; their links are not known any more."""
    found = await app.invitations.page(caller.workspace_id, page.limit, page.after)
    views = [InvitationView.of(each) for each in found]
    return page.view_of(views, [view.id for view in views])


@router.delete("/invitations/{invitation_id}", status_code=204, responses=problems(NothingHere))
async def revoke_invitation(invitation_id: OneInvitation, caller: MemberManager, app: App) -> None:
    """Revoke an invitation: its link works no more."""
    await app.revoke_invitation(caller.workspace_id, invitation_id)


@router.get("", responses=problems(CursorInvalid))
async def list_members(
    caller: MemberReader,
    app: App,
    page: Page,
    wanted: Annotated[WantedMembers, Depends(wanted_members)],
) -> PageView[MemberView]:
    """Who belongs to this workspace, newest first."""
    found = await app.members.page(caller.workspace_id, page.limit, page.after, wanted)
    views = [MemberView.of(member) for member in found]
    return page.view_of(views, [view.id for view in views])


@router.post(
    "",
    status_code=201,
    responses=problems(RoleAboveOwn, ScopesExceeded, TooManyMembers, EmailInvalid, EmailTaken),
)
async def add_member(body: MemberBody, caller: MemberManager, app: App) -> MemberView:
    """Add a member with a role no higher than your own; then create a token for them, or for a
    person a sign-in link. `POST /v1/members/invitations` lets people in by themselves.

    A person with an e-mail address signs in with the company's account, where the workspace has
    one, so your token must allow all that the role does.

    Where several are added at the same moment, a workspace may have a few more than its limit.
    """
    return MemberView.of(await app.add_member(caller, body.new()))


@router.get("/{member_id}", responses=problems(NothingHere))
async def read_member(
    member_id: OneMember, caller: MemberReader, app: App, response: Response
) -> MemberView:
    """One member of this workspace."""
    member = await app.read_member(caller.workspace_id, member_id)
    response.headers["etag"] = etag_of(member.revision)
    return MemberView.of(member)


@router.patch(
    "/{member_id}",
    responses=problems(
        *(NothingHere, RoleAboveOwn, ScopesExceeded, LastOwner, LastOwnerToken, OwnersRestOnMember),
        *(EmailInvalid, EmailTaken, ChangedMeanwhile, Overtaken, NotInForce),
    ),
)
async def change_member(
    member_id: OneMember,
    body: MemberEditBody,
    caller: MemberManager,
    app: App,
    response: Response,
    if_match: IfMatch = None,
) -> MemberView:
    """Give a member another name, role or e-mail address (null takes that away), or switch them off
    or on.

    A role, and being switched off, is in force everywhere within a second.
    """
    expected = revision_of(if_match)
    member = await app.edit_member(
        caller, member_id, body.edit(), active=body.active, expected_revision=expected
    )
    response.headers["etag"] = etag_of(member.revision)
    return MemberView.of(member)


@router.delete(
    "/{member_id}",
    status_code=204,
    responses=problems(
        NothingHere,
        RoleAboveOwn,
        LastOwner,
        LastOwnerToken,
        OwnersRestOnMember,
        ChangedMeanwhile,
        Overtaken,
        NotInForce,
    ),
)
async def remove_member(
    member_id: OneMember, caller: MemberManager, app: App, if_match: IfMatch = None
) -> None:
    """Remove a member. Once this succeeds, every service refuses their tokens within a second."""
    await app.remove_member(caller, member_id, revision_of(if_match))


@router.post(
    "/{member_id}/sign-in-links",
    status_code=201,
    responses=problems(
        *(NothingHere, RoleAboveOwn, ScopesExceeded, NoPublicAddress),
        *(ServiceSignsInNowhere, MemberInactive, LinkWouldNotSignIn, LentTooOften),
    ),
)
async def create_sign_in_link_of_member(
    member_id: OneMember, caller: MemberManager, app: App, request: Request
) -> MemberSignInLinkView:
    """Create a link by which a person who does not stand above you signs in: once, within 10
    minutes.

    It is shown in this answer and never again.
    """
    origin = address_of(request).origin
    link, path = await app.let_member_sign_in(caller, member_id)
    return MemberSignInLinkView.of(link, origin + path)
