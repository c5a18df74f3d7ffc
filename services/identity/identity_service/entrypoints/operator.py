"""What only the operator of the installation may do. Without an operator token there is nothing."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from pydantic import SecretStr

from identity_service.entrypoints.http import App
from identity_service.entrypoints.views import NewWorkspaceView, WorkspaceBody
from kit.caller import digest_of
from kit.errors import NothingHere, Unauthenticated
from kit.problems import problems


def operator_routes(operator_token: SecretStr) -> APIRouter:
    expected = digest_of(operator_token.get_secret_value())

    def operator(authorization: Annotated[str, Header()] = "") -> None:
        scheme, _, unverified_token = authorization.partition(" ")
        proven = hmac.compare_digest(digest_of(unverified_token.strip()), expected)
        if scheme.lower() != "bearer" or not proven:
            raise Unauthenticated

    router = APIRouter(prefix="/v1/workspaces", tags=["workspaces"])

    @router.post(
        "",
        status_code=201,
        dependencies=[Depends(operator)],
        responses=problems(Unauthenticated, NothingHere),
    )
    async def create_workspace(body: WorkspaceBody, app: App) -> NewWorkspaceView:
        """Create one more workspace. Its owner's token is shown in this answer and never again."""
        workspace, drawn = await app.create_workspace(body.title)
        return NewWorkspaceView(id=workspace.id, title=workspace.title, owner_token=drawn.text)

    return router
