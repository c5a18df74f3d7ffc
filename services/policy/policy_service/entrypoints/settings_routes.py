from typing import Annotated

from fastapi import APIRouter, Depends, Response

from contracts.principal import Principal, Scope
from kit.caller import requires
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NotInForce
from kit.etags import etag_of, revision_of
from kit.problems import problems
from policy_service.domain.errors import CallsBeyondLimit
from policy_service.domain.workspace_settings import WorkspaceSettings
from policy_service.entrypoints.http import App, IfMatch
from policy_service.entrypoints.views import SettingsBody, SettingsEditBody, SettingsView

router = APIRouter(prefix="/v1/settings", tags=["settings"])

Reader = Annotated[Principal, Depends(requires(Scope.SETTINGS_READ))]
Ruler = Annotated[Principal, Depends(requires(Scope.SETTINGS_WRITE))]


@router.get("")
async def read_settings(reader: Reader, app: App, response: Response) -> SettingsView:
    """The settings of this workspace."""
    return _shown(await app.read_settings(reader.workspace_id), response)


@router.patch("", responses=problems(ChangedMeanwhile, Overtaken, NotInForce, CallsBeyondLimit))
async def edit_settings(
    body: SettingsEditBody, ruler: Ruler, app: App, response: Response, if_match: IfMatch = None
) -> SettingsView:
    """Set some; what is left out stays as it is. In force everywhere within a second."""
    expected = revision_of(if_match)
    return _shown(await app.change_settings(ruler.workspace_id, body.changes, expected), response)


@router.put("", responses=problems(ChangedMeanwhile, Overtaken, NotInForce, CallsBeyondLimit))
async def change_settings(
    body: SettingsBody, ruler: Ruler, app: App, response: Response, if_match: IfMatch = None
) -> SettingsView:
    """Set all. Name each: for one more version, what is left out stays as it is, then it is
    refused. In force everywhere within a second.
    """
    expected = revision_of(if_match)
    return _shown(await app.change_settings(ruler.workspace_id, body.changes, expected), response)


def _shown(settings: WorkspaceSettings, response: Response) -> SettingsView:
    response.headers["etag"] = etag_of(settings.revision)
    return SettingsView.of(settings)
