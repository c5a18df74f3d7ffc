from dataclasses import dataclass

from contracts import requests
from contracts.requests import OperationBrief, SchemaBrief
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.examined import OperationSummary
from schema_service.ports import SchemaStore

MAX_BRIEFED = 128
MAX_PATH_SHOWN = 120


@dataclass(frozen=True, slots=True)
class BriefSchema:
    """What binding an action needs: the named operations, or the first that are ready."""

    schemas: SchemaStore

    async def __call__(self, asked: requests.ReadSchema) -> SchemaBrief:
        schema = await self.schemas.find(asked.workspace_id, asked.schema_id)
        if schema is None:
            raise SchemaNotFound
        operations = schema.summaries()
        wanted = set(asked.names)
        chosen = [
            each
            for each in operations
            if (each.name in wanted if wanted else each.origin is not None)
        ][:MAX_BRIEFED]
        origins = sorted({each.origin for each in chosen if each.origin})
        return SchemaBrief(
            schema_id=schema.id,
            title=schema.title[:200],
            origins=tuple(origins),
            operations=tuple(_brief(each) for each in chosen),
            total=len(operations),
        )


def _brief(operation: OperationSummary) -> OperationBrief:
    return OperationBrief(
        operation_id=operation.operation_id[:64],
        name=operation.name,
        method=operation.method,
        path=operation.path[:MAX_PATH_SHOWN],
        origin=operation.origin or "",
        consequential=operation.consequential,
        ready=operation.origin is not None,
    )
