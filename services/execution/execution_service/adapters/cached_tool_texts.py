"""What models are given of tools, made once for all lists, until a document is compiled again."""

import asyncio
from typing import NamedTuple

import orjson

from contracts.errors import PlatformError
from contracts.facts import SchemaCompiled
from contracts.ids import SchemaId, WorkspaceId
from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour
from egress import EgressSettings
from execution_service.adapters.operation_texts import OperationTexts
from execution_service.domain.release import Tool
from execution_service.domain.tool_text import LeftOut, ToolText, Wording
from kit.cache import Limits, WatchedCache
from kit.watch import FactWatch

TEXT_BYTES = 500
"""The key and the text without its definition."""
PLACE_BYTES = 200


class _Key(NamedTuple):
    workspace_id: WorkspaceId
    schema_id: SchemaId
    operation: str
    server: str
    name: str
    wording: Wording


class CachedToolTexts:
    """Asks schema. Texts are made beside the event loop, one at a time: the largest takes a tenth
    of a second, and several threads at once would leave little of the interpreter to calls.
    """

    def __init__(
        self, sources: OperationTexts, watch: FactWatch, egress: EgressSettings, limits: Limits
    ) -> None:
        self._sources = sources
        self._egress = egress
        self._one_at_a_time = asyncio.Semaphore(1)
        self._texts = WatchedCache[_Key, ToolText | LeftOut](
            watch, "tools", limits, tags_of=lambda key: (key.schema_id,), size_of=_size
        )
        watch.on(SchemaCompiled, lambda again: self._texts.drop(again.schema_id))

    async def find(
        self, workspace_id: WorkspaceId, tool: Tool, wording: Wording
    ) -> ToolText | LeftOut:
        strict = wording.strict and wording.flavour is Flavour.OPENAI
        key = _Key(
            workspace_id,
            tool.schema_id,
            tool.operation,
            tool.server,
            tool.name,
            wording._replace(strict=strict),
        )
        return await self._texts.get_or_load(key, lambda: self._make(key))

    async def _make(self, key: _Key) -> ToolText | LeftOut:
        text = await self._sources.read(
            key.workspace_id, key.schema_id, key.operation, placed=bool(key.server)
        )
        async with self._one_at_a_time:
            return await asyncio.to_thread(_made, text, key, self._egress)


def _made(text: str, key: _Key, egress: EgressSettings) -> ToolText | LeftOut:
    [document] = orjson.loads(text)
    operation = Operation.model_validate(document).called_at(key.server)
    try:
        return ToolText.of(operation, key.name, key.wording, egress)
    except PlatformError as why:
        return LeftOut.of(key.name, why)


def _size(_: _Key, found: ToolText | LeftOut) -> int:
    places = len(found.places) if isinstance(found, ToolText) else 0
    return TEXT_BYTES + PLACE_BYTES * places + len(found.text)
