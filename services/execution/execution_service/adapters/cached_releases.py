"""What GPTs offer, release by release, until a fact says that another one took its place.

Drafts are asked for each time: their builders expect the edit that they made a moment ago.
"""

from typing import NamedTuple

from contracts.errors import NotFound
from contracts.facts import (
    ActionRemoved,
    GptAccessChanged,
    GptPublished,
    GptRemoved,
)
from contracts.ids import GptId, WorkspaceId
from contracts.requests import ReadRelease, ReleaseAction, ReleaseTool, Stage
from execution_service.domain.errors import GptNotFound
from execution_service.domain.release import Release, Tool
from kit.bus import Bus
from kit.cache import Entry, Limits, WatchedCache
from kit.watch import FactWatch

RELEASE_BYTES = 1_000
TOOL_BYTES = 1_000


class ReleaseKey(NamedTuple):
    workspace_id: WorkspaceId
    gpt_id: GptId
    stage: Stage


class CachedReleases:
    """Asks catalog. An edit of a draft voids nothing that calls of the published release use."""

    def __init__(self, bus: Bus, watch: FactWatch, limits: Limits) -> None:
        self._bus = bus
        self._releases = WatchedCache[ReleaseKey, Release](
            watch, "releases", limits, tags_of=lambda key: (_tag(*key[1:]),), size_of=_size
        )
        watch.on(GptPublished, lambda changed: self._forget(changed.gpt_id, Stage.PUBLISHED))
        watch.on(GptAccessChanged, lambda changed: self._forget(changed.gpt_id, Stage.PUBLISHED))
        watch.on(GptRemoved, lambda removed: self._forget(removed.gpt_id, *Stage))
        watch.on(ActionRemoved, lambda removed: self._forget(removed.gpt_id, *Stage))

    def _forget(self, gpt_id: GptId, *stages: Stage) -> None:
        for stage in stages:
            self._releases.drop(_tag(gpt_id, stage))

    async def read(self, workspace_id: WorkspaceId, gpt_id: GptId, stage: Stage) -> Release:
        """`GptNotFound` where there is none to see."""
        try:
            return (await self.find(ReleaseKey(workspace_id, gpt_id, stage))).value
        except NotFound:
            raise GptNotFound from None

    async def find(self, key: ReleaseKey) -> Entry[ReleaseKey, Release]:
        kept = None if key.stage is Stage.DRAFT else self._releases.find(key)
        return kept or await self._releases.hold(key, lambda: self._read(key), keep=_kept_seconds)

    async def _read(self, key: ReleaseKey) -> Release:
        """Page by page, all of the release that the first page is of."""
        actions: list[ReleaseAction] = []
        tools: list[ReleaseTool] = []
        number: int | None = None
        offset: int | None = 0
        while offset is not None:
            page = await self._bus.ask(
                ReadRelease(
                    workspace_id=key.workspace_id,
                    gpt_id=key.gpt_id,
                    stage=key.stage,
                    number=number,
                    offset=offset,
                )
            )
            actions += page.actions
            tools += page.tools
            number, offset = page.number, page.next_offset
        known = {action.action_id: action for action in actions}
        read = (_tool(tool, known[tool.action_id]) for tool in tools)
        return Release.of(key.gpt_id, key.stage, number or 0, read)


def _tag(gpt_id: GptId, stage: Stage) -> tuple[GptId, Stage]:
    return gpt_id, stage


def _tool(tool: ReleaseTool, action: ReleaseAction) -> Tool:
    return Tool(
        name=tool.name,
        action_id=tool.action_id,
        schema_id=action.schema_id,
        operation=tool.operation,
        source_digest=tool.source_digest,
        origin=tool.origin,
        origin_set=action.origin_set,
        server=tool.server,
        method=tool.method,
    )


def _kept_seconds(release: Release) -> float | None:
    return 0 if release.stage is Stage.DRAFT else None


def _size(_: ReleaseKey, release: Release) -> int:
    return RELEASE_BYTES + TOOL_BYTES * len(release.tools)
