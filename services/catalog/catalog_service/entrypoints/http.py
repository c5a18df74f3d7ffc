from typing import Annotated

from fastapi import APIRouter, Query, Response

from catalog_service.domain.errors import (
    ActionNotFound,
    ActionWithoutOperations,
    DomainsRefused,
    GptNotFound,
    HostsShared,
    OperationsUnusable,
    OwnerBuildsNothing,
    PrivacyPolicyRequired,
    SignInsRefused,
    TooManyActions,
    TooManyOperations,
    UnknownMembers,
)
from catalog_service.domain.gpt import Gpt
from catalog_service.entrypoints.arguments import (
    App,
    Builder,
    Changing,
    IdOfAction,
    IdOfGpt,
    Page,
    Reader,
)
from catalog_service.entrypoints.bodies import (
    DEFAULT_PUBLICATION,
    AccessBody,
    ActionBody,
    GptBody,
    GptEditBody,
    PartOfName,
    PublicationBody,
)
from catalog_service.entrypoints.views import (
    AccessView,
    BoundActionView,
    GptSummaryView,
    GptView,
    PublishedGptView,
    VersionView,
)
from contracts.access import Verb
from kit.documents import ChangedMeanwhile
from kit.errors import NotInForce
from kit.etags import etag_of
from kit.pages import PageView
from kit.problems import problems

router = APIRouter(prefix="/v1/gpts", tags=["gpts"])
BINDING = (OperationsUnusable, TooManyActions, TooManyOperations, ChangedMeanwhile)
PUBLISHING = (
    ActionWithoutOperations,
    PrivacyPolicyRequired,
    DomainsRefused,
    HostsShared,
    SignInsRefused,
    ChangedMeanwhile,
)
REMOVING = (ChangedMeanwhile, NotInForce)


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
    q: Annotated[PartOfName, Query(description="Part of a name, in either case.")] = "",
) -> PageView[GptSummaryView]:
    """The GPTs that you may use, newest first; owners and admins see the workspace's.

    With its draft's name and description where you may view its settings, else the published ones.
    """
    seen = await app.list_gpts(reader, page.limit, page.after, q)
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


@router.patch("/{gpt_id}", responses=problems(GptNotFound, ChangedMeanwhile))
async def edit_gpt(
    gpt_id: IdOfGpt, body: GptEditBody, by: Changing, app: App, response: Response
) -> GptView:
    """Change the draft's words; what is published stays until the next publication."""
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
    return BoundActionView.of(bound)


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
    """Replace what an action is bound to. It keeps its id, and with that its credential."""
    wanted = body.wanted()
    bound = await app.bind_action(by.principal, gpt_id, action_id, wanted, by.at_revision)
    tag(response, bound.gpt)
    return BoundActionView.of(bound)


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


@router.put(
    "/{gpt_id}/access",
    responses=problems(
        GptNotFound, PrivacyPolicyRequired, UnknownMembers, OwnerBuildsNothing, *REMOVING
    ),
)
async def change_access(
    gpt_id: IdOfGpt, body: AccessBody, by: Changing, app: App, response: Response
) -> AccessView:
    """Give the GPT another owner, sharing or access list; what is left out stays."""
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
) -> VersionView:
    """Make the draft what calls use; `sharing` says who may use it, left out: who could before.

    Domains that the workspace does not allow are refused (403) with policy's own code, actions that
    could not sign in where they call (409) with auth's.
    """
    gpt = await app.publish_gpt(by.principal, gpt_id, body.sharing, by.at_revision)
    tag(response, gpt)
    return VersionView.of(gpt.in_use)


@router.post("/{gpt_id}/unpublish", responses=problems(GptNotFound, ChangedMeanwhile, NotInForce))
async def unpublish_gpt(gpt_id: IdOfGpt, by: Changing, app: App, response: Response) -> GptView:
    """No call uses the GPT from now on; its versions are kept, and the draft stays."""
    gpt = await app.unpublish_gpt(by.principal, gpt_id, by.at_revision)
    tag(response, gpt)
    return GptView.of(gpt)


@router.get("/{gpt_id}/versions", responses=problems(GptNotFound))
async def list_versions(
    gpt_id: IdOfGpt, reader: Reader, app: App, page: Page
) -> PageView[VersionView]:
    """What was published, newest first, as far as it is kept."""
    found = await app.list_versions(reader, gpt_id, page.limit, page.after)
    views = [VersionView.of(version) for version in found]
    return page.view_of(views, [version.id for version in found])
