"""`/v1/workspace/sign-in`: how a workspace's people sign in with their company's accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from contracts.principal import Principal, Scope
from identity_service.domain.errors import ScopesExceeded
from identity_service.domain.oidc.errors import (
    DomainNotVerified,
    DomainUnusable,
    EmergencyOwnerUnfit,
    NoCompanySignIn,
    NoKeys,
    ProviderUnreachable,
    ProviderUnsuitable,
)
from identity_service.entrypoints.http import App, IfMatch
from identity_service.entrypoints.sign_in_views import (
    AddressesView,
    CheckedProviderView,
    IssuerBody,
    SignInBody,
    SignInView,
)
from kit.caller import requires
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NotInForce
from kit.etags import etag_of, revision_of
from kit.problems import problems
from kit.shares import ShareExceeded

router = APIRouter(prefix="/v1/workspace/sign-in", tags=["workspace"])
Owner = Annotated[Principal, Depends(requires(Scope.SIGN_IN_WRITE))]


async def revision_there(caller: Owner, app: App, if_match: IfMatch = None) -> int | None:
    """As `revision_of`; `*` demands that something is set (RFC 9110, 13.1.1)."""
    if if_match == "*" and await app.sign_in_settings.find(caller.workspace_id) is None:
        raise ChangedMeanwhile
    return revision_of(if_match)


Expected = Annotated[int | None, Depends(revision_there)]


def origin_of(request: Request) -> str | None:
    address = request.app.state.verifier.address
    return None if address is None else str(address.origin)


@router.get("", responses=problems(NoCompanySignIn))
async def read_sign_in(caller: Owner, app: App, request: Request, response: Response) -> SignInView:
    """How people sign in with their company's accounts. Owners only."""
    settings = await app.sign_in_settings.find(caller.workspace_id)
    if settings is None:
        raise NoCompanySignIn
    confirmed = await app.confirmed_domains.find(caller.workspace_id)
    response.headers["etag"] = etag_of(settings.version)
    return SignInView.of(settings, confirmed.domains, origin_of(request))


@router.put(
    "",
    responses=problems(
        ScopesExceeded,
        DomainNotVerified,
        DomainUnusable,
        EmergencyOwnerUnfit,
        NoKeys,
        ProviderUnsuitable,
        ProviderUnreachable,
        ChangedMeanwhile,
        Overtaken,
        NotInForce,
        ShareExceeded,
    ),
)
async def set_sign_in(
    body: SignInBody,
    caller: Owner,
    app: App,
    request: Request,
    response: Response,
    expected: Expected,
) -> SignInView:
    """Let people sign in with their company's accounts (OpenID Connect). Owners only.

    An issuer that is new here is asked who it is. Sessions that could not begin so any more end.
    Whom it vouches for may be an owner, so your token must allow all that owners may.
    """
    settings = await app.set_sign_in(caller, body.wanted(), expected)
    confirmed = await app.confirmed_domains.find(caller.workspace_id)
    response.headers["etag"] = etag_of(settings.version)
    return SignInView.of(settings, confirmed.domains, origin_of(request))


@router.delete("", status_code=204, responses=problems(ChangedMeanwhile, Overtaken, NotInForce))
async def remove_sign_in(caller: Owner, app: App, expected: Expected) -> None:
    """Nobody signs in with the company's account any more; sessions that began so end.

    After a 503 repeat it, with or without `If-Match`: 204 without it, and 412 with it, say that
    nothing is set any more, and that all those sessions have ended.
    """
    await app.remove_sign_in(caller.workspace_id, expected)


@router.post(
    "/test",
    responses=problems(NoCompanySignIn, ProviderUnsuitable, ProviderUnreachable, ShareExceeded),
)
async def test_sign_in(
    body: IssuerBody, caller: Owner, app: App, request: Request
) -> CheckedProviderView:
    """Ask an issuer who it is, now, and say what suits and what does not. Nothing is changed."""
    checked = await app.check_provider(caller.workspace_id, body.issuer)
    addresses = AddressesView.of(origin_of(request), caller.workspace_id)
    return CheckedProviderView.of(checked, addresses)
