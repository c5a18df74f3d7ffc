import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from contracts.ids import SchemaId, WorkspaceId
from contracts.principal import Principal, Scope
from egress.errors import SchemeRefused, UrlInvalid
from kit.caller import requires
from kit.hot import body_bytes
from kit.pages import (
    CursorInvalid,
    PageRequest,
    PageView,
    PartOfText,
    item_before,
    page_request,
)
from kit.problems import problems
from kit.shares import FairShares, ShareExceeded
from schema_service.app import SchemaApp
from schema_service.domain.errors import (
    BundlingTooLong,
    DocumentUnreadable,
    ExaminationStalled,
    ExaminationTooLong,
    ExaminersBusy,
    ExaminersUnavailable,
    ExampleUnknown,
    HostNotListed,
    ImportFailed,
    ImportTooLarge,
    ImportUnavailable,
    NoSourceUrl,
    RemovalOvertaken,
    SchemaInUse,
    SchemaNotFound,
    TooManyReferences,
    ValuesNotStored,
)
from schema_service.domain.examples import EXAMPLES
from schema_service.domain.media_type import media_type_of
from schema_service.domain.needed_values import NO_VALUES
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.submission import BodyNotUnderstood, Submission, WrappedDocument
from schema_service.entrypoints.views import (
    ChangeView,
    ExaminedView,
    ExampleView,
    OperationView,
    RefetchedView,
    RepairedView,
    RepairsBody,
    SchemaSummaryView,
    SchemaView,
    ToolsQuery,
    ToolsView,
    examined_json,
    operations_json,
    refetched_json,
    repaired_json,
    schema_json,
    toolbox_json,
)
from schema_service.usecases.store_schema import NewDocument

router = APIRouter(prefix="/v1/schemas", tags=["schemas"])
MAX_DOCUMENT_BYTES = MAX_BYTES
OPERATIONS_AT_ONCE = 25
DOCUMENT_PATHS = tuple(f"/v1/schemas{action}" for action in ("", "/validate", "/format", "/repair"))


def schema(request: Request) -> SchemaApp:
    app: SchemaApp = request.app.state.app
    return app


App = Annotated[SchemaApp, Depends(schema)]
Reader = Annotated[Principal, Depends(requires(Scope.SCHEMAS_READ))]
Builder = Annotated[Principal, Depends(requires(Scope.SCHEMAS_WRITE))]
Id = Annotated[str, Path(max_length=64)]
Page = Annotated[PageRequest, Depends(page_request)]


def _wrapped_schema() -> dict[str, Any]:
    """Its parts are components already, of the bodies of other routes."""
    schema = WrappedDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs")
    return schema


DOCUMENT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/yaml": {"schema": {"type": "string"}},
            "application/json": {
                "schema": {
                    **_wrapped_schema(),
                    "description": "The document itself, or one of `text`, `url` and `example`.",
                    "additionalProperties": True,
                }
            },
        },
    }
}
IMPORT_REFUSALS = (
    HostNotListed,
    ImportFailed,
    ImportUnavailable,
    ImportTooLarge,
    TooManyReferences,
    BundlingTooLong,
)
EXAMINERS = (
    ExaminationTooLong,
    ShareExceeded,
    ExaminersBusy,
    ExaminationStalled,
    ExaminersUnavailable,
)
REFUSALS = problems(
    *(DocumentUnreadable, BodyNotUnderstood, ValuesNotStored, ExampleUnknown),
    *(UrlInvalid, SchemeRefused),
    *EXAMINERS,
    *IMPORT_REFUSALS,
)
A_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document's text",
        "content": {
            "application/yaml": {"schema": {"type": "string"}},
            "application/json": {"schema": {}},
        },
    }
}


def _json(text: bytes, status_code: int = 200) -> Response:
    return Response(text, status_code, media_type="application/json")


async def submission(request: Request, builder: Builder, app: App) -> AsyncIterator[Submission]:
    """Only from those who may hand in documents: reading one costs time.

    Its bytes count as the workspace's until the request is answered.
    """
    held: FairShares = request.app.state.bytes_in_flight
    with held.held(builder.workspace_id, body_bytes(request.scope, MAX_DOCUMENT_BYTES)):
        chunks = [chunk async for chunk in request.stream()]
        body = await asyncio.to_thread(b"".join, chunks)  # 16 MB take 20 ms, and no GIL
        content_type = request.headers.get("content-type", "")
        yield await app.read_submission(builder.workspace_id, body, content_type)


