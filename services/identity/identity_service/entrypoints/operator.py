"""What only the operator of the installation may do. Without an operator token there is nothing."""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import SecretStr

from contracts.ids import WorkspaceId
from identity_service.domain.errors import NoPublicAddress, TitleDiffers, TooLateToRestore
from identity_service.domain.oidc.errors import DomainUnusable
from identity_service.domain.workspace import Workspace
from identity_service.entrypoints.http import App, IfMatch
from identity_service.entrypoints.operators_page import Page
from identity_service.entrypoints.session_views import SignInLinkView
from identity_service.entrypoints.sign_in_views import DomainsBody, DomainsView
from identity_service.entrypoints.views import (
    NamedWorkspaceBody,
    NewWorkspaceView,
    TenantView,
    WorkspaceBody,
)
from kit.caller import digest_of
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NothingHere, NotInForce, NotTheOperator, Unauthenticated
from kit.etags import etag_of, revision_of
from kit.pages import CursorInvalid, PageView, PartOfText
from kit.problems import problems

OneWorkspace = Annotated[WorkspaceId, Path(max_length=100)]
Title = Annotated[PartOfText, Query(description="Part of a title, in either case.")]


def only_operator(operator_token: SecretStr) -> Any:
    """A dependency: whoever does not bear this token is refused."""
    expected = digest_of(operator_token.get_secret_value())

    def operator(authorization: Annotated[str, Header()] = "") -> None:
        scheme, _, unverified_token = authorization.partition(" ")
        proven = hmac.compare_digest(digest_of(unverified_token.strip()), expected)
        if scheme.lower() != "bearer" or not proven:
            raise NotTheOperator

    return Depends(operator)


def operator_routes(operator: Any) -> APIRouter:
    """`operator` is the dependency that lets nobody but the operator pass."""
    router = APIRouter(
        prefix="/v1/workspaces",
        tags=["workspaces"],
        dependencies=[operator],
        responses=problems(Unauthenticated, NothingHere),
    )
    _add_reading(router)
    _add_changes(router)
    _add_sign_in(router)
    _add_domains(router)
    return router


def _add_reading(router: APIRouter) -> None:
    @router.get("", responses=problems(CursorInvalid))
    async def list_workspaces(app: App, page: Page, q: Title = "") -> PageView[TenantView]:
        """All workspaces of this installation, newest first."""
        found = await app.workspaces.page(page.limit, page.after, q)
        return page.view_of([TenantView.of(each) for each in found], [each.id for each in found])

    @router.get("/{workspace_id}", responses=problems(NothingHere))
    async def read_tenant(workspace_id: OneWorkspace, app: App, response: Response) -> TenantView:
        """One workspace: its title, and whether it is closed."""
        return _shown(await app.workspaces.read(workspace_id), response)


def _add_changes(router: APIRouter) -> None:
    @router.post("", status_code=201)
    async def create_workspace(body: WorkspaceBody, app: App) -> NewWorkspaceView:
        """Create one more workspace. Its owner's token is shown in this answer and never again."""
        workspace, drawn = await app.create_workspace(body.title)
        shown = TenantView.of(workspace).model_dump()
        return NewWorkspaceView(**shown, owner_token=drawn.text)

    @router.delete(
        "/{workspace_id}",
        responses=problems(NothingHere, TitleDiffers, ChangedMeanwhile, Overtaken, NotInForce),
    )
    async def close_tenant(
        workspace_id: OneWorkspace,
        body: NamedWorkspaceBody,
        app: App,
        response: Response,
        if_match: IfMatch = None,
    ) -> TenantView:
        """Close a workspace, and remove it with all that is in it 30 days later, as its owners can.

        Until then an owner of it, or you, may restore it.
        """
        expected = revision_of(if_match)
        return _shown(await app.close_workspace(workspace_id, body.title, expected), response)

    @router.post(
        "/{workspace_id}/restore",
        responses=problems(NothingHere, TooLateToRestore, ChangedMeanwhile, Overtaken, NotInForce),
    )
    async def restore_tenant(
        workspace_id: OneWorkspace, app: App, response: Response, if_match: IfMatch = None
    ) -> TenantView:
        """Open a closed workspace again: it is not going to be removed."""
        restored = await app.restore_workspace(workspace_id, revision_of(if_match))
        return _shown(restored, response)


def _add_sign_in(router: APIRouter) -> None:
    @router.post(
        "/{workspace_id}/sign-in-links",
        status_code=201,
        responses=problems(NothingHere, NoPublicAddress),
    )
    async def create_sign_in_link(
        workspace_id: OneWorkspace, app: App, request: Request
    ) -> SignInLinkView:
        """Create a link by which the workspace's oldest owner signs in: once, within 10 minutes.

        It is shown in this answer and never again.
        """
        address = request.app.state.verifier.address
        if address is None:
            raise NoPublicAddress
        link, path = await app.create_sign_in_link(workspace_id)
        return SignInLinkView.of(link, address.origin + path)


def _add_domains(router: APIRouter) -> None:
    @router.get("/{workspace_id}/domains", responses=problems(NothingHere))
    async def read_confirmed_domains(workspace_id: OneWorkspace, app: App) -> DomainsView:
        """The domains of e-mail addresses that are confirmed to be the workspace's own."""
        workspace = await app.workspaces.read(workspace_id)
        confirmed = await app.confirmed_domains.find(workspace.id)
        return DomainsView(domains=list(confirmed.domains))

    @router.put("/{workspace_id}/domains", responses=problems(NothingHere, DomainUnusable))
    async def confirm_domains(
        workspace_id: OneWorkspace, body: DomainsBody, app: App
    ) -> DomainsView:
        """Say which domains of e-mail addresses are the workspace's own, and no others.

        Make sure of it first: whoever has a verified address of one of them may become a member.
        """
        confirmed = await app.confirm_domains(workspace_id, body.domains)
        return DomainsView(domains=list(confirmed.domains))


def _shown(workspace: Workspace, response: Response) -> TenantView:
    response.headers["etag"] = etag_of(workspace.revision)
    return TenantView.of(workspace)
