from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from contracts.ids import SchemaId
from kit.caller import Caller, Scope, requires
from kit.pages import PageRequest, PageView, page_request
from kit.problems import problems
from schema_service.app import SchemaApp
from schema_service.domain.document_text import document_text
from schema_service.domain.errors import (
    BundlingTooLong,
    DocumentUnreadable,
    ExaminationTooLong,
    ImportFailed,
    ImportTooLarge,
    NoSourceUrl,
    SchemaNotFound,
    TooManyReferences,
)
from schema_service.domain.examples import EXAMPLES, example_named
from schema_service.domain.media_type import media_type_of
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.tools.definition import Flavour
from schema_service.entrypoints.body import BodyNotUnderstood, DocumentBody, document_body
from schema_service.entrypoints.views import (
    ChangeView,
    ExaminedView,
    ExampleView,
    OperationView,
    RepairedView,
    RepairsBody,
    SchemaSummaryView,
    SchemaView,
    ToolsView,
    ToolView,
)
from schema_service.usecases.store_schema import NewDocument

router = APIRouter(prefix="/v1/schemas", tags=["schemas"])
MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
DOCUMENT_PATHS = ("/v1/schemas", "/v1/schemas/validate", "/v1/schemas/format")
MAX_TOOLS = 128


def schema(request: Request) -> SchemaApp:
    app: SchemaApp = request.app.state.app
    return app


App = Annotated[SchemaApp, Depends(schema)]
Reader = Annotated[Caller, Depends(requires(Scope.SCHEMAS_READ))]
Builder = Annotated[Caller, Depends(requires(Scope.SCHEMAS_WRITE))]
Id = Annotated[str, Path(max_length=64)]
Page = Annotated[PageRequest, Depends(page_request)]

DOCUMENT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/yaml": {"schema": {"type": "string"}},
            "application/json": {
                "schema": {
                    **DocumentBody.model_json_schema(),
                    "description": "The document itself, or one of `text`, `url` and `example`.",
                    "additionalProperties": True,
                }
            },
        },
    }
}
IMPORT_REFUSALS = (ImportFailed, ImportTooLarge, TooManyReferences, BundlingTooLong)
REFUSALS = problems(DocumentUnreadable, ExaminationTooLong, BodyNotUnderstood, *IMPORT_REFUSALS)


@router.post("/validate", openapi_extra=DOCUMENT_BODY, responses=REFUSALS)
async def validate_document(request: Request, builder: Builder, app: App) -> ExaminedView:
    """Everything about a document, without keeping it. A hopeless one is an answer too."""
    raw = await request.body()
    body = document_body(raw, request.headers.get("content-type", ""))
    if body is None:
        return ExaminedView.of(await app.validate_document(raw, None))
    if body.url is not None:
        found = await app.validate_import(builder.workspace_id, body.url, bundle=body.bundle)
        return ExaminedView.of(found)
    text = _pasted(body)
    return ExaminedView.of(await app.validate_document(text.encode(), body.source_url))


@router.get("/examples")
async def read_examples(_: Reader) -> list[ExampleView]:
    """Documents to begin with."""
    return [ExampleView.of(example) for example in EXAMPLES]


@router.post("/format", openapi_extra=DOCUMENT_BODY, responses=problems(ExaminationTooLong))
async def format_document(request: Request, _: Builder, app: App) -> Response:
    """The same document, laid out anew; one that cannot be read comes back as it is."""
    raw = await request.body()
    body = document_body(raw, request.headers.get("content-type", ""))
    text = document_text(raw) if body is None else _pasted(body)
    formatted = await app.format_document(text)
    return Response(formatted, media_type=media_type_of(formatted.encode()))


@router.get("/diff", responses=problems(SchemaNotFound))
async def compare_schemas(
    reader: Reader,
    app: App,
    from_: Annotated[str, Query(alias="from", max_length=64)],
    to: Annotated[str, Query(max_length=64)],
) -> list[ChangeView]:
    """What changed between two versions: breaking, additive, wording."""
    changes = await app.compare_schemas(reader.workspace_id, SchemaId(from_), SchemaId(to))
    return [ChangeView.of(change) for change in changes]


@router.post("", status_code=201, openapi_extra=DOCUMENT_BODY, responses=REFUSALS)
async def store_schema(request: Request, builder: Builder, app: App) -> SchemaView:
    """Read and keep a document; its findings and detected operations are the answer."""
    raw = await request.body()
    body = document_body(raw, request.headers.get("content-type", ""))
    return await _shown(app, await _stored(app, builder, raw, body))


