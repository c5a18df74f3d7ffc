from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, StringConstraints

from contracts.facts import Outcome
from contracts.ids import GptId, InvocationId, MemberId
from contracts.principal import Principal, Scope
from execution_service.app import ExecutionApp
from execution_service.domain.errors import InvocationNotFound
from execution_service.domain.invocation import WantedRecords
from execution_service.entrypoints.views import (
    CallCountsView,
    FoundInvocationView,
    InvocationRecordView,
)
from kit.caller import requires
from kit.pages import CursorInvalid, PageRequest, PageView, counts_as_a_list, page_request
from kit.prefer import wait_preferred
from kit.problems import problems

router = APIRouter(prefix="/v1/invocations", tags=["invocations"])


def execution(request: Request) -> ExecutionApp:
    app: ExecutionApp = request.app.state.app
    return app


App = Annotated[ExecutionApp, Depends(execution)]
Reader = Annotated[Principal, Depends(requires(Scope.INVOCATIONS_READ))]
Wait = Annotated[float | None, Depends(wait_preferred)]


def wanted_records(  # noqa: PLR0913, PLR0917 - each is a parameter of the query
    member_id: Annotated[MemberId | None, Query(max_length=100)] = None,
    gpt_id: Annotated[GptId | None, Query(max_length=64)] = None,
    operation: Annotated[
        str | None, Query(max_length=64, description="The tool's name in the GPT.")
    ] = None,
    outcome: Annotated[Outcome | None, Query(description="How the call ended.")] = None,
    host: Annotated[str | None, Query(max_length=255, description="Exactly this one.")] = None,
    since: Annotated[
        AwareDatetime | None, Query(description="Asked for then or later (RFC 3339).")
    ] = None,
    before: Annotated[
        AwareDatetime | None, Query(description="Asked for earlier than then (RFC 3339).")
    ] = None,
) -> WantedRecords:
    return WantedRecords(member_id, gpt_id, operation, outcome, host, since, before)


@router.get("", responses=problems(CursorInvalid))
async def list_invocations(
    reader: Reader,
    app: App,
    page: Annotated[PageRequest, Depends(page_request)],
    wanted: Annotated[WantedRecords, Depends(wanted_records)],
) -> PageView[InvocationRecordView]:
    """Your own calls, newest first; owners and admins see the workspace's."""
    found = await app.list_invocations(reader, page.limit, page.after, wanted)
    return page.view_of([InvocationRecordView.of(each) for each in found], [f.id for f in found])


@router.get("/counts", dependencies=[Depends(counts_as_a_list)])
async def count_invocations(
    reader: Reader,
    app: App,
    gpt_ids: Annotated[
        list[Annotated[str, StringConstraints(max_length=64)]],
        Query(alias="gpt_id", min_length=1, max_length=50, description="Once for each GPT."),
    ],
) -> CallCountsView:
    """Your own calls of each GPT in the last 7 days; owners and admins see the workspace's. A GPT
    that is unknown or another workspace's has none.
    """
    counts = await app.count_invocations(reader, [GptId(each) for each in gpt_ids])
    return CallCountsView.of(counts)


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
