from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from auth_service.app import AuthApp
from auth_service.domain import errors
from auth_service.entrypoints.bodies import CredentialBody
from auth_service.entrypoints.views import CredentialView
from auth_service.usecases.read_credential import CurrentCredential
from contracts.errors import NotFound
from contracts.ids import ActionId
from contracts.principal import Principal, Scope
from kit.caller import requires
from kit.documents import ChangedMeanwhile
from kit.errors import NotInForce
from kit.etags import etag_of, revision_of
from kit.problems import problems

router = APIRouter(prefix="/v1/credentials", tags=["credentials"])


class ActionNotFound(NotFound):
    """Catalog's word for it, passed on; here so that the OpenAPI document can say so."""

    code = "catalog.action_not_found"


REFUSALS = problems(
    ActionNotFound,
    ChangedMeanwhile,
    NotInForce,
    errors.ActionHasNoOrigin,
    errors.SignInUnknown,
    errors.HeaderNameInvalid,
    errors.HeaderReserved,
    errors.HeaderRepeated,
    errors.ParameterNameInvalid,
    errors.SecretInvalid,
)


def auth(request: Request) -> AuthApp:
    app: AuthApp = request.app.state.app
    return app


App = Annotated[AuthApp, Depends(auth)]
Builder = Annotated[Principal, Depends(requires(Scope.CREDENTIALS_WRITE))]
IfMatch = Annotated[str | None, Header(description="The ETag that this change is based on.")]
Action = Annotated[ActionId, Path(max_length=100)]


@router.get("/{action_id}", responses=problems(ActionNotFound, errors.SignInUnknown))
async def read_credential(
    action_id: Action, builder: Builder, app: App, response: Response
) -> CredentialView:
    """How the action signs in, and whether that still works. Never the secret."""
    current = await app.read_credential(builder.workspace_id, action_id)
    response.headers["etag"] = etag_of(current.credential.revision)
    return CredentialView.of(current)


@router.put("/{action_id}", responses=REFUSALS)
async def set_credential(
    action_id: Action,
    body: CredentialBody,
    builder: Builder,
    app: App,
    response: Response,
    if_match: IfMatch = None,
) -> CredentialView:
    """Set or replace it, for the hosts that the action calls now. In force once this succeeds."""
    changed = await app.set_credential(
        builder.workspace_id,
        action_id,
        builder.member_id,
        body.entered(),
        revision_of(if_match),
    )
    response.headers["etag"] = etag_of(changed.revision)
    return CredentialView.of(CurrentCredential(changed, None))


@router.delete(
    "/{action_id}",
    status_code=204,
    responses=problems(ActionNotFound, ChangedMeanwhile, NotInForce, errors.SignInUnknown),
)
async def clear_credential(
    action_id: Action, builder: Builder, app: App, if_match: IfMatch = None
) -> None:
    """Destroy the secret; the action signs in with nothing from now on."""
    expected = revision_of(if_match)
    await app.set_credential(builder.workspace_id, action_id, builder.member_id, None, expected)
