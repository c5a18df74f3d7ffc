from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.errors import ImportFailed
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import DocumentSource
from schema_service.usecases.store_schema import NewDocument, StoreSchema

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class ImportSchema:
    """Fetch a document from a URL and keep it; the URL is remembered."""

    documents: DocumentSource
    store_schema: StoreSchema

    async def __call__(
        self, workspace_id: WorkspaceId, url: str, previous_id: SchemaId | None = None
    ) -> StoredSchema:
        fetched = await self.documents.fetch(workspace_id, url)
        if fetched.raw is None:
            raise ImportFailed(NOT_MODIFIED)
        document = NewDocument(
            fetched.raw, fetched.media_type, fetched.url, fetched.etag, previous_id
        )
        return await self.store_schema(workspace_id, document)
