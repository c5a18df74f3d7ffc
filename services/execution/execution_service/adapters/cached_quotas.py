"""A workspace's quotas, until its settings change."""

from contracts.facts import SettingsChanged
from contracts.ids import WorkspaceId
from contracts.requests import ReadSettings
from execution_service.domain.call_quotas import CallQuotas
from kit.bus import Bus
from kit.cache import Limits, WatchedCache
from kit.watch import FactWatch

QUOTAS_BYTES = 300


class CachedQuotas:
    """Asks policy."""

    def __init__(self, bus: Bus, watch: FactWatch, limits: Limits) -> None:
        self._bus = bus
        self._cache = WatchedCache[WorkspaceId, CallQuotas](
            watch, "quotas", limits, tags_of=lambda key: (key,), size_of=lambda *_: QUOTAS_BYTES
        )
        watch.on(SettingsChanged, lambda changed: self._cache.drop(changed.workspace_id))

    async def find(self, workspace_id: WorkspaceId) -> CallQuotas:
        entry = self._cache.find(workspace_id) or await self._cache.hold(
            workspace_id, lambda: self._read(workspace_id)
        )
        return entry.value

    async def _read(self, workspace_id: WorkspaceId) -> CallQuotas:
        return CallQuotas.of(await self._bus.ask(ReadSettings(workspace_id=workspace_id)))
