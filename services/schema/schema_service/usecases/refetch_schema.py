from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.errors import NoSourceUrl, SchemaNotFound
from schema_service.domain.json_list import JsonList
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import SchemaStore
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.compare_schemas import CompareSchemas
from schema_service.usecases.fetch_document import FetchDocument
from schema_service.usecases.store_schema import NewDocument, StoreSchema


@dataclass(frozen=True, slots=True)
class Refetched:
    """`changes` for those who call the version that was fetched again; none where it is itself."""

    schema: StoredSchema
    changes: JsonList


@dataclass(frozen=True, slots=True)
class RefetchSchema:
    """Fetch a document from its URL again: its next version, or itself where nothing changed.

    What is bound to an action stays bound to the version that it was bound to.
    """

    schemas: SchemaStore
    fetch_document: FetchDocument
    store_schema: StoreSchema
    compare_schemas: CompareSchemas
    apply_operator_rules: ApplyOperatorRules

    async def __call__(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> Refetched:
        schema = await self.schemas.find(workspace_id, schema_id)
        if schema is None:
            raise SchemaNotFound
        if schema.source_url is None:
            raise NoSourceUrl
        async with self.fetch_document(
            workspace_id, schema.source_url, bundle=schema.bundled, etag=schema.etag
        ) as delivery:
            if delivery.document.raw is None:
                return Refetched(await self.apply_operator_rules(schema), JsonList())
            document = NewDocument.of(delivery, schema.source_url, schema.id)
            newer = await self.store_schema(workspace_id, document)
        if newer.id == schema.id:
            return Refetched(schema, JsonList())
        changes = await self.compare_schemas(workspace_id, schema.id, newer.id)
        return Refetched(newer, changes)
