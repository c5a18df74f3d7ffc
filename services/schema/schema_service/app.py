from dataclasses import dataclass

from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.list_schemas import ListSchemas
from schema_service.usecases.read_document_text import ReadDocumentText
from schema_service.usecases.read_operations import ReadOperations
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.store_schema import StoreSchema


@dataclass(frozen=True, slots=True)
class SchemaApp:
    """Everything that the schema service can do."""

    store_schema: StoreSchema
    read_schema: ReadSchema
    read_document_text: ReadDocumentText
    list_schemas: ListSchemas
    brief_schema: BriefSchema
    read_operations: ReadOperations
