from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from auth_service.app import AuthApp
from auth_service.domain import errors, reference_errors
from auth_service.domain.oauth.errors import ParameterReserved, SettingInvalid, UrlInvalid
from auth_service.entrypoints.bodies import CredentialBody
from auth_service.entrypoints.body import TrialBody
from auth_service.entrypoints.views import CallbackView, CredentialView, StoppedView, TestedView
from contracts.errors import Limited
from contracts.ids import ActionId
from contracts.principal import Principal, Scope
from kit.caller import Verifier, lasting_key, requires
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NotInForce
from kit.etags import etag_of, revision_of
from kit.problems import problems

router = APIRouter(prefix="/v1/credentials", tags=["credentials"])


REFUSALS = problems(
    errors.ActionNotFound,
    ChangedMeanwhile,
    Overtaken,
    NotInForce,
    errors.ActionHasNoOrigin,
    errors.SignInUnknown,
    errors.HeaderNameInvalid,
    errors.HeaderReserved,
    errors.HeaderRepeated,
    errors.ParameterNameInvalid,
    errors.SecretInvalid,
    errors.SchemeHasPlacement,
    errors.OwnKeyInvalid,
    reference_errors.SecretReferenceInvalid,
    reference_errors.SecretReferencesOff,
    reference_errors.SecretNameNotAllowed,
    errors.ClientSecretNeeded,
    errors.SignInDomainNotAllowed,
    SettingInvalid,
    UrlInvalid,
    ParameterReserved,
)


TEST_REFUSALS = problems(
    errors.ActionNotFound,
    errors.SignInUnknown,
    errors.NothingToTestWith,
    errors.SignInRequired,
    Limited,
)


def auth(request: Request) -> AuthApp:
    app: AuthApp = request.app.state.app
    return app


def _verifier(request: Request) -> Verifier:
    verifier: Verifier = request.app.state.verifier
    return verifier


App = Annotated[AuthApp, Depends(auth)]
Builder = Annotated[Principal, Depends(requires(Scope.CREDENTIALS_WRITE))]
IfMatch = Annotated[str | None, Header(description="The ETag that this change is based on.")]
Action = Annotated[ActionId, Path(max_length=100)]
OriginSet = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9a-f]{64}$",
        description="Only the credential of this set of origins, as a reading names it.",
    ),
]


@router.get("/{action_id}", responses=problems(errors.ActionNotFound, errors.SignInUnknown))
async def read_credential(
    action_id: Action, builder: Builder, app: App, response: Response
) -> CredentialView:
    """How the action signs in, where its draft calls and where its releases do. Never a secret."""
    current = await app.read_credential(builder, action_id)
    response.headers["etag"] = etag_of(current.credentials.revision)
    return CredentialView.of(current)


@router.get(
    "/{action_id}/callback", responses=problems(errors.ActionNotFound, errors.PublicUrlUnset)
)
async def read_callback(action_id: Action, builder: Builder, app: App) -> CallbackView:
    """The action's redirect URI, which is entered at its OAuth provider before it is set here."""
    return CallbackView(callback_url=await app.read_callback(builder, action_id))


@router.put("/{action_id}", responses=REFUSALS)
async def set_credential(
    action_id: Action,
    body: CredentialBody,
    builder: Builder,
    app: App,
    response: Response,
    if_match: IfMatch = None,
) -> CredentialView:
    """Set or replace it, for the hosts that the draft calls now. In force once this succeeds.

    A published release with other hosts goes on with what was entered for those. `warnings` say
    where a secret is so short that it is not masked in the API's answers. A `client_secret` that is
    left out stays, where it would go to the same hosts. The names by which GPTs store their
    settings are taken, too: `service_http`, `user_http`, `client_url`.
    """
    entered = body.entered()
    current = await app.set_credential(builder, action_id, entered, revision_of(if_match))
    response.headers["etag"] = etag_of(current.credentials.revision)
    return CredentialView.of(current, entered)


@router.post("/{action_id}/test", responses=TEST_REFUSALS)
async def try_credential(
    action_id: Action, request: Request, builder: Builder, app: App, body: TrialBody | None = None
) -> TestedView:
    """Whether the API accepts them: calls a GET operation of the draft without arguments, the named
    one or the first, as the caller (`invocations:create`). Never one that may change something.

    It is a call of the draft as any other: under the workspace's domains and quotas, and on record.
    """
    caller = lasting_key(await _verifier(request).hold_of(request.scope))
    operation = body.operation_id if body else None
    return TestedView.of(await app.try_credential(builder, caller, action_id, operation))


@router.delete(
    "/{action_id}",
    response_model=StoppedView,
    responses={
        204: {"description": "Destroyed, and no version that is kept had signed in with it."},
        **problems(
            errors.ActionNotFound, ChangedMeanwhile, Overtaken, NotInForce, errors.SignInUnknown
        ),
    },
)
async def clear_credential(
    action_id: Action,
    builder: Builder,
    app: App,
    if_match: IfMatch = None,
    origin_set: OriginSet = None,
) -> StoppedView | Response:
    """Destroy the action's secrets at once, and say which versions sign in no more.

    Their calls are refused from now on (`auth.credential_deleted`), until a credential or the type
    `none` is set for their hosts.
    """
    stopped = await app.clear_credential(builder, action_id, origin_set, revision_of(if_match))
    return StoppedView.of(stopped) if stopped.versions else Response(status_code=204)
