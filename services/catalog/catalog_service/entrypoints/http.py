from typing import Annotated

from fastapi import APIRouter, Query, Response

from catalog_service.domain.errors import (
    ActionNotFound,
    ActionWithoutOperations,
    DomainsRefused,
    GptNotFound,
    HostsShared,
    OperationsBlocked,
    OperationsUnusable,
    OwnerBuildsNothing,
    PrivacyPolicyRequired,
    SchemaGone,
    ServerVariableUnknown,
    SignInsRefused,
    TooManyActions,
    TooManyOperations,
    UnknownMembers,
    VersionNotFound,
)
from catalog_service.domain.gpt import Gpt
from catalog_service.entrypoints.arguments import (
    App,
    Builder,
    Changing,
    IdOfAction,
    IdOfGpt,
    NumberOfVersion,
    Page,
    Reader,
)
from catalog_service.entrypoints.bodies import (
    DEFAULT_PUBLICATION,
    AccessBody,
    AccessEditBody,
    ActionBody,
    ActionEditBody,
    GptBody,
    GptEditBody,
    PublicationBody,
)
from catalog_service.entrypoints.views import (
    AccessView,
    BoundActionView,
    GptSummaryView,
    GptView,
    PublicationView,
    PublishedGptView,
    ReadActionView,
    VersionSummaryView,
    VersionView,
)
from contracts.access import Verb
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NotInForce
from kit.etags import etag_of
from kit.pages import PageView, PartOfText
from kit.problems import problems

router = APIRouter(prefix="/v1/gpts", tags=["gpts"])
BINDING = (
    OperationsUnusable,
    TooManyActions,
    TooManyOperations,
    SchemaGone,
    ServerVariableUnknown,
    ChangedMeanwhile,
    Overtaken,
)
PUBLISHING = (
    ActionWithoutOperations,
    PrivacyPolicyRequired,
    OperationsBlocked,
    DomainsRefused,
    HostsShared,
    SignInsRefused,
    ChangedMeanwhile,
    Overtaken,
)
REMOVING = (ChangedMeanwhile, Overtaken, NotInForce)
ACCESS = (GptNotFound, PrivacyPolicyRequired, UnknownMembers, OwnerBuildsNothing, *REMOVING)


def tag(response: Response, gpt: Gpt) -> None:
    response.headers["etag"] = etag_of(gpt.revision)


@router.post("", status_code=201)
async def create_gpt(body: GptBody, builder: Builder, app: App, response: Response) -> GptView:
    """A GPT starts as a draft without actions."""
    gpt = await app.create_gpt(builder, body.definition())
    tag(response, gpt)
    return GptView.of(gpt)


@router.get("")
async def list_gpts(
    reader: Reader,
    app: App,
    page: Page,
    q: Annotated[
        PartOfText, Query(description="Part of a name or description, in either case.")
    ] = "",
    published: Annotated[
        bool | None, Query(description="Whether calls can use it; left out: both.")
    ] = None,
) -> PageView[GptSummaryView]:
    """The GPTs that you may use, newest first; owners and admins see the workspace's.

    With its draft's name and description where you may view its settings, else the published ones.
    Owners and admins find a GPT by either.
    """
    seen = await app.list_gpts(reader, page.limit, page.after, q, published=published)
    return page.view_of([GptSummaryView.of(one) for one in seen], [one.gpt.id for one in seen])


@router.get("/{gpt_id}", responses=problems(GptNotFound))
async def read_gpt(
    gpt_id: IdOfGpt, reader: Reader, app: App, response: Response
) -> GptView | PublishedGptView:
    """The draft of a GPT, and what is published of it.

    Members who may only chat with it are answered its published name, description and starters.
    """
    seen = await app.read_gpt(reader, gpt_id)
    if not seen.with_settings:
        return PublishedGptView.of(seen.gpt)
    tag(response, seen.gpt)
    return GptView.of(seen.gpt)