ToRepair = Annotated[Submission, Depends(submission)]


async def without_findings(submitted: ToRepair) -> Submission:
    """Of every route but the one that repairs."""
    if submitted.chosen is not None:
        raise BodyNotUnderstood("`findings` are for POST /v1/schemas/repair.")
    return submitted


Submitted = Annotated[Submission, Depends(without_findings)]


@router.post(
    "/validate", response_model=ExaminedView, openapi_extra=DOCUMENT_BODY, responses=REFUSALS
)
async def validate_document(submitted: Submitted, builder: Builder, app: App) -> Response:
    """Everything about a document, without keeping it. A hopeless one is an answer too."""
    url, values = submitted.url, submitted.values or NO_VALUES
    if url is None:
        examined = await app.validate_document(
            builder.workspace_id, submitted.raw, submitted.source_url, values
        )
    else:
        examined = await app.validate_import(
            builder.workspace_id, url, bundle=submitted.bundle, values=values
        )
    return _json(examined_json(examined))


@router.get("/examples")
async def read_examples(_: Reader) -> list[ExampleView]:
    """Documents to begin with."""
    return [ExampleView.of(example) for example in EXAMPLES]


@router.post(
    "/format",
    response_class=Response,
    openapi_extra=DOCUMENT_BODY,
    responses=A_DOCUMENT | problems(BodyNotUnderstood, ExampleUnknown, *EXAMINERS),
)
async def format_document(submitted: Submitted, builder: Builder, app: App) -> Response:
    """The same document, laid out anew; one that cannot be read comes back as it is."""
    formatted = await app.examiner.format(builder.workspace_id, submitted.raw)
    return Response(formatted, media_type=media_type_of(formatted))


@router.post(
    "/repair",
    response_model=RepairedView,
    openapi_extra=DOCUMENT_BODY,
    responses=problems(BodyNotUnderstood, ExampleUnknown, *EXAMINERS),
)
async def repair_document(submitted: ToRepair, builder: Builder, app: App) -> Response:
    """A document's text with every repair applied, or with those of chosen `findings`, also of one
    that could not be read; nothing is stored.

    To keep it, POST it to /v1/schemas.
    """
    repaired = await app.repair_document(
        builder.workspace_id,
        submitted.raw,
        submitted.source_url,
        submitted.values or NO_VALUES,
        submitted.chosen,
    )
    return _json(repaired_json(repaired))


@router.get(
    "/diff", response_model=list[ChangeView], responses=problems(SchemaNotFound, *EXAMINERS)
)
async def compare_schemas(
    reader: Reader,
    app: App,
    from_: Annotated[str, Query(alias="from", max_length=64)],
    to: Annotated[str, Query(max_length=64)],
) -> Response:
    """What changed between two versions: breaking, additive, wording."""
    changes = await app.compare_schemas(reader.workspace_id, SchemaId(from_), SchemaId(to))
    return _json(changes.text)


@router.post(
    "",
    status_code=201,
    response_model=SchemaView,
    openapi_extra=DOCUMENT_BODY,
    responses=REFUSALS,
)
async def store_schema(submitted: Submitted, builder: Builder, app: App) -> Response:
    """Read and keep a document; its findings and detected operations are the answer."""
    return await _shown(app, await _stored(app, builder.workspace_id, submitted), 201)


async def _stored(app: SchemaApp, workspace_id: WorkspaceId, submitted: Submission) -> StoredSchema:
    if submitted.values is not None:
        raise ValuesNotStored
    previous_id = submitted.previous_id
    if submitted.url is not None:
        return await app.import_schema(
            workspace_id, submitted.url, previous_id, bundle=submitted.bundle
        )
    raw = submitted.raw
    document = NewDocument(raw, media_type_of(raw), submitted.source_url, previous_id=previous_id)
    return await app.store_schema(workspace_id, document)


async def _shown(app: SchemaApp, stored: StoredSchema, status_code: int = 200) -> Response:
    return _json(schema_json(stored, await app.read_versions(stored)), status_code)


@router.get("", responses=problems(CursorInvalid))
async def list_schemas(
    reader: Reader,
    app: App,
    page: Page,
    q: Annotated[PartOfText, Query(description="Part of a title, in either case.")] = "",
) -> PageView[SchemaSummaryView]:
    """The documents of this workspace, newest first."""
    found = await app.list_schemas(reader.workspace_id, page.limit, page.after, q)
    return page.view_of([SchemaSummaryView.of(each) for each in found], [s.id for s in found])


