"""Who may use a GPT, until a fact says that it changed."""

from typing import NamedTuple

from contracts.access import GptAccess
from contracts.errors import NotFound
from contracts.facts import GptAccessChanged, GptRemoved
from contracts.ids import GptId, WorkspaceId
from contracts.requests import ReadAccess
from execution_service.domain.errors import OperationNotFound
from execution_service.domain.voidable import Voidable
from kit.bus import Bus
from kit.cache import Limits, WatchedCache
from kit.watch import FactWatch

ACCESS_BYTES = 500
ENTRY_BYTES = 200


class _Key(NamedTuple):
    workspace_id: WorkspaceId
    gpt_id: GptId


class CachedAccesses:
    """Asks catalog."""

    def __init__(self, bus: Bus, watch: FactWatch, limits: Limits) -> None:
        self._bus = bus
        self._accesses = WatchedCache[_Key, GptAccess](
            watch, "accesses", limits, tags_of=lambda key: (key.gpt_id,), size_of=_size
        )
        self._anew = WatchedCache[_Key, GptAccess](
            watch, "accesses_anew", limits, tags_of=lambda key: (key.gpt_id,)
        )
        """Keeps nothing: who asks at the same time is answered once."""
        watch.on(GptAccessChanged, self._forget)
        watch.on(GptRemoved, self._forget)

    def _forget(self, changed: GptAccessChanged | GptRemoved) -> None:
        self._accesses.drop(changed.gpt_id)
        self._anew.drop(changed.gpt_id)

    async def find(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Voidable[GptAccess]:
        key = _Key(workspace_id, gpt_id)
        try:
            return self._accesses.find(key) or await self._accesses.hold(
                key, lambda: self._read(key)
            )
        except NotFound:
            raise OperationNotFound from None

    async def find_anew(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Voidable[GptAccess]:
        key = _Key(workspace_id, gpt_id)
        try:
            return await self._anew.hold(key, lambda: self._read(key), keep=lambda _: 0)
        except NotFound:
            raise OperationNotFound from None

    async def _read(self, key: _Key) -> GptAccess:
        answer = await self._bus.ask(ReadAccess(workspace_id=key.workspace_id, gpt_id=key.gpt_id))
        return answer.access


def _size(_: _Key, access: GptAccess) -> int:
    return ACCESS_BYTES + ENTRY_BYTES * len(access.entries)
