"""What a GPT offers to models, in the forms that their APIs take."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from contracts.ids import GptId
from contracts.principal import Principal, Scope
from execution_service.domain.errors import GptNotFound, ToolsChanged
from execution_service.domain.tool_page import CursorBroken, Position
from execution_service.domain.tool_text import Wording
from execution_service.entrypoints.http import App
from execution_service.entrypoints.tool_views import ToolListView, ToolsQuery, tool_list_json
from execution_service.usecases.list_tools import WantedTools
from kit.caller import requires
from kit.etags import etag_of_content, is_known
from kit.pages import CursorInvalid, item_before
from kit.problems import problems
from kit.shares import FairShares, ShareExceeded

router = APIRouter(prefix="/v1/tools", tags=["tools"])
NOT_MODIFIED = 304

Caller = Annotated[Principal, Depends(requires(Scope.INVOCATIONS_CREATE))]


@router.get(
    "",
    response_model=ToolListView,
    responses={
        NOT_MODIFIED: {"description": "The answer is the one that `If-None-Match` names"},
        **problems(GptNotFound, ToolsChanged, CursorInvalid, ShareExceeded),
    },
)
async def list_tools(
    request: Request,
    asked: Annotated[ToolsQuery, Query()],
    caller: Caller,
    app: App,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The tools of a GPT as a model's API takes them, in the order of its release.

    A tool's `name` and the model's arguments are `operation` and `arguments` of
    `POST /v1/invocations`. For whoever may call the GPT; its draft is for those who may edit it.
    Until it is answered it counts as one of the lists that the workspace reads.
    """
    lists: FairShares = request.app.state.lists
    with lists.held(caller.workspace_id):
        page = await app.list_tools(
            WantedTools(
                principal=caller,
                gpt_workspace_id=caller.workspace_id,
                gpt_id=GptId(asked.gpt_id),
                stage=asked.stage,
                wording=Wording(asked.format, asked.strict),
                limit=asked.limit,
                after=_position(asked.cursor),
            )
        )
        text = tool_list_json(page)
    etag = etag_of_content(text)
    headers = {"etag": etag}
    if is_known(etag, if_none_match):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(text, media_type="application/json", headers=headers)


def _position(cursor: str | None) -> Position | None:
    text = item_before(cursor)
    try:
        return None if text is None else Position.read(text)
    except CursorBroken:
        raise CursorInvalid(
            "This cursor was not made by us.", hint="Use `next_cursor` of the previous page."
        ) from None