@router.patch("/{gpt_id}", responses=problems(GptNotFound, ChangedMeanwhile, Overtaken))
async def edit_gpt(
    gpt_id: IdOfGpt, body: GptEditBody, by: Changing, app: App, response: Response
) -> GptView:
    """Change texts of the draft; what is left out stays, and what is published too until the next
    publication.
    """
    gpt = await app.edit_gpt(by.principal, gpt_id, body.edit(), by.at_revision)
    tag(response, gpt)
    return GptView.of(gpt)


@router.delete("/{gpt_id}", status_code=204, responses=problems(GptNotFound, *REMOVING))
async def remove_gpt(gpt_id: IdOfGpt, by: Changing, app: App) -> None:
    """The GPT, its actions, their credentials and its history are gone for good."""
    await app.remove_gpt(by.principal, gpt_id, by.at_revision)


@router.post("/{gpt_id}/actions", status_code=201, responses=problems(GptNotFound, *BINDING))
async def add_action(
    gpt_id: IdOfGpt, body: ActionBody, by: Changing, app: App, response: Response
) -> BoundActionView:
    """Bind a schema version to a new action of the draft."""
    bound = await app.bind_action(by.principal, gpt_id, None, body.wanted(), by.at_revision)
    tag(response, bound.gpt)
    return BoundActionView.of_bound(bound)


@router.get("/{gpt_id}/actions/{action_id}", responses=problems(GptNotFound, ActionNotFound))
async def read_action(
    gpt_id: IdOfGpt, action_id: IdOfAction, reader: Reader, app: App, response: Response
) -> ReadActionView:
    """One action of the draft."""
    gpt, action = await app.open_action(reader, gpt_id, action_id)
    tag(response, gpt)
    return ReadActionView.of_draft(gpt, action)


@router.patch(
    "/{gpt_id}/actions/{action_id}", responses=problems(GptNotFound, ActionNotFound, *BINDING)
)
async def edit_action(
    gpt_id: IdOfGpt,
    action_id: IdOfAction,
    body: ActionEditBody,
    by: Changing,
    app: App,
    response: Response,
) -> BoundActionView:
    """Change what is named of an action, and keep the rest, its credential too."""
    bound = await app.bind_action(by.principal, gpt_id, action_id, body.edit(), by.at_revision)
    tag(response, bound.gpt)
    return BoundActionView.of_bound(bound)


@router.put(
    "/{gpt_id}/actions/{action_id}", responses=problems(GptNotFound, ActionNotFound, *BINDING)
)
async def rebind_action(
    gpt_id: IdOfGpt,
    action_id: IdOfAction,
    body: ActionBody,
    by: Changing,
    app: App,
    response: Response,
) -> BoundActionView:
    """Replace all of an action: what is left out is as of a new one. It keeps its id, and with that
    its credential. A privacy policy that goes is named in `warnings`.
    """
    wanted = body.wanted()
    bound = await app.bind_action(by.principal, gpt_id, action_id, wanted, by.at_revision)
    tag(response, bound.gpt)
    return BoundActionView.of_bound(bound)


@router.delete(
    "/{gpt_id}/actions/{action_id}",
    status_code=204,
    responses=problems(GptNotFound, ActionNotFound, *REMOVING),
)
async def remove_action(
    gpt_id: IdOfGpt, action_id: IdOfAction, by: Changing, app: App, response: Response
) -> None:
    """Take it out of the draft. What is published goes on with it until the next publication.

    Its credential is destroyed once no version that is kept has the action.
    """
    gpt = await app.remove_action(by.principal, gpt_id, action_id, by.at_revision)
    tag(response, gpt)


@router.get("/{gpt_id}/access", responses=problems(GptNotFound))
async def read_access(gpt_id: IdOfGpt, reader: Reader, app: App, response: Response) -> AccessView:
    """Who owns the GPT, and who may use, view or edit it."""
    gpt = await app.open_gpt(reader, Verb.VIEW_SETTINGS, gpt_id)
    tag(response, gpt)
    return AccessView.of(gpt.access)


