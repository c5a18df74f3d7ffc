from dataclasses import dataclass

from catalog_service.domain.access import ensure_may
from catalog_service.domain.gpt import Gpt, Publication
from catalog_service.domain.publication import PublicationWarning, check_publishable
from catalog_service.ports import Clock, GptStore, VersionStore
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.forget_versions import forget_what_a_removal_missed
from catalog_service.usecases.open_gpt import OpenGpt, expect
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.remove_action import removed_actions
from contracts.access import Sharing, Verb
from contracts.fact import Fact
from contracts.facts import GptAccessChanged, GptPublished
from contracts.ids import GptId
from contracts.principal import Principal
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class Published:
    gpt: Gpt
    warnings: tuple[PublicationWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishGpt:
    """Make the draft the version that calls use.

    The version in use is part of its GPT's document, so that one write commits version, pointer and
    facts. What it takes the place of is kept first; doing that twice is harmless. Versions beyond
    the last `kept_versions` are deleted, and actions that only they had are removed. Publishing
    what is published succeeds, whatever revision was expected, once that is in force. Another
    sharing than the GPT has needs the right to change access.
    """

    gpts: GptStore
    versions: VersionStore
    pin_tools: PinTools
    check: CheckPublication
    now: Clock
    kept_versions: int

    @repeats_on_contention
    async def __call__(
        self,
        principal: Principal,
        gpt_id: GptId,
        sharing: Sharing | None,
        at_revision: int | None,
    ) -> Published:
        """`sharing` None leaves it as it is."""
        seen = await OpenGpt(self.gpts)(principal, Verb.PUBLISH, gpt_id)
        wanted = sharing or seen.sharing
        if wanted is not seen.sharing:
            ensure_may(principal, Verb.CHANGE_ACCESS, seen)
        publication = Publication(wanted, self.now(), principal.member_id)
        if seen.publishing(publication, self.kept_versions) is seen:
            await self.gpts.ensure_in_force(seen.workspace_id, gpt_id)
            return Published(seen)
        expect(seen, at_revision)
        seen = await self.pin_tools(seen)
        changed = seen.publishing(publication, self.kept_versions)
        check_publishable(seen.draft, wanted)
        warnings = await self.check(seen.workspace_id, seen.draft)
        await self._commit(seen, changed)
        return Published(changed, warnings)

    async def _commit(self, seen: Gpt, changed: Gpt) -> None:
        workspace_id, gpt_id = seen.workspace_id, seen.id
        if seen.published:
            await self.versions.keep(workspace_id, seen.published)
        try:
            await self.gpts.change(seen, changed, *_facts(seen, changed))
        except ChangedMeanwhile:
            await forget_what_a_removal_missed(self.gpts, self.versions, workspace_id, gpt_id)
            raise
        oldest = changed.in_use.number - self.kept_versions + 1
        await self.versions.forget_before(workspace_id, gpt_id, oldest)


def _facts(seen: Gpt, changed: Gpt) -> list[Fact]:
    about = {"workspace_id": seen.workspace_id, "gpt_id": seen.id}
    facts: list[Fact] = [
        GptPublished(
            **about,
            version=changed.in_use.number,
            action_ids=tuple(action.id for action in changed.offered),
        )
    ]
    if changed.access != seen.access:
        facts.append(GptAccessChanged(**about, revision=changed.revision))
    return [*facts, *removed_actions(seen, changed)]
