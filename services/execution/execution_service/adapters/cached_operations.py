"""Published operations, compiled, kept in memory until a fact says that the GPT changed."""

from dataclasses import dataclass

import orjson

from contracts.errors import NotFound
from contracts.facts import ActionRemoved, GptPublished, GptRemoved
from contracts.ids import ActionId, GptId, SchemaId, WorkspaceId
from contracts.operation import Operation
from contracts.requests import BoundAction, PublishedGpt, ReadGpt, ReadOperations
from egress import EgressSettings, parse_server_url
from execution_service.domain.call import CallableOperation
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.errors import OperationAmbiguous, OperationNotFound
from execution_service.domain.invocation import WantedCall
from kit.bus import Bus
from kit.cache import WatchedCache
from kit.watch import FactWatch

KEPT_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class _Key:
    workspace_id: WorkspaceId
    gpt_id: GptId
    action_id: ActionId | None
    operation: str


class CachedOperations:
    def __init__(
        self, bus: Bus, watch: FactWatch, egress: EgressSettings, *, max_entries: int
    ) -> None:
        self._bus = bus
        self._egress = egress
        self._cache = WatchedCache[_Key, CallableOperation](
            watch, max_entries=max_entries, ttl_seconds=KEPT_SECONDS
        )
        watch.on(GptPublished, self._forget)
        watch.on(GptRemoved, self._forget)
        watch.on(ActionRemoved, self._forget)

    def _forget(self, changed: GptPublished | GptRemoved | ActionRemoved) -> None:
        self._cache.drop(lambda key: key.gpt_id == changed.gpt_id)

    async def find(self, wanted: WantedCall) -> CallableOperation:
        key = _Key(wanted.workspace_id, wanted.gpt_id, wanted.action_id, wanted.operation)
        return await self._cache.get_or_load(key, lambda: self._load(key))

    async def _load(self, key: _Key) -> CallableOperation:
        try:
            gpt = await self._bus.ask(ReadGpt(workspace_id=key.workspace_id, gpt_id=key.gpt_id))
            action = _offering(gpt, key)
            operation = await self._read(key.workspace_id, action.schema_id, key.operation)
        except NotFound:
            raise OperationNotFound from None
        return CallableOperation(
            action_id=action.action_id,
            schema_id=action.schema_id,
            compiled=CompiledOperation.of(operation),
            target=parse_server_url(operation.server, self._egress),
        )

    async def _read(self, workspace_id: WorkspaceId, schema_id: SchemaId, name: str) -> Operation:
        """Slice by slice: an operation may be larger than a message."""
        slices: list[str] = []
        offset: int | None = 0
        while offset is not None:
            answer = await self._bus.ask(
                ReadOperations(
                    workspace_id=workspace_id, schema_id=schema_id, names=(name,), offset=offset
                )
            )
            slices.append(answer.text)
            offset = answer.next_offset
        [operation] = orjson.loads("".join(slices))
        return Operation.model_validate(operation)


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
