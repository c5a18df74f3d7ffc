from dataclasses import dataclass, field

from catalog_service.domain.gpt import Gpt, Version
from catalog_service.ports import GptStore, VersionStore
from contracts.access import Permitted, Verb, may
from contracts.errors import NotFound
from contracts.ids import GptId
from contracts.principal import Principal, Via
from contracts.requests import FindSchemaUses, SchemaUse, SchemaUses

MAX_GPTS = 20
"""That an answer names; there may be more."""
PAGE = 50


@dataclass(slots=True)
class _Found:
    gpts: dict[GptId, Gpt] = field(default_factory=dict)
    versions: dict[GptId, list[int]] = field(default_factory=dict)
    """Numbers of kept versions, the published one not among them."""

    @property
    def is_full(self) -> bool:
        return len(self.gpts) > MAX_GPTS


@dataclass(frozen=True, slots=True)
class FindUses:
    """Which GPTs have an action of a schema version: in the draft, the published version or another
    one that is kept. Whatever was committed before this was asked counts.

    GPTs whose settings the member may not view are not named.
    """

    gpts: GptStore
    versions: VersionStore
    kept_versions: int

    async def __call__(self, asked: FindSchemaUses) -> SchemaUses:
        found = _Found()
        for gpt in await self.gpts.using(asked.workspace_id, asked.schema_id, MAX_GPTS + 1):
            found.gpts[gpt.id] = gpt
        after: str | None = None
        while not found.is_full:
            page = await self.versions.using(asked.workspace_id, asked.schema_id, PAGE, after)
            for version in page:
                await self._note(asked, version, found)
            if len(page) < PAGE:
                break
            after = page[-1].id
        return _answer(asked, found)

    async def _note(self, asked: FindSchemaUses, version: Version, found: _Found) -> None:
        """Not where the GPT was removed, or has 50 newer versions: then this one is being deleted,
        and nothing makes it a draft again.
        """
        gpt = found.gpts.get(version.gpt_id)
        try:
            gpt = gpt or await self.gpts.read(asked.workspace_id, version.gpt_id)
        except NotFound:
            return
        if gpt.keeps(version.number, self.kept_versions):
            found.gpts[gpt.id] = gpt
            found.versions.setdefault(gpt.id, []).append(version.number)


def _answer(asked: FindSchemaUses, found: _Found) -> SchemaUses:
    member = Principal(
        asked.workspace_id, asked.member_id, asked.role, Via.ON_BEHALF_OF, frozenset(), None, ""
    )
    seen = [
        _use(asked, gpt, found.versions.get(gpt.id, []))
        for gpt in found.gpts.values()
        if isinstance(may(member, Verb.VIEW_SETTINGS, gpt.access), Permitted)
    ]
    return SchemaUses(
        gpts=tuple(seen[:MAX_GPTS]), others=found.is_full or len(seen) < len(found.gpts)
    )


def _use(asked: FindSchemaUses, gpt: Gpt, kept: list[int]) -> SchemaUse:
    published = gpt.published
    in_use = published and asked.schema_id in (a.schema_id for a in published.definition.actions)
    numbers = {*kept, *([published.number] if published and in_use else [])}
    return SchemaUse(
        gpt_id=gpt.id,
        name=gpt.draft.name,
        draft=asked.schema_id in (action.schema_id for action in gpt.draft.actions),
        versions=tuple(sorted(numbers, reverse=True)),
    )
