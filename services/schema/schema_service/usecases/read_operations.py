from dataclasses import dataclass

from contracts import requests
from contracts.requests import OperationsText
from schema_service.domain.errors import SchemaNotFound
from schema_service.ports import SchemaStore

SLICE_CHARACTERS = 12_000
"""Well below a message's 64 KiB, whatever JSON escaping and UTF-8 make of the text."""


@dataclass(frozen=True, slots=True)
class ReadOperations:
    """Compiled operations as a slice of one JSON array; all named ones must exist."""

    schemas: SchemaStore

    async def __call__(self, asked: requests.ReadOperations) -> OperationsText:
        found = await self.schemas.compiled(asked.workspace_id, asked.schema_id, asked.names)
        if any(name not in found for name in asked.names):
            raise SchemaNotFound
        text = "[" + ",".join(found[name].decode() for name in asked.names) + "]"
        end = asked.offset + SLICE_CHARACTERS
        return OperationsText(
            text=text[asked.offset : end], next_offset=end if end < len(text) else None
        )
