from dataclasses import dataclass

from schema_service.ports import Examiner
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.compare_schemas import CompareSchemas
from schema_service.usecases.fetch_document import FetchDocument
from schema_service.usecases.import_schema import ImportSchema
from schema_service.usecases.list_operations import ListOperations
from schema_service.usecases.list_schemas import ListSchemas
from schema_service.usecases.read_document_text import ReadDocumentText
from schema_service.usecases.read_operations import ReadOperations
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.read_submission import ReadSubmission
from schema_service.usecases.read_tools import ReadTools
from schema_service.usecases.read_versions import ReadVersions
from schema_service.usecases.recompile_schemas import RecompileSchemas
from schema_service.usecases.refetch_schema import RefetchSchema
from schema_service.usecases.remove_schema import RemoveSchema
from schema_service.usecases.remove_unfinished import RemoveUnfinished
from schema_service.usecases.repair_document import RepairDocument
from schema_service.usecases.repair_schema import RepairSchema
from schema_service.usecases.store_schema import StoreSchema
from schema_service.usecases.validate_document import ValidateDocument
from schema_service.usecases.validate_import import ValidateImport
from schema_service.usecases.verify_schema import VerifySchema


@dataclass(frozen=True, slots=True)
class SchemaApp:
    """Everything that the schema service can do."""

    read_submission: ReadSubmission
    validate_document: ValidateDocument
    validate_import: ValidateImport
    store_schema: StoreSchema
    fetch_document: FetchDocument
    import_schema: ImportSchema
    refetch_schema: RefetchSchema
    repair_document: RepairDocument
    repair_schema: RepairSchema
    compare_schemas: CompareSchemas
    examiner: Examiner
    read_schema: ReadSchema
    read_versions: ReadVersions
    read_document_text: ReadDocumentText
    list_schemas: ListSchemas
    list_operations: ListOperations
    remove_schema: RemoveSchema
    read_tools: ReadTools
    verify_schema: VerifySchema
    brief_schema: BriefSchema
    read_operations: ReadOperations
    remove_unfinished: RemoveUnfinished
    recompile_schemas: RecompileSchemas
    apply_operator_rules: ApplyOperatorRules