@router.patch("/{gpt_id}/access", responses=problems(*ACCESS))
async def edit_access(
    gpt_id: IdOfGpt, body: AccessEditBody, by: Changing, app: App, response: Response
) -> AccessView:
    """Give the GPT another owner, sharing or access list; what is left out stays."""
    changed = await app.change_access(by.principal, gpt_id, body.edit(), by.at_revision)
    tag(response, changed.gpt)
    return AccessView.of(changed.gpt.access, changed.warnings)


@router.put("/{gpt_id}/access", responses=problems(*ACCESS))
async def change_access(
    gpt_id: IdOfGpt, body: AccessBody, by: Changing, app: App, response: Response
) -> AccessView:
    """Replace owner, sharing and access list. Name all three: for one more version what is left out
    stays, then it is refused.
    """
    changed = await app.change_access(by.principal, gpt_id, body.edit(), by.at_revision)
    tag(response, changed.gpt)
    return AccessView.of(changed.gpt.access, changed.warnings)


@router.post("/{gpt_id}/publish", responses=problems(GptNotFound, *PUBLISHING, NotInForce))
async def publish_gpt(
    gpt_id: IdOfGpt,
    by: Changing,
    app: App,
    response: Response,
    body: PublicationBody = DEFAULT_PUBLICATION,
) -> PublicationView:
    """Make the draft what calls use; `sharing` says who may use it, left out: who could before.

    Domains that the workspace does not allow are refused (403) with policy's own code, actions that
    could not sign in where they call (409) with auth's, operations that are blocked now (422). An
    action without the credential that its document asks for is a warning, as are custom actions
    that the workspace has turned off.
    """
    published = await app.publish_gpt(by.principal, gpt_id, body.sharing, by.at_revision)
    tag(response, published.gpt)
    return PublicationView.of_publication(published)


@router.post(
    "/{gpt_id}/unpublish", responses=problems(GptNotFound, ChangedMeanwhile, Overtaken, NotInForce)
)
async def unpublish_gpt(gpt_id: IdOfGpt, by: Changing, app: App, response: Response) -> GptView:
    """No call uses the GPT from now on; its versions are kept, and the draft stays."""
    gpt = await app.unpublish_gpt(by.principal, gpt_id, by.at_revision)
    tag(response, gpt)
    return GptView.of(gpt)


@router.get("/{gpt_id}/versions", responses=problems(GptNotFound))
async def list_versions(
    gpt_id: IdOfGpt, reader: Reader, app: App, page: Page
) -> PageView[VersionSummaryView]:
    """What was published, newest first, as far as it is kept; one of them may be `published`."""
    found = await app.list_versions(reader, gpt_id, page.limit, page.after)
    views = [VersionSummaryView.of(each.version, in_use=each.in_use) for each in found]
    return page.view_of(views, [each.version.id for each in found])


@router.get("/{gpt_id}/versions/{number}", responses=problems(GptNotFound, VersionNotFound))
async def read_version(
    gpt_id: IdOfGpt, number: NumberOfVersion, reader: Reader, app: App
) -> VersionView:
    """One version that is kept, with all its texts."""
    seen = await app.read_version(reader, gpt_id, number)
    return VersionView.of_all(seen.version, in_use=seen.in_use)


@router.post(
    "/{gpt_id}/versions/{number}/restore",
    responses=problems(GptNotFound, VersionNotFound, *REMOVING),
)
async def restore_version(
    gpt_id: IdOfGpt, number: NumberOfVersion, by: Changing, app: App, response: Response
) -> GptView:
    """Make a kept version the draft; publish it to let calls use it.

    Its actions keep their ids and credentials. Actions that only the draft had are removed.
    """
    gpt = await app.restore_version(by.principal, gpt_id, number, by.at_revision)
    tag(response, gpt)
    return GptView.of(gpt)
