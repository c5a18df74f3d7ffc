from dataclasses import dataclass

import orjson

from contracts import requests
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import OperationsText
from kit.handover import Handover
from schema_service.domain.errors import OperationBlocked, SchemaNotFound
from schema_service.ports import Forms, SchemaStore

SLICE_BYTES = MAX_MESSAGE_BYTES - 8 * 1024
"""Of a text as a JSON string, which escapes its quotes; what carries it takes the rest."""


@dataclass(frozen=True, slots=True)
class ReadOperations:
    """Compiled operations as one JSON array; all named ones must exist, and have a form.

    What is longer than a message is handed over to the replica that asks. An asker of the previous
    release names no recipient: it gets slices. Whether the operator's settings let operations be
    called is for whoever calls them.
    """

    schemas: SchemaStore
    handover: Handover

    async def __call__(self, asked: requests.ReadOperations) -> OperationsText:
        forms = await self.schemas.forms(asked.workspace_id, asked.schema_id, asked.names)
        await self._refuse_blocked(asked, forms)
        content = b"[" + b",".join(forms.texts[name] for name in asked.names) + b"]"
        if asked.recipient and not _fits(content):
            handed_over = await self.handover.give(
                asked.workspace_id, asked.subject, content, asked.recipient
            )
            return OperationsText(text="", compiler=forms.compiler, handed_over=handed_over)
        return _slice_of(content.decode(), max(0, asked.offset), forms.compiler)

    async def _refuse_blocked(self, asked: requests.ReadOperations, forms: Forms) -> None:
        lacking = [name for name in asked.names if not _is_callable(forms.texts.get(name), asked)]
        if not lacking:
            return
        schema = await self.schemas.find(asked.workspace_id, asked.schema_id)
        known = {each.name: each for each in schema.summaries()} if schema is not None else {}
        for name in lacking:
            if name not in known:
                raise SchemaNotFound
            raise OperationBlocked(name, asked.schema_id, known[name].blocked_by)


def _is_callable(text: bytes | None, asked: requests.ReadOperations) -> bool:
    """Whether there is a form, with a server where the asker has none."""
    return text is not None and (asked.placed or bool(orjson.loads(text)["server"]))


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
