from dataclasses import dataclass

from schema_service.domain.stored_schema import SchemaSummary
from schema_service.ports import SchemaStore
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules

MAX_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class ReadVersions:
    """The versions of a document, newest first."""

    schemas: SchemaStore
    apply_operator_rules: ApplyOperatorRules

    async def __call__(self, schema: SchemaSummary) -> list[SchemaSummary]:
        found = await self.schemas.line(schema.workspace_id, schema.line_id, MAX_VERSIONS)
        return await self.apply_operator_rules.in_list(found)
