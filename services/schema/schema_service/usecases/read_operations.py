from dataclasses import dataclass

import orjson

from contracts import requests
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import OperationsText
from schema_service.domain.errors import SchemaNotFound
from schema_service.ports import SchemaStore

SLICE_BYTES = MAX_MESSAGE_BYTES - 8 * 1024
"""Of a slice as a JSON string, which escapes its quotes; what carries it takes the rest."""


@dataclass(frozen=True, slots=True)
class ReadOperations:
    """Compiled operations as a slice of one JSON array; all named ones must exist.

    Whether the operator's settings let them be called is for whoever calls them.
    """

    schemas: SchemaStore

    async def __call__(self, asked: requests.ReadOperations) -> OperationsText:
        forms = await self.schemas.forms(asked.workspace_id, asked.schema_id, asked.names)
        if any(name not in forms.texts for name in asked.names):
            raise SchemaNotFound
        text = "[" + ",".join(forms.texts[name].decode() for name in asked.names) + "]"
        offset = max(0, asked.offset)
        part = _fitting(text[offset : offset + SLICE_BYTES])
        end = offset + len(part)
        return OperationsText(
            text=part,
            next_offset=end if end < len(text) else None,
            compiler=forms.compiler,
        )


def _fitting(text: str) -> str:
    """Its longest beginning, or nearly so, that takes at most SLICE_BYTES as a JSON string."""
    while (size := len(orjson.dumps(text))) > SLICE_BYTES:
        text = text[: len(text) * SLICE_BYTES // size]
    return text