@router.get("/{schema_id}", response_model=SchemaView, responses=problems(SchemaNotFound))
async def read_schema(schema_id: Id, reader: Reader, app: App) -> Response:
    """One document's findings, operations and versions."""
    return await _shown(app, await app.read_schema(reader.workspace_id, SchemaId(schema_id)))


@router.delete(
    "/{schema_id}",
    status_code=204,
    responses=problems(SchemaNotFound, SchemaInUse, RemovalOvertaken),
)
async def remove_schema(schema_id: Id, builder: Builder, app: App) -> None:
    """Delete one version of a document, for good. Refused (409) while a draft or a version that is
    kept uses it; `findings` names the GPTs that you may view.
    """
    await app.remove_schema(builder, SchemaId(schema_id))


@router.post(
    "/{schema_id}/refetch",
    response_model=RefetchedView,
    responses=problems(SchemaNotFound, NoSourceUrl, *EXAMINERS, *IMPORT_REFUSALS),
)
async def refetch_schema(schema_id: Id, builder: Builder, app: App) -> Response:
    """Fetch the document from its URL again: its next version, and what changed in it.

    Where nothing did, it is the version itself, without changes.
    """
    refetched = await app.refetch_schema(builder.workspace_id, SchemaId(schema_id))
    versions = await app.read_versions(refetched.schema)
    return _json(refetched_json(refetched.schema, versions, refetched.changes))


@router.post(
    "/{schema_id}/repairs",
    response_model=RepairedView,
    responses=problems(SchemaNotFound, UrlInvalid, SchemeRefused, *EXAMINERS),
)
async def repair_schema(schema_id: Id, body: RepairsBody, builder: Builder, app: App) -> Response:
    """The document's text with the repairs of chosen findings applied; nothing is stored.

    A repair that `needs` a value is made where `values` has it. To keep the text, POST it to
    /v1/schemas with this schema as `previous_id`.
    """
    chosen = body.chosen()
    values = body.values.checked() if body.values else NO_VALUES
    repaired = await app.repair_schema(builder.workspace_id, SchemaId(schema_id), chosen, values)
    return _json(repaired_json(repaired))


@router.get(
    "/{schema_id}/operations",
    response_model=PageView[OperationView] | list[OperationView],
    responses=problems(SchemaNotFound, CursorInvalid),
)
async def read_schema_operations(
    schema_id: Id,
    reader: Reader,
    app: App,
    limit: Annotated[int | None, Query(ge=1, le=100)] = None,
    after: Annotated[str | None, Depends(item_before)] = None,
) -> Response:
    """The detected operations, in the order of the document.

    A page of them where `limit` or `cursor` is given. Without either it is a list of all, for one
    more version.
    """
    stored = await app.read_schema(reader.workspace_id, SchemaId(schema_id))
    if limit is None and after is None:
        return _json(stored.operations.text)
    page = PageRequest(limit or OPERATIONS_AT_ONCE, after)
    return _json(operations_json(page, await app.list_operations(stored, page.limit, after)))


@router.get(
    "/{schema_id}/tools",
    response_model=ToolsView,
    responses=problems(SchemaNotFound, CursorInvalid, *EXAMINERS),
)
async def read_tools(
    schema_id: Id, asked: Annotated[ToolsQuery, Query()], reader: Reader, app: App
) -> Response:
    """What a model sees: the exact tool definitions, with their size in tokens (estimated)."""
    stored = await app.read_schema(reader.workspace_id, SchemaId(schema_id))
    toolbox = await app.read_tools(
        stored,
        asked.flavour,
        strict=asked.strict,
        names=tuple(asked.operation),
        after=item_before(asked.cursor),
    )
    return _json(toolbox_json(toolbox))


@router.get(
    "/{schema_id}/document",
    response_class=Response,
    responses=A_DOCUMENT | problems(SchemaNotFound),
)
async def read_document_text(schema_id: Id, reader: Reader, app: App) -> Response:
    """The document, byte for byte as it came."""
    text, media_type = await app.read_document_text(reader.workspace_id, SchemaId(schema_id))
    headers = {"content-security-policy": "sandbox", "content-disposition": "attachment"}
    return Response(text, media_type=media_type, headers=headers)
