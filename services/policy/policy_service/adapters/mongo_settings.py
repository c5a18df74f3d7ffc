from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.facts import SettingsChanged
from contracts.ids import WorkspaceId
from contracts.requests.policy import CALLS_PER_MINUTE, CALLS_PER_MINUTE_PER_MEMBER
from kit.codec import Codec
from kit.documents import Collection, Overtaken, Stored
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever
from policy_service.domain.workspace_settings import WorkspaceSettings


@dataclass(frozen=True, slots=True)
class SettingsState:
    custom_actions_enabled: bool
    """Without a default: what cannot be read must not allow anything."""
    unique_hosts: bool = False
    first_call_asks: bool = True
    tolerant_arguments: bool = True
    calls_per_minute: int | None = CALLS_PER_MINUTE
    calls_per_minute_per_member: int | None = CALLS_PER_MINUTE_PER_MEMBER
    concurrent_calls: int | None = None


SETTINGS = Codec(SettingsState)


class MongoSettings:
    """One document a workspace that changed its settings, under the workspace's own id."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._settings = Collection(
            database=database,
            name="settings",
            outbox=outbox,
            codec=SETTINGS,
            kept=Forever("one a workspace"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._settings,)

    async def in_force(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        stored = await self._settings.within(workspace_id).find(workspace_id)
        if stored is None:
            return WorkspaceSettings(workspace_id)
        state = stored.state
        return WorkspaceSettings(
            workspace_id,
            stored.revision,
            state.custom_actions_enabled,
            state.unique_hosts,
            state.first_call_asks,
            state.tolerant_arguments,
            state.calls_per_minute,
            state.calls_per_minute_per_member,
            state.concurrent_calls,
        )

    async def replace(
        self, seen: WorkspaceSettings, changed: WorkspaceSettings, fact: SettingsChanged
    ) -> None:
        id_ = changed.workspace_id
        within = self._settings.within(id_)
        state = SettingsState(
            changed.custom_actions_enabled,
            changed.unique_hosts,
            changed.first_call_asks,
            changed.tolerant_arguments,
            changed.calls_per_minute,
            changed.calls_per_minute_per_member,
            changed.concurrent_calls,
        )
        if seen.revision == 0:
            try:
                await within.add(id_, state, fact)
            except Taken:
                raise Overtaken from None
        else:
            stored: Stored[Any] = Stored(id_, id_, seen.revision, {})
            await within.change(stored, state, fact)

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        await self._settings.within(workspace_id).ensure_in_force(workspace_id)
