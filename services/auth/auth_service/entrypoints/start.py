"""Where a program gets the address at which its member signs in to an action."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from auth_service.domain import errors
from auth_service.domain.attempt import MAX_RETURN_TO
from auth_service.entrypoints.http import App
from contracts.ids import ActionId
from contracts.principal import Principal, Scope
from kit.caller import requires
from kit.html import own_path
from kit.html.own_path import START
from kit.problems import problems

router = APIRouter(prefix="/v1/connections", tags=["connections"])
Member = Annotated[Principal, Depends(requires(Scope.CONNECTIONS_WRITE))]


class StartBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action_id: Annotated[ActionId, Field(max_length=100)]
    return_to: str | None = Field(
        default=None,
        max_length=MAX_RETURN_TO,
        description="A path of this installation's pages, which the last page links to.",
        examples=["/connections"],
    )


class StartedView(BaseModel):
    url: str = Field(description="Your person opens it in a browser; it works once.")
    expires_at: datetime


@router.post(
    "/start",
    status_code=201,
    responses=problems(
        *(errors.ActionNotFound, errors.ActionNotYours, errors.SignInNotOauth),
        *(errors.PublicUrlUnset, errors.ReturnToInvalid, errors.SignInUnknown),
    ),
)
async def start_connection(body: StartBody, member: Member, app: App) -> StartedView:
    """An address at which you sign in to an action with an account of your own, within ten minutes.

    It demands your session, so nobody else signs in for you by it, and you for nobody else.
    """
    started = await app.start_connection(member, body.action_id, _own(body.return_to))
    return StartedView(url=started.url, expires_at=started.expires_at)


def _own(return_to: str | None) -> str:
    """Refused rather than replaced: whoever named it would not see why it leads elsewhere (H84)."""
    if return_to is None:
        return START
    if own_path(return_to) != return_to:
        raise errors.ReturnToInvalid(MAX_RETURN_TO)
    return return_to
