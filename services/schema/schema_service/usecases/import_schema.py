from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.stored_schema import StoredSchema
from schema_service.usecases.fetch_document import FetchDocument
from schema_service.usecases.store_schema import NewDocument, StoreSchema


@dataclass(frozen=True, slots=True)
class ImportSchema:
    """Fetch a document from a URL and keep it; the URL is remembered, and whether it is bundled."""

    fetch_document: FetchDocument
    store_schema: StoreSchema

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        url: str,
        previous_id: SchemaId | None = None,
        *,
        bundle: bool = False,
    ) -> StoredSchema:
        async with self.fetch_document(workspace_id, url, bundle=bundle) as delivery:
            document = NewDocument.of(delivery, delivery.document.url, previous_id)
            return await self.store_schema(workspace_id, document)
