"""Published operations: what a GPT offers, until a fact says that it changed; and, compiled once
for all GPTs that offer it, each operation of a schema, until its document is compiled again.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple
from weakref import WeakValueDictionary

import orjson

from contracts.errors import NotFound
from contracts.facts import ActionRemoved, GptPublished, GptRemoved, SchemaCompiled
from contracts.ids import ActionId, GptId, SchemaId, WorkspaceId
from contracts.operation import Operation
from contracts.requests import BoundAction, PublishedGpt, ReadGpt, ReadOperations
from egress import EgressSettings, Target, parse_server_url
from execution_service.domain.call import CallableOperation
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.errors import OperationAmbiguous, OperationNotFound
from execution_service.domain.invocation import WantedCall
from kit.bus import Bus
from kit.cache import Entry, Limits, WatchedCache
from kit.watch import FactWatch

OFFER_BYTES = 1_000


class _Key(NamedTuple):
    workspace_id: WorkspaceId
    gpt_id: GptId
    action_id: ActionId | None
    operation: str


@dataclass(frozen=True, slots=True)
class _Offer:
    """Which action of the GPT the operation is of. Its schema version is part of the key below."""

    action_id: ActionId
    schema_id: SchemaId


class _Source(NamedTuple):
    workspace_id: WorkspaceId
    schema_id: SchemaId
    operation: str


@dataclass(frozen=True, slots=True)
class _Ready:
    compiled: CompiledOperation
    target: Target


@dataclass(frozen=True, slots=True)
class _Found:
    """A `Voidable`: the operation may be called as long as the GPT's offer of it holds."""

    value: CallableOperation
    offer: Entry[_Key, _Offer]

    def holds(self) -> bool:
        return self.offer.holds()


class CachedOperations:
    def __init__(
        self,
        bus: Bus,
        watch: FactWatch,
        egress: EgressSettings,
        *,
        offers: Limits,
        compiled: Limits,
    ) -> None:
        self._bus = bus
        self._egress = egress
        self._offers = WatchedCache[_Key, _Offer](
            watch,
            "offers",
            offers,
            tags_of=lambda key: (key.gpt_id,),
            size_of=lambda _key, _offer: OFFER_BYTES,
        )
        self._compiled = WatchedCache[_Source, _Ready](
            watch,
            "operations",
            compiled,
            tags_of=lambda source: (source.schema_id,),
            size_of=lambda _, ready: ready.compiled.bytes,
        )
        self._by_text: WeakValueDictionary[bytes, CompiledOperation] = WeakValueDictionary()
        watch.on(GptPublished, self._forget)
        watch.on(GptRemoved, self._forget)
        watch.on(ActionRemoved, self._forget)
        watch.on(SchemaCompiled, lambda again: self._compiled.drop(again.schema_id))

    def _forget(self, changed: GptPublished | GptRemoved | ActionRemoved) -> None:
        self._offers.drop(changed.gpt_id)

    async def find(self, wanted: WantedCall) -> _Found:
        key = _Key(wanted.workspace_id, wanted.gpt_id, wanted.action_id, wanted.operation)
        try:
            entry = self._offers.find(key) or await self._offers.hold(key, lambda: self._offer(key))
            offer = entry.value
            source = _Source(wanted.workspace_id, offer.schema_id, wanted.operation)
            ready = await self._compiled.get_or_load(source, lambda: self._compile(source))
        except NotFound:
            raise OperationNotFound from None
        operation = CallableOperation(
            offer.action_id, offer.schema_id, ready.compiled, ready.target
        )
        return _Found(operation, entry)

    async def _offer(self, key: _Key) -> _Offer:
        gpt = await self._bus.ask(ReadGpt(workspace_id=key.workspace_id, gpt_id=key.gpt_id))
        action = _offering(gpt, key)
        return _Offer(action.action_id, action.schema_id)

    async def _compile(self, source: _Source) -> _Ready:
        text = await self._read(source)
        # The same text in another workspace is the same operation: it is not kept twice.
        digest = sha256(text.encode()).digest()
        compiled = self._by_text.get(digest)
        [document] = orjson.loads(text)
        operation = Operation.model_validate(document)
        if compiled is None:
            compiled = self._by_text[digest] = CompiledOperation.of(operation)
        return _Ready(compiled, parse_server_url(operation.server, self._egress))

    async def _read(self, source: _Source) -> str:
        """Slice by slice: an operation may be larger than a message.

        From the beginning where it was compiled again between two slices.
        """
        slices: list[str] = []
        offset: int | None = 0
        compiler: int | None = None
        while offset is not None:
            answer = await self._bus.ask(
                ReadOperations(
                    workspace_id=source.workspace_id,
                    schema_id=source.schema_id,
                    names=(source.operation,),
                    offset=offset,
                )
            )
            if compiler not in (None, answer.compiler):
                slices, offset, compiler = [], 0, None
                continue
            compiler = answer.compiler
            slices.append(answer.text)
            offset = answer.next_offset
        return "".join(slices)


def _offering(gpt: PublishedGpt, key: _Key) -> BoundAction:
    offering = [
        action
        for action in gpt.actions
        if key.operation in action.operations and key.action_id in (None, action.action_id)
    ]
    if not offering:
        raise OperationNotFound
    if len(offering) > 1:
        raise OperationAmbiguous(key.operation, [action.action_id for action in offering])
    return offering[0]
