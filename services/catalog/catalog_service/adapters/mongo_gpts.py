import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog_service.domain.definition import Definition
from catalog_service.domain.errors import ActionNotFound, GptNotFound
from catalog_service.domain.gpt import Gpt, Held, Version
from contracts.access import EVERYBODY, Level, Sharing
from contracts.fact import Fact
from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from kit.codec import Codec
from kit.documents import Collection, Stored
from kit.mongo import Database
from kit.outbox import Outbox
from kit.retention import Forever


@dataclass(frozen=True, slots=True)
class Entry:
    member_id: MemberId
    level: Level


@dataclass(frozen=True, slots=True)
class GptState:
    draft: Definition
    published: Version | None = None
    folded_name: str = ""
    """The draft's name, for finding it in either case."""
    folded_published_name: str | None = None
    removed_actions: tuple[ActionId, ...] = ()
    last_version: int = 0
    held: tuple[Held, ...] | None = None
    held_to: int = 0
    owner: MemberId | None = None
    sharing: Sharing | None = None
    entries: tuple[Entry, ...] = ()
    visible_to: tuple[str, ...] = ()
    """Members whose lists show it, or `EVERYBODY`."""


GPTS = Codec(GptState, as_json=True, replaced=("published",))


class MongoGpts:
    """One document a GPT, with its draft, published version and access."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._gpts = Collection(
            database=database,
            name="gpts",
            outbox=outbox,
            codec=GPTS,
            kept=Forever("until a builder removes it"),
            listed_by=("draft.actions.id", "held.action_id", "visible_to"),
            filtered_by=("folded_name", "folded_published_name", "published", "owner", "entries"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._gpts,)

    async def read(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Gpt:
        stored = await self._gpts.within(workspace_id).find(gpt_id)
        if stored is None:
            raise GptNotFound
        return _gpt_of(stored)

    async def read_by_action(self, workspace_id: WorkspaceId, action_id: ActionId) -> Gpt:
        within = self._gpts.within(workspace_id)
        stored = await within.find_by(draft__actions__id=action_id)
        if stored is None:
            stored = await within.find_by(held__action_id=action_id)
        if stored is None:
            raise ActionNotFound
        return _gpt_of(stored)

    async def unfinished(self, after: str, limit: int) -> list[Gpt]:
        every = self._gpts.across_workspaces
        found = await every.lacking("owner", "held", after=after, limit=limit)
        return [_gpt_of(stored) for stored in found]

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        name_part: str = "",
        visible_to: MemberId | None = None,
    ) -> list[Gpt]:
        part = {"$regex": re.escape(name_part.casefold())} if name_part else None
        by_draft: dict[str, Any] = {"folded_name": part} if part else {}
        within = self._gpts.within(workspace_id)
        if visible_to is None:
            found = await within.page(limit, after, **by_draft)
        else:
            by_published: dict[str, Any] = {"folded_published_name": part} if part else {}
            found = await within.page(
                limit,
                after,
                visible_to={"$in": [EVERYBODY, visible_to]},
                any_of=(
                    {"owner": visible_to, **by_draft},
                    {"entries": _views_settings(visible_to), **by_draft},
                    {"published": {"$ne": None}, **by_published},
                ),
            )
        return [_gpt_of(stored) for stored in found]

    async def add(self, gpt: Gpt, *facts: Fact) -> None:
        await self._gpts.within(gpt.workspace_id).add(gpt.id, _state_of(gpt), *facts)

    async def change(self, seen: Gpt, changed: Gpt, *facts: Fact) -> None:
        within = self._gpts.within(seen.workspace_id)
        await within.change(_as_stored(seen), _state_of(changed), *facts)

    async def remove(self, seen: Gpt, *facts: Fact) -> None:
        await self._gpts.within(seen.workspace_id).remove(_as_stored(seen), *facts)

    async def ensure_in_force(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        await self._gpts.within(workspace_id).ensure_in_force(gpt_id)

    async def removed_lately(self, workspace_id: WorkspaceId, gpt_id: GptId) -> bool:
        return await self._gpts.within(workspace_id).removed_lately(gpt_id)


def _views_settings(member_id: MemberId) -> dict[str, Any]:
    levels = [level.value for level in Level if level is not Level.CHAT]
    return {"$elemMatch": {"member_id": member_id, "level": {"$in": levels}}}


def _state_of(gpt: Gpt) -> GptState:
    return GptState(
        draft=gpt.draft,
        published=gpt.published,
        folded_name=gpt.draft.name.casefold(),
        folded_published_name=gpt.in_use.definition.name.casefold() if gpt.published else None,
        removed_actions=gpt.removed_actions,
        last_version=gpt.last_version,
        held=gpt.held,
        held_to=gpt.held_to,
        owner=gpt.owner,
        sharing=gpt.sharing,
        entries=tuple(Entry(member, level) for member, level in gpt.entries),
        visible_to=gpt.visible_to,
    )


def _gpt_of(stored: Stored[GptState]) -> Gpt:
    return Gpt(
        id=GptId(stored.id),
        workspace_id=stored.workspace_id,
        draft=stored.state.draft,
        revision=stored.revision,
        published=stored.state.published,
        removed_actions=stored.state.removed_actions,
        last_version=stored.state.last_version,
        held=stored.state.held,
        held_to=stored.state.held_to,
        owner=stored.state.owner or _publisher(stored.state),
        sharing=_sharing(stored.state),
        entries=tuple((entry.member_id, entry.level) for entry in stored.state.entries),
    )


def _publisher(state: GptState) -> MemberId | None:
    return state.published.publication.by if state.published else None


def _sharing(state: GptState) -> Sharing:
    """What an earlier release published, which knew no `sharing`, says so itself."""
    published = state.published
    if published and published.number > state.last_version:
        return published.publication.sharing
    return state.sharing or Sharing.PRIVATE


def _as_stored(seen: Gpt) -> Stored[Any]:
    return Stored(seen.id, seen.workspace_id, seen.revision, {})
