from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from contracts.ids import InvocationId
from contracts.principal import Principal, Scope
from execution_service.app import ExecutionApp
from execution_service.domain.errors import InvocationNotFound
from execution_service.entrypoints.views import FoundInvocationView, InvocationRecordView
from kit.caller import requires
from kit.pages import PageRequest, PageView, page_request
from kit.prefer import wait_preferred
from kit.problems import problems

router = APIRouter(prefix="/v1/invocations", tags=["invocations"])


def execution(request: Request) -> ExecutionApp:
    app: ExecutionApp = request.app.state.app
    return app


App = Annotated[ExecutionApp, Depends(execution)]
Reader = Annotated[Principal, Depends(requires(Scope.INVOCATIONS_READ))]
Wait = Annotated[float | None, Depends(wait_preferred)]


@router.get("")
async def list_invocations(
    reader: Reader, app: App, page: Annotated[PageRequest, Depends(page_request)]
) -> PageView[InvocationRecordView]:
    """Your own calls, newest first; owners and admins see the workspace's."""
    found = await app.list_invocations(reader, page.limit, page.after)
    return page.view_of([InvocationRecordView.of(each) for each in found], [f.id for f in found])


@router.get(
    "/{invocation_id}",
    response_model=FoundInvocationView,
    responses=problems(InvocationNotFound),
)
async def read_invocation(
    invocation_id: Annotated[str, Path(max_length=64)], reader: Reader, app: App, wait: Wait
) -> Response:
    """One call's audit record as it is now, and what came of a call that outlived its request.

    The record is written within seconds of the call's answer. Until then this is a 404 with
    Retry-After; `Prefer: wait=10` waits for the record, and for how a call under way ends, up to 10
    seconds.
    """
    found = await app.read_invocation(reader, InvocationId(invocation_id), wait)
    return Response(FoundInvocationView.text_of(found), media_type="application/json")
