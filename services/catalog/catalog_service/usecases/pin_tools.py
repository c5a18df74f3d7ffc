from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace

from catalog_service.domain.binding import pinned
from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.errors import GptBusy
from catalog_service.domain.gpt import Gpt, Held, Version, holding
from catalog_service.ports import GptStore, Schemas, VersionStore
from contracts.access import Sharing
from contracts.ids import GptId, MemberId, WorkspaceId
from kit import logs
from kit.documents import ChangedMeanwhile

log = logs.logger("catalog.pin_tools")
PAGE = 100
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class PinTools:
    """Give a GPT that an earlier release wrote what its releases need: tools, and what is held. One
    that a replica of it publishes while this release runs, too.

    One that has both is answered as it is. Words, sharing and version numbers stay.
    """

    gpts: GptStore
    versions: VersionStore
    schemas: Schemas
    kept_versions: int

    async def read(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Gpt:
        """The GPT as it is now, pinned, also where somebody changes it meanwhile."""
        for _ in range(ATTEMPTS):
            with suppress(ChangedMeanwhile):
                return await self(await self.gpts.read(workspace_id, gpt_id))
        raise GptBusy

    async def __call__(self, seen: Gpt, owner: MemberId | None = None) -> Gpt:
        """`owner` is whose it is from now on, if it has none.

        Raises `ChangedMeanwhile` where `seen` is no longer what is stored.
        """
        if seen.is_pinned and (seen.owner or owner is None):
            return seen
        draft = await self._pinned(seen.workspace_id, seen.draft)
        published = seen.published
        if published is not None:
            offered = replace(published.definition, actions=seen.offered)
            pinned_ = await self._pinned(seen.workspace_id, offered, like=draft)
            published = replace(published, definition=pinned_)
        changed = replace(
            seen,
            draft=draft,
            published=published,
            held=seen.held if seen.knows_held else await self._held(seen, published),
            held_to=seen.newest_number,
            owner=seen.owner or owner,
            revision=seen.revision + 1,
        )
        if replace(changed, revision=seen.revision) == seen:
            return seen  # schema answers as the release before does, without digests
        await self.gpts.change(seen, changed)
        if seen.held is None:
            _warn_of_lost_callers(changed)
        return changed

    async def _pinned(
        self, workspace_id: WorkspaceId, definition: Definition, like: Definition | None = None
    ) -> Definition:
        """One action after the other, so that none takes the name of another one's tool."""
        current = definition
        for action in definition.actions:
            if action.is_pinned:
                continue
            names = action.operations
            server = action.server_values
            brief = await self.schemas.read(workspace_id, action.schema_id, names, server)
            known = {operation.name for operation in brief.operations}
            kept = replace(action, operations=tuple(name for name in names if name in known))
            done = pinned(kept, brief.operations, _named_like(current, like, action))
            current = _with(current, done)
        return current

    async def _held(self, seen: Gpt, published: Version | None) -> tuple[Held, ...]:
        """With what versions hold that nobody looked at yet. At first only of actions that the
        draft still has: the credentials of others were destroyed.
        """
        oldest = seen.newest_number - self.kept_versions + 1
        held = seen.held or ()
        if published:
            held = holding(held, published, oldest)
        async for version in self._earlier(seen, max(oldest, seen.held_to + 1)):
            held = holding(held, version, oldest)
        if seen.held is not None:
            return held
        drafted = {action.id for action in seen.draft.actions}
        return tuple(each for each in held if each.action_id in drafted)

    async def _earlier(self, seen: Gpt, first: int) -> AsyncIterator[Version]:
        """Kept versions from that number on, newest first."""
        after: str | None = None
        while found := await self.versions.page(seen.workspace_id, seen.id, PAGE, after):
            for version in found[:PAGE]:
                if version.number < first:
                    return
                yield version
            if len(found) <= PAGE:
                return
            after = found[PAGE - 1].id


def _warn_of_lost_callers(first_pinned: Gpt) -> None:
    """Once for each GPT, whether the background or a call was first to ask for it."""
    if first_pinned.published and first_pinned.sharing is Sharing.PRIVATE:
        # Until now every member of the workspace could call it.
        log.warning(
            "private_gpt_is_its_owners_now",
            gpt=first_pinned.id,
            workspace=first_pinned.workspace_id,
            owner=first_pinned.owner,
            hint="PUT /v1/gpts/{id}/access shares it with others.",
        )


def _with(definition: Definition, done: Action) -> Definition:
    actions = tuple(done if action.id == done.id else action for action in definition.actions)
    return replace(definition, actions=actions)


def _named_like(current: Definition, like: Definition | None, action: Action) -> Definition:
    """With the draft's tools for the action, so that both releases name them alike."""
    for other in like.actions if like else ():
        if other.id == action.id:
            return _with(current, other)
    return current
