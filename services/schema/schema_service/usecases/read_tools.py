from dataclasses import dataclass

import orjson

from contracts.operation import Operation
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.tools.definition import Flavour, Tool, tool_for
from schema_service.ports import SchemaStore


@dataclass(frozen=True, slots=True)
class ReadTools:
    """What a model sees of a schema's callable operations: those named, in that order."""

    schemas: SchemaStore

    async def __call__(
        self,
        schema: StoredSchema,
        flavour: Flavour,
        *,
        strict: bool,
        names: tuple[str, ...],
    ) -> list[Tool]:
        compiled = await self.schemas.compiled(schema.workspace_id, schema.id, names)
        operations = [
            Operation.model_validate(orjson.loads(compiled[name]))
            for name in names
            if name in compiled
        ]
        return [tool_for(operation, flavour, strict=strict) for operation in operations]
