from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from contracts.ids import MemberId, TokenId
from contracts.principal import Principal, Scope
from identity_service.app import IdentityApp
from identity_service.domain.errors import (
    LastOwnerToken,
    LentTooOften,
    RoleAboveOwn,
    ScopesExceeded,
    TitleDiffers,
    TooLateToRestore,
    TooManyTokens,
)
from identity_service.entrypoints.views import (
    NamedWorkspaceBody,
    NewTokenView,
    TokenBody,
    TokenView,
    WorkspaceBody,
    WorkspaceView,
)
from identity_service.usecases.create_token import WantedToken
from kit.caller import requires
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NothingHere, NotInForce
from kit.etags import etag_of, revision_of
from kit.pages import CursorInvalid, PageRequest, PageView, PartOfText, page_request
from kit.problems import problems

router = APIRouter(prefix="/v1")


def identity(request: Request) -> IdentityApp:
    app: IdentityApp = request.app.state.app
    return app


App = Annotated[IdentityApp, Depends(identity)]
Page = Annotated[PageRequest, Depends(page_request)]
IfMatch = Annotated[str | None, Header(description="The ETag that this change is based on.")]
Anybody = Annotated[Principal, Depends(requires(Scope.WORKSPACE_READ))]
Retitler = Annotated[Principal, Depends(requires(Scope.WORKSPACE_WRITE))]
Remover = Annotated[Principal, Depends(requires(Scope.WORKSPACE_REMOVE))]
OneToken = Annotated[TokenId, Path(max_length=100)]
TokenReader = Annotated[Principal, Depends(requires(Scope.TOKENS_READ))]
TokenMaker = Annotated[Principal, Depends(requires(Scope.TOKENS_WRITE))]


@router.get("/workspace", tags=["workspace"])
async def read_workspace(caller: Anybody, app: App, response: Response) -> WorkspaceView:
    """The workspace that your token belongs to, and what you may do in it."""
    workspace = await app.workspaces.read(caller.workspace_id)
    response.headers["etag"] = etag_of(workspace.revision)
    return WorkspaceView.of(workspace, caller)


@router.patch("/workspace", tags=["workspace"], responses=problems(ChangedMeanwhile, Overtaken))
async def retitle_workspace(
    body: WorkspaceBody, caller: Retitler, app: App, response: Response, if_match: IfMatch = None
) -> WorkspaceView:
    """Give the workspace another title."""
    expected = revision_of(if_match)
    workspace = await app.retitle_workspace(caller.workspace_id, body.title, expected)
    response.headers["etag"] = etag_of(workspace.revision)
    return WorkspaceView.of(workspace, caller)


@router.delete(
    "/workspace",
    tags=["workspace"],
    responses=problems(TitleDiffers, ChangedMeanwhile, Overtaken, NotInForce),
)
async def close_workspace(
    body: NamedWorkspaceBody,
    caller: Remover,
    app: App,
    response: Response,
    if_match: IfMatch = None,
) -> WorkspaceView:
    """Close the workspace, and remove it with all that is in it 30 days later. Owners only."""
    expected = revision_of(if_match)
    workspace = await app.close_workspace(caller.workspace_id, body.title, expected)
    response.headers["etag"] = etag_of(workspace.revision)
    return WorkspaceView.of(workspace, caller)


@router.post(
    "/workspace/restore",
    tags=["workspace"],
    responses=problems(TooLateToRestore, ChangedMeanwhile, Overtaken, NotInForce),
)
async def restore_workspace(
    caller: Remover, app: App, response: Response, if_match: IfMatch = None
) -> WorkspaceView:
    """Open the closed workspace again: it is not going to be removed. Owners only."""
    workspace = await app.restore_workspace(caller.workspace_id, revision_of(if_match))
    response.headers["etag"] = etag_of(workspace.revision)
    return WorkspaceView.of(workspace, caller)


@router.get("/tokens", tags=["tokens"], responses=problems(CursorInvalid))
async def list_tokens(
    caller: TokenReader,
    app: App,
    page: Page,
    member_id: Annotated[
        MemberId | None, Query(max_length=100, description="Only this member's.")
    ] = None,
    q: Annotated[PartOfText, Query(description="Part of a name, in either case.")] = "",
) -> PageView[TokenView]:
    """The workspace's API tokens, newest first; the tokens themselves are not known any more."""
    found = await app.tokens.page(caller.workspace_id, page.limit, page.after, member_id, q)
    views = [TokenView.of(token) for token in found]
    return page.view_of(views, [view.id for view in views])


@router.post(
    "/tokens",
    tags=["tokens"],
    status_code=201,
    responses=problems(
        RoleAboveOwn, ScopesExceeded, TooManyTokens, LentTooOften, NothingHere, Overtaken
    ),
)
async def create_token(body: TokenBody, caller: TokenMaker, app: App) -> NewTokenView:
    """Create a token. It is shown in this answer and never again."""
    expires_in = timedelta(days=body.expires_in_days) if body.expires_in_days else None
    wanted = WantedToken(body.name, body.member_id, body.scopes, expires_in)
    token, drawn = await app.create_token(caller, wanted)
    return NewTokenView(**TokenView.of(token).model_dump(), token=drawn.text)


@router.get("/tokens/{token_id}", tags=["tokens"], responses=problems(NothingHere))
async def read_token(token_id: OneToken, caller: TokenReader, app: App) -> TokenView:
    """What is kept of one token."""
    return TokenView.of(await app.tokens.read(caller.workspace_id, token_id))


@router.delete(
    "/tokens/{token_id}",
    tags=["tokens"],
    status_code=204,
    responses=problems(NothingHere, RoleAboveOwn, LastOwnerToken, NotInForce),
)
async def revoke_token(token_id: OneToken, caller: TokenMaker, app: App) -> None:
    """Revoke a token. Once this succeeds, every service refuses it within a second."""
    await app.revoke_token(caller, token_id)
