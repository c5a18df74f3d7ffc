from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from contracts.ids import SchemaId
from kit.caller import Caller, Scope, requires
from kit.pages import PageRequest, PageView, page_request
from kit.problems import problems
from schema_service.app import SchemaApp
from schema_service.domain.errors import DocumentUnreadable, ExaminationTooLong, SchemaNotFound
from schema_service.entrypoints.body import BodyNotUnderstood, sent_document
from schema_service.entrypoints.views import OperationView, SchemaSummaryView, SchemaView

router = APIRouter(prefix="/v1/schemas", tags=["schemas"])
MAX_DOCUMENT_BYTES = 16 * 1024 * 1024


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
                    "type": "object",
                    "description": "The document itself, or `text` with an optional `source_url`.",
                }
            },
        },
    }
}


@router.post(
    "",
    status_code=201,
    openapi_extra=DOCUMENT_BODY,
    responses=problems(DocumentUnreadable, ExaminationTooLong, BodyNotUnderstood),
)
async def store_schema(request: Request, builder: Builder, app: App) -> SchemaView:
    """Read and keep a document; its findings and detected operations are the answer."""
    sent = sent_document(await request.body(), request.headers.get("content-type", ""))
    stored = await app.store_schema(
        builder.workspace_id, sent.raw, sent.media_type, sent.source_url
    )
    return SchemaView.model_validate(stored, from_attributes=True)


@router.get("")
async def list_schemas(reader: Reader, app: App, page: Page) -> PageView[SchemaSummaryView]:
    """The documents of this workspace, newest first."""
    found = await app.list_schemas(reader.workspace_id, page.limit, page.after)
    return page.view_of([SchemaSummaryView.of(each) for each in found], [s.id for s in found])


@router.get("/{schema_id}", responses=problems(SchemaNotFound))
async def read_schema(schema_id: Id, reader: Reader, app: App) -> SchemaView:
    """One document's findings and operations."""
    stored = await app.read_schema(reader.workspace_id, SchemaId(schema_id))
    return SchemaView.model_validate(stored, from_attributes=True)


@router.get("/{schema_id}/operations", responses=problems(SchemaNotFound))
async def read_schema_operations(schema_id: Id, reader: Reader, app: App) -> list[OperationView]:
    """The detected operations, in the order of the document."""
    stored = await app.read_schema(reader.workspace_id, SchemaId(schema_id))
    return [OperationView.of(operation) for operation in stored.operations]


@router.get("/{schema_id}/document", responses=problems(SchemaNotFound))
async def read_document_text(schema_id: Id, reader: Reader, app: App) -> Response:
    """The document, byte for byte as it came."""
    text, media_type = await app.read_document_text(reader.workspace_id, SchemaId(schema_id))
    headers = {"content-security-policy": "sandbox", "content-disposition": "attachment"}
    return Response(text, media_type=media_type, headers=headers)