async def _stored(
    app: SchemaApp, builder: Caller, raw: bytes, body: DocumentBody | None
) -> StoredSchema:
    workspace_id = builder.workspace_id
    if body is None:
        return await app.store_schema(workspace_id, NewDocument(raw, media_type_of(raw)))
    if body.url is not None:
        return await app.import_schema(workspace_id, body.url, body.previous_id, bundle=body.bundle)
    pasted = _pasted(body).encode()
    document = NewDocument(
        pasted, media_type_of(pasted), body.source_url, previous_id=body.previous_id
    )
    return await app.store_schema(workspace_id, document)


def _pasted(body: DocumentBody) -> str:
    if body.example is not None:
        return example_named(body.example).text
    return body.text or ""


async def _shown(app: SchemaApp, stored: StoredSchema) -> SchemaView:
    return SchemaView.with_versions(stored, await app.read_versions(stored))


@router.get("")
async def list_schemas(reader: Reader, app: App, page: Page) -> PageView[SchemaSummaryView]:
    """The documents of this workspace, newest first."""
    found = await app.list_schemas(reader.workspace_id, page.limit, page.after)
    return page.view_of([SchemaSummaryView.of(each) for each in found], [s.id for s in found])


@router.get("/{schema_id}", responses=problems(SchemaNotFound))
async def read_schema(schema_id: Id, reader: Reader, app: App) -> SchemaView:
    """One document's findings, operations and versions."""
    return await _shown(app, await app.read_schema(reader.workspace_id, SchemaId(schema_id)))


@router.post(
    "/{schema_id}/refetch", responses=problems(SchemaNotFound, NoSourceUrl, *IMPORT_REFUSALS)
)
async def refetch_schema(schema_id: Id, builder: Builder, app: App) -> SchemaView:
    """Fetch the document from its URL again: its next version, or itself if nothing changed."""
    return await _shown(app, await app.refetch_schema(builder.workspace_id, SchemaId(schema_id)))


@router.post("/{schema_id}/repairs", responses=problems(SchemaNotFound, ExaminationTooLong))
async def repair_schema(
    schema_id: Id, body: RepairsBody, builder: Builder, app: App
) -> RepairedView:
    """The document's text with the repairs of chosen findings applied; nothing is stored.

    To keep it, POST it to /v1/schemas with this schema as `previous_id`.
    """
    chosen = body.chosen()
    outcome = await app.repair_schema(builder.workspace_id, SchemaId(schema_id), chosen)
    return RepairedView.of(outcome)


@router.get("/{schema_id}/operations", responses=problems(SchemaNotFound))
async def read_schema_operations(schema_id: Id, reader: Reader, app: App) -> list[OperationView]:
    """The detected operations, in the order of the document."""
    stored = await app.read_schema(reader.workspace_id, SchemaId(schema_id))
    return [OperationView.of(operation) for operation in stored.operations]


@router.get("/{schema_id}/tools", responses=problems(SchemaNotFound))
async def read_tools(
    schema_id: Id,
    reader: Reader,
    app: App,
    flavour: Flavour = Flavour.OPENAI,
    strict: Annotated[bool, Query(description="OpenAI's structured form, where possible.")] = False,  # noqa: FBT002 - a query parameter
    operation: Annotated[list[str] | None, Query(description="Left out: the first 128.")] = None,
) -> ToolsView:
    """What a model sees: the exact tool definitions, with their size in tokens (estimated)."""
    stored = await app.read_schema(reader.workspace_id, SchemaId(schema_id))
    callable_names = [each.name for each in stored.operations if each.origin is not None]
    names = tuple(operation or callable_names)[:MAX_TOOLS]
    tools = await app.read_tools(stored, flavour, strict=strict, names=names)
    return ToolsView(
        tools=[ToolView.of(tool) for tool in tools], tokens=sum(t.tokens for t in tools)
    )


@router.get("/{schema_id}/document", responses=problems(SchemaNotFound))
async def read_document_text(schema_id: Id, reader: Reader, app: App) -> Response:
    """The document, byte for byte as it came."""
    text, media_type = await app.read_document_text(reader.workspace_id, SchemaId(schema_id))
    headers = {"content-security-policy": "sandbox", "content-disposition": "attachment"}
    return Response(text, media_type=media_type, headers=headers)
