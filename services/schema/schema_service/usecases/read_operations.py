from dataclasses import dataclass

import orjson

from contracts import requests
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import OperationsText
from kit.handover import Handover
from schema_service.domain.errors import SchemaNotFound
from schema_service.ports import SchemaStore

SLICE_BYTES = MAX_MESSAGE_BYTES - 8 * 1024
"""Of a text as a JSON string, which escapes its quotes; what carries it takes the rest."""


@dataclass(frozen=True, slots=True)
class ReadOperations:
    """Compiled operations as one JSON array; all named ones must exist.

    What is longer than a message is handed over to the replica that asks. An asker of the previous
    release names no recipient: it gets slices. Whether the operator's settings let operations be
    called is for whoever calls them.
    """

    schemas: SchemaStore
    handover: Handover

    async def __call__(self, asked: requests.ReadOperations) -> OperationsText:
        forms = await self.schemas.forms(asked.workspace_id, asked.schema_id, asked.names)
        if any(name not in forms.texts for name in asked.names):
            raise SchemaNotFound
        content = b"[" + b",".join(forms.texts[name] for name in asked.names) + b"]"
        if asked.recipient and not _fits(content):
            handed_over = await self.handover.give(
                asked.workspace_id, asked.subject, content, asked.recipient
            )
            return OperationsText(text="", compiler=forms.compiler, handed_over=handed_over)
        return _slice_of(content.decode(), max(0, asked.offset), forms.compiler)


def _fits(content: bytes) -> bool:
    return len(content) <= SLICE_BYTES and len(orjson.dumps(content.decode())) <= SLICE_BYTES


def _slice_of(text: str, offset: int, compiler: int) -> OperationsText:
    part = _fitting(text[offset : offset + SLICE_BYTES])
    end = offset + len(part)
    next_offset = end if end < len(text) else None
    return OperationsText(text=part, next_offset=next_offset, compiler=compiler)


def _fitting(text: str) -> str:
    """Its longest beginning, or nearly so, that takes at most SLICE_BYTES as a JSON string."""
    while (size := len(orjson.dumps(text))) > SLICE_BYTES:
        text = text[: len(text) * SLICE_BYTES // size]
    return text
