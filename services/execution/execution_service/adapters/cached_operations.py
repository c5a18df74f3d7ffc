"""Operations of releases, compiled once for all GPTs that offer them, until their document is
compiled again.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple
from weakref import WeakValueDictionary

import orjson

from contracts.errors import NotFound
from contracts.facts import SchemaCompiled
from contracts.ids import SchemaId, WorkspaceId
from contracts.operation import Operation
from egress import EgressSettings, Target, parse_server_url
from execution_service.adapters.cached_releases import CachedReleases, ReleaseKey
from execution_service.adapters.operation_texts import OperationTexts
from execution_service.domain.call import CallableOperation
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.errors import OperationNotFound
from execution_service.domain.invocation import WantedCall
from execution_service.domain.release import Release, Tool
from kit.cache import Entry, Limits, WatchedCache
from kit.watch import FactWatch


class _Source(NamedTuple):
    workspace_id: WorkspaceId
    schema_id: SchemaId
    operation: str
    server: str
    """As `Tool.server`."""


@dataclass(frozen=True, slots=True)
class _Ready:
    compiled: CompiledOperation
    target: Target


@dataclass(frozen=True, slots=True)
class _Found:
    """A `Voidable`: the operation may be called as long as the release that offers it holds, and
    its document was not compiled again.
    """

    value: CallableOperation
    release: Entry[ReleaseKey, Release]
    ready: Entry[_Source, _Ready]

    def holds(self) -> bool:
        return self.release.holds() and self.ready.holds()


class CachedOperations:
    def __init__(
        self,
        sources: OperationTexts,
        watch: FactWatch,
        releases: CachedReleases,
        egress: EgressSettings,
        limits: Limits,
    ) -> None:
        self._sources = sources
        self._releases = releases
        self._egress = egress
        self._compiled = WatchedCache[_Source, _Ready](
            watch,
            "operations",
            limits,
            tags_of=lambda source: (source.schema_id,),
            size_of=lambda _, ready: ready.compiled.bytes,
        )
        self._by_text: WeakValueDictionary[bytes, CompiledOperation] = WeakValueDictionary()
        watch.on(SchemaCompiled, lambda again: self._compiled.drop(again.schema_id))

    async def find(self, wanted: WantedCall, pinned: Tool | None = None) -> _Found:
        key = ReleaseKey(wanted.gpt_workspace_id, wanted.gpt_id, wanted.stage)
        try:
            entry = await self._releases.find(key)
            tool = pinned or entry.value.tool(wanted.operation, wanted.action_id)
            if not entry.value.has(tool.action_id):
                raise OperationNotFound
            source = _Source(wanted.gpt_workspace_id, tool.schema_id, tool.operation, tool.server)
            ready = self._compiled.find(source) or await self._compiled.hold(
                source, lambda: self._compile(source)
            )
        except NotFound:
            raise OperationNotFound from None
        callable_ = CallableOperation(tool, ready.value.compiled, ready.value.target)
        return _Found(callable_, entry, ready)

    async def _compile(self, source: _Source) -> _Ready:
        text = await self._sources.read(
            source.workspace_id,
            source.schema_id,
            source.operation,
            placed=bool(source.server),
        )
        # The same text in another workspace is the same operation: it is not kept twice.
        digest = sha256(f"{source.server}\0{text}".encode()).digest()
        compiled = self._by_text.get(digest)
        [document] = orjson.loads(text)
        operation = Operation.model_validate(document).called_at(source.server)
        if compiled is None:
            compiled = self._by_text[digest] = CompiledOperation.of(operation)
        return _Ready(compiled, parse_server_url(operation.server, self._egress))
