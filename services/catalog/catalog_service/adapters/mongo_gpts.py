from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog_service.domain.definition import Definition
from catalog_service.domain.errors import ActionNotFound, GptNotFound
from catalog_service.domain.gpt import Gpt, Held, Version
from contracts.access import EVERYBODY, Level, Sharing
from contracts.fact import Fact
from contracts.ids import ActionId, GptId, MemberId, SchemaId, WorkspaceId
from kit.codec import Codec
from kit.documents import Collection, Stored
from kit.mongo import Database
from kit.outbox import Outbox
from kit.reading import containing
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


SCHEMAS_USED = ("draft.actions.schema_id", "published.definition.actions.schema_id")
FOLDED = ("folded_name", "folded_published_name")
TEXTS = ("folded_name", "draft.description")
PUBLISHED_TEXTS = ("folded_published_name", "published.definition.description")
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
            listed_by=("draft.actions.id", "held.action_id", "visible_to", *SCHEMAS_USED),
            filtered_by=("published", "owner", "entries", *TEXTS, *PUBLISHED_TEXTS),
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
        text: str = "",
        visible_to: MemberId | None = None,
        *,
        published: bool | None = None,
    ) -> list[Gpt]:
        within = self._gpts.within(workspace_id)
        state: dict[str, Any] = (
            {} if published is None else {"published": {"$ne": None} if published else None}
        )
        if visible_to is None:
            any_of = _with_text(text, (*TEXTS, *PUBLISHED_TEXTS)) if text else ()
            found = await within.page(limit, after, any_of=any_of, **state)
        else:
            found = await within.page(
                limit,
                after,
                visible_to={"$in": [EVERYBODY, visible_to]},
                any_of=(
                    *_with_text(text, TEXTS, owner=visible_to),
                    *_with_text(text, TEXTS, entries=_views_settings(visible_to)),
                    *_with_text(text, PUBLISHED_TEXTS, published={"$ne": None}),
                ),
                **state,
            )
        return [_gpt_of(stored) for stored in found]

    async def using(self, workspace_id: WorkspaceId, schema_id: SchemaId, limit: int) -> list[Gpt]:
        within = self._gpts.within(workspace_id)
        found: dict[str, Stored[GptState]] = {}
        for member in SCHEMAS_USED:
            wanted: dict[str, Any] = {member: schema_id}
            page = await within.page(limit - 1, None, **wanted)
            found |= {stored.id: stored for stored in page}
        return [_gpt_of(stored) for stored in list(found.values())[:limit]]

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


def _with_text(text: str, members: Sequence[str], **more: Any) -> list[dict[str, Any]]:
    """A filter for each of these members with that text in it; one for all, without a text."""
    if not text:
        return [more]
    folded = {member: containing(text.casefold()) for member in FOLDED}
    return [{**more, member: folded.get(member, containing(text))} for member in members]


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
    """What an earlier release published, which has no `sharing`: its publication has it."""
    published = state.published
    if published and published.number > state.last_version:
        return published.publication.sharing
    return state.sharing or Sharing.PRIVATE


def _as_stored(seen: Gpt) -> Stored[Any]:
    return Stored(seen.id, seen.workspace_id, seen.revision, {})
